"""Tags the stored articles again with today's rules and says what that changes. It alerts nobody.

A new rule is not news: the world has not changed, only our reading of it.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from extractors.errors import StorageError
from extractors.openness.tagger import Tagger, load_tagger
from extractors.records import Tagging
from flows.locking import only_pass
from flows.progress import SILENT, Progress
from flows.settings import Settings
from flows.storing import load_news
from warehouse.database import open_published, open_warehouse, publish
from warehouse.rereading import (
    KnownShift,
    StoredArticle,
    count_articles,
    known_shifts,
    renamed_shifts,
    stored_articles,
)
from warehouse.staging import StagedRun, stage_run

A_RUN = 50_000
"""Articles that are loaded as one run. Each load joins all stories anew that the run's articles tell of, which of
articles in no order are nearly all: small runs would do so again and again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclassified:
    """What today's rules read otherwise than the rules before."""

    articles: int
    ruleset: str
    gained: tuple[KnownShift, ...]
    lost: tuple[KnownShift, ...]
    changed: tuple[tuple[KnownShift, KnownShift], ...]
    """Before and after, where kind, direction, stage or licence differ."""
    seconds: float


def reclassify(settings: Settings, *, now: datetime, progress: Progress = SILENT) -> Reclassified:
    """Tag all stored articles again and load what comes out, as one more run of kind `reread`.

    Raises PassRunningError while a pass is under way, StorageError when nothing is stored yet or the
    warehouse cannot be written; what was tagged then stays staged and is loaded by the next pass.
    """
    if not settings.warehouse.exists():
        raise StorageError(f"{settings.warehouse}: there is no warehouse yet; `ajar run` makes one")
    begun = time.monotonic()
    tagger = load_tagger()
    with only_pass(settings.pass_lock):
        # What waits is loaded first: the copy read below must hold all there is.
        load_news(settings, now=now, with_alerts=False)
        publish(settings.warehouse, settings.published)
        with open_published(settings.published) as copy:
            before = known_shifts(copy)
            articles = count_articles(copy)
            progress.stage("tagging again", articles)
            again = _tagged(stored_articles(copy), tagger, progress)
            for number, taggings in enumerate(iter(lambda: dict(islice(again, A_RUN)), {})):
                # Folders are loaded in the order of their start, and no two may begin at the same moment.
                moment = now + timedelta(microseconds=number)
                run = StagedRun(
                    run_id=uuid.uuid4().hex[:12],
                    kind="reread",
                    started_at=moment,
                    finished_at=moment,
                    ruleset=tagger.ruleset,
                    mentions=[
                        (key, mention) for key, tagging in taggings.items() for mention in tagging.shifts
                    ],
                    nulls=[(key, null) for key, tagging in taggings.items() for null in tagging.nulls],
                    retagged=list(taggings),
                )
                stage_run(settings.staged, run)
        progress.stage("loading")
        load_news(settings, now=now, with_alerts=False)
        with open_warehouse(settings.warehouse, now=now) as warehouse:
            after, renamed = known_shifts(warehouse.connection), renamed_shifts(warehouse.connection)
        publish(settings.warehouse, settings.published)
    return _compared(before, after, renamed, articles, tagger.ruleset, time.monotonic() - begun)


def _tagged(
    batches: Iterable[list[StoredArticle]], tagger: Tagger, progress: Progress
) -> Iterator[tuple[str, Tagging]]:
    """What the tagger finds in each article today, with the article's id."""
    for batch in batches:
        for article in batch:
            yield (
                article.article_id,
                tagger.tag(
                    title=article.title,
                    text=article.text,
                    published=article.read_on,
                    language=article.language,
                    actor=article.actor,
                ),
            )
        progress.advance(len(batch))


def _compared(
    before: Mapping[str, KnownShift],
    after: Mapping[str, KnownShift],
    renamed: Mapping[str, str],
    articles: int,
    ruleset: str,
    seconds: float,
) -> Reclassified:
    was = {renamed.get(shift_id, shift_id): shift for shift_id, shift in before.items()}
    pairs = [(was[shift_id], shift) for shift_id, shift in after.items() if shift_id in was]
    return Reclassified(
        articles=articles,
        ruleset=ruleset,
        gained=tuple(shift for shift_id, shift in after.items() if shift_id not in was),
        lost=tuple(shift for shift_id, shift in was.items() if shift_id not in after),
        changed=tuple((old, new) for old, new in pairs if _reading(old) != _reading(new)),
        seconds=seconds,
    )


def _reading(shift: KnownShift) -> tuple[object, ...]:
    return shift.kind, shift.direction, shift.stage, shift.licence_to, shift.artefact
