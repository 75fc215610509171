"""Fills the warehouse from archives of articles. History is not news: nobody is alerted.

Work is done in batches whose ids are made from the archive and the batch's number, so a backfill that was
interrupted goes on where it stopped, and one that is repeated changes nothing.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from extractors.archives import ArchiveReader, BrokenLine
from extractors.openness.tagger import load_tagger
from extractors.records import Article
from extractors.workers import PageToRead, ReadingPool
from flows.catalogue import sources_in_force
from flows.collecting import tag_articles
from flows.locking import only_pass
from flows.passes import load_news
from flows.progress import SILENT, Progress
from flows.settings import Settings
from warehouse.database import open_warehouse, publish
from warehouse.load import LoadReport
from warehouse.rereading import loaded_runs
from warehouse.staging import StagedRun, stage_run

BATCH = 500
"""Articles in one staged run: little is done twice after an interruption, and loads stay worth their cost."""


Found = PageToRead | Article | BrokenLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfilled:
    """What the archives brought."""

    read: int
    """Articles and pages found in them."""
    skipped: int
    """Of these, in batches that an earlier backfill had loaded."""
    broken: tuple[str, ...]
    """Lines that hold no article, each with the reason."""
    loaded: LoadReport
    seconds: float


def backfill(
    settings: Settings, archives: Sequence[Path], *, now: datetime, progress: Progress = SILENT
) -> Backfilled:
    """Read, tag and load all articles of the archives.

    Raises ConfigurationError for a file that is no archive (nothing is read then), PassRunningError while a
    pass is under way, StorageError when the warehouse cannot be written.
    """
    begun = time.monotonic()
    reader = ArchiveReader(sources_in_force(settings), now)
    for archive in archives:
        reader.check(archive)
    count = _Count()
    with only_pass(settings.pass_lock), ReadingPool(settings.reading_processes) as pool:
        # What an interrupted backfill staged counts as done once it is loaded.
        load_news(settings, now=now, with_alerts=False)
        with open_warehouse(settings.warehouse, now=now, wait=settings.warehouse_wait_seconds) as warehouse:
            done = loaded_runs(warehouse.connection)
        progress.stage("reading archives")
        for archive in archives:
            name = _archive_id(archive)
            for number, batch in enumerate(_batches(reader.read(archive))):
                count.read += len(batch)
                run_id = f"backfill-{name}-{number:06}"
                if run_id in done:
                    count.skipped += len(batch)
                else:
                    _stage_batch(settings, reader, pool, batch, run_id, now + timedelta(microseconds=number))
                    count.note(archive, batch)
                progress.advance(len(batch))
        progress.stage("loading")
        loaded = load_news(settings, now=now, with_alerts=False)
        publish(settings.warehouse, settings.published)
    return Backfilled(
        read=count.read,
        skipped=count.skipped,
        broken=tuple(count.broken),
        loaded=loaded,
        seconds=time.monotonic() - begun,
    )


@dataclass(slots=True)
class _Count:
    read: int = 0
    skipped: int = 0
    broken: list[str] = field(default_factory=list)

    def note(self, archive: Path, batch: Iterable[object]) -> None:
        lines = [each for each in batch if isinstance(each, BrokenLine)]
        self.broken += [f"{archive.name}, line {line.number}: {line.reason}" for line in lines]


def _archive_id(archive: Path) -> str:
    """The same for the same file wherever it lies; another when it grew."""
    named = f"{archive.name} {archive.stat().st_size}"
    return hashlib.sha256(named.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _batches(
    found: Iterator[PageToRead | Article | BrokenLine],
) -> Iterator[list[PageToRead | Article | BrokenLine]]:
    while batch := list(islice(found, BATCH)):
        yield batch


def _stage_batch(
    settings: Settings,
    reader: ArchiveReader,
    pool: ReadingPool,
    batch: Iterable[Found],
    run_id: str,
    moment: datetime,
) -> None:
    tagger = load_tagger()
    pages = [each for each in batch if isinstance(each, PageToRead)]
    articles = [each for each in batch if isinstance(each, Article)]
    # A page without an article in it, a consent wall or a front page, is not asked for again: it is left out.
    articles += [article for _, article in pool.extract_articles(pages, moment) if not article.without_text]
    tagged = tag_articles(tagger, articles, reader.sources, SILENT)
    run = StagedRun(
        run_id=run_id,
        kind="reread",
        started_at=moment,
        finished_at=moment,
        ruleset=tagger.ruleset,
        sources=[reader.sources[key] for key in {article.source for article in articles}],
        articles=articles,
        mentions=tagged.mentions,
        nulls=tagged.nulls,
    )
    stage_run(settings.staged, run)
