"""The first half of a pass: what is due is fetched, parsed, extracted and tagged; its rows are staged.

Nothing is decided here. Which address is asked, what is remembered of an answer and which pages are wanted
is said by `extractors.schedule` and `extractors.reading_plan`; this module carries their words around.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib import import_module
from itertools import chain

from extractors.addresses import redact
from extractors.fetch import Fetcher, FetchSettings
from extractors.poll_memory import PollMemory
from extractors.reading_plan import ArticlePlan, ids_of, plan_articles
from extractors.records import (
    AddressState,
    Article,
    Entry,
    FetchFailure,
    FetchRow,
    Mention,
    NotAFeed,
    NullEvent,
    Outcome,
    ParsedFeed,
    Request,
    Snapshot,
    Source,
)
from extractors.schedule import (
    Poll,
    after_answer,
    follow_up,
    forgive_outage,
    line_is_down,
    needs_parsing,
    plan_polls,
    went_down,
)
from extractors.shards import Shard
from extractors.snapshots import SnapshotWriter
from extractors.workers import FeedToRead, ReadingPool, prepare_workers
from flows.progress import Progress
from flows.settings import Settings
from warehouse.pending import with_pending
from warehouse.state import PassState, read_state
from warehouse.waiting import staged_folders

_FOR_LATER = ("extractors.openness.rulebook", "warehouse.staging", "flows.storing")
"""What is needed when the answers are there; imported while the network is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFailure:
    """An address that could not be read in this pass."""

    source: str
    url: str
    reason: str
    failing_days: int
    """Full days since the first of its failures in a row; 0: it began today."""


@dataclass(slots=True)
class TaggedArticles:
    """Articles, and what the tagger found in them, with the ids of the articles."""

    articles: list[Article] = field(default_factory=list)
    mentions: list[tuple[str, Mention]] = field(default_factory=list)
    nulls: list[tuple[str, NullEvent]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    """The articles that the tagger failed on, with the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What a pass read and staged."""

    sources_due: int = 0
    sources_read: int = 0
    sources_unchanged: int = 0
    sources_failed: int = 0
    sources_skipped: int = 0
    sources_waiting: int = 0
    """Sources that are not due yet."""
    line_is_down: bool = False
    """True when no host at all could be reached, so that no source is blamed."""
    entries: int = 0
    articles_without_text: int = 0
    failures: tuple[SourceFailure, ...] = ()
    remarks: tuple[str, ...] = ()
    """What was odd about answers that could be read all the same."""
    untagged: tuple[str, ...] = ()
    """Articles the tagger failed on, with the reason; they are stored without mentions."""


def collect_news(
    settings: Settings,
    sources: Sequence[Source],
    *,
    now: datetime,
    force: bool,
    connect_to: Mapping[str, tuple[str, int]],
    progress: Progress,
    state: PassState | None = None,
    shard: Shard | None = None,
) -> Collected:
    """Fetch what is due, read it, tag it, and stage the rows for the warehouse.

    `state` is what earlier passes left; None: what the warehouse and the staged runs say. `shard` is the part
    of the sources that is asked here; None: all of them.
    """
    by_id = {source.id: source for source in sources}
    asked = sources if shard is None else shard.sources(sources)
    fetcher = Fetcher(fetch_settings(settings, connect_to))
    with (
        ReadingPool(settings.reading_processes) as pool,
        SnapshotWriter(settings.snapshots, now) as snapshots,
    ):
        known = _known(settings, now) if state is None else state
        polls = plan_polls(asked, known.addresses, now, force=force)
        if any(poll.state is None for poll in polls):
            prepare_workers()
        progress.stage("asking sources", len(polls))
        answered = _ask_sources(fetcher, pool, snapshots, polls, now, progress)
        if state is None and answered.entries:
            known = _known(settings, now, answered.entries)
        plan = plan_articles(
            answered.entries, known.articles, now, sources=by_id, pages_per_source=settings.pages_per_source
        )
        plan = plan if shard is None else shard.share(plan)
        progress.stage("reading articles", len(plan.articles))
        read = _read_articles(fetcher, pool, snapshots, plan, by_id, now, progress)
    progress.stage("staging")
    if polls or read.articles:
        from extractors.openness.rulebook import bundled_ruleset
        from warehouse.staging import StagedRun, stage_run

        run = StagedRun(
            run_id=uuid.uuid4().hex[:12],
            started_at=now,
            finished_at=now,
            ruleset=bundled_ruleset(),
            sources=asked,
            fetches=answered.fetches,
            addresses=answered.addresses,
            articles=read.articles,
            mentions=read.mentions,
            nulls=read.nulls,
        )
        stage_run(settings.staged, run)
    return replace(
        _summed_up(answered, asked, polls, now),
        articles_without_text=sum(article.without_text is not None for article in read.articles),
        untagged=tuple(read.failures),
    )


def _known(settings: Settings, now: datetime, entries: Sequence[Entry] = ()) -> PassState:
    """What the warehouse and the staged runs say of all addresses, and of the articles that concern a pass: those
    that these entries may be, and those due for another try."""
    staged = staged_folders(settings.staged)
    waiting = with_pending(PassState(), staged).articles
    loaded = read_state(
        settings.warehouse,
        now=now,
        published=settings.published,
        of={*waiting, *chain.from_iterable(map(ids_of, entries))},
        guids={(entry.source, entry.guid) for entry in entries if entry.guid is not None},
        wait=settings.warehouse_wait_seconds,
    )
    return with_pending(loaded, staged)


def _read_articles(
    fetcher: Fetcher,
    pool: ReadingPool,
    snapshots: SnapshotWriter,
    plan: ArticlePlan,
    sources: Mapping[str, Source],
    now: datetime,
    progress: Progress,
) -> TaggedArticles:
    """The articles of a plan with what was tagged in them."""
    if not plan.articles:
        return TaggedArticles()
    # Imported when there is something to read: parsers and rules take longer than a pass with nothing new.
    from flows.reading import read_articles, tag_articles

    articles = read_articles(fetcher, pool, snapshots, plan, sources, now, progress)
    return tag_articles(articles, sources)


def fetch_settings(
    settings: Settings, connect_to: Mapping[str, tuple[str, int]] | None = None
) -> FetchSettings:
    """How to fetch, as the settings say; `connect_to` says where invented hosts are served."""
    return FetchSettings(
        contact=settings.contact,
        allow_private=settings.allow_private,
        connect_to=connect_to or {},
        host_gap_seconds=settings.host_gap_seconds,
        robots_file=settings.warehouse.parent / "robots.json",
    )


# -- sources ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Answered:
    """What the sources said."""

    entries: list[Entry] = field(default_factory=list)
    fetches: list[FetchRow] = field(default_factory=list)
    addresses: list[AddressState] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    line_is_down: bool = False


def _ask_sources(
    fetcher: Fetcher,
    pool: ReadingPool,
    snapshots: SnapshotWriter,
    polls: Sequence[Poll],
    now: datetime,
    progress: Progress,
) -> _Answered:
    """Ask every address that is due; documents are parsed while others are still under way."""
    by_url = {poll.request.url: poll for poll in polls}
    answers: dict[str, Snapshot | FetchFailure] = {}
    documents: dict[str, ParsedFeed | NotAFeed] = {}

    def to_parse() -> Iterator[FeedToRead]:
        for answer in fetcher.fetch_many(_requests(by_url), now):
            progress.advance()
            answers[answer.url] = answer
            poll = by_url[answer.url]
            if isinstance(answer, Snapshot) and needs_parsing(poll, answer):
                snapshots.write(answer)
                if poll.address.role == "licence":
                    from extractors.watched_files import read_watched_file

                    documents[answer.url] = read_watched_file(
                        answer, previous=poll.memory.hints.get("watched"), source=poll.source
                    )
                else:
                    yield _to_parse(poll, answer)

    for feed, document in pool.parse_feeds(to_parse(), now):
        documents[feed.snapshot.url] = document
    documents |= _follow_indexes(fetcher, pool, by_url, documents, now)
    answered = _Answered()
    outcomes = []
    for url, poll in by_url.items():
        state, row = after_answer(poll, answers[url], documents.get(url), now)
        outcomes.append((poll, answers[url], state))
        answered.fetches.append(row)
        parsed = documents.get(url)
        if down := went_down(poll.state, state, now):
            answered.remarks.append(f"{poll.source.id} — {down}")
        if row.outcome == "read" and isinstance(parsed, ParsedFeed):
            answered.entries.extend(parsed.entries)
    answered.addresses = forgive_outage(outcomes, now)
    answered.line_is_down = line_is_down([(poll, answer) for poll, answer, _ in outcomes])
    return answered


def _requests(polls: Mapping[str, Poll]) -> Iterator[Request]:
    """All of them; when the last one is under way, what comes later is imported."""
    for poll in polls.values():
        yield poll.request
    threading.Thread(target=_import_for_later, name="ajar-import").start()


def _import_for_later() -> None:
    for name in _FOR_LATER:
        import_module(name)


def _to_parse(poll: Poll, answer: Snapshot) -> FeedToRead:
    return FeedToRead(
        snapshot=answer,
        source_id=poll.source.id,
        language=poll.source.language,
        role=poll.address.role,
        links=poll.address.links,
    )


def _follow_indexes(
    fetcher: Fetcher,
    pool: ReadingPool,
    by_url: Mapping[str, Poll],
    documents: Mapping[str, ParsedFeed | NotAFeed],
    now: datetime,
) -> dict[str, ParsedFeed]:
    """An index of sitemaps lists no article itself: its newest part is read in its place."""
    parts = {part.url: (url, part) for url in documents if (part := follow_up(by_url[url], documents[url]))}
    answers = [
        _to_parse(by_url[parts[answer.url][0]], answer)
        for answer in fetcher.fetch_many([part for _, part in parts.values()], now)
        if isinstance(answer, Snapshot)
    ]
    followed: dict[str, ParsedFeed] = {}
    for feed, listed in pool.parse_feeds(answers, now):
        url = parts[feed.snapshot.url][0]
        index = documents[url]
        if isinstance(index, ParsedFeed) and isinstance(listed, ParsedFeed):
            followed[url] = replace(index, entries=listed.entries)
    return followed


def _summed_up(
    answered: _Answered, sources: Sequence[Source], polls: Sequence[Poll], now: datetime
) -> Collected:
    rows = {row.url: row for row in answered.fetches}
    states = {state.url: state for state in answered.addresses}
    outcomes: dict[str, set[Outcome]] = {}
    failures, remarks = [], list(answered.remarks)
    for poll in polls:
        row = rows[redact(poll.address.url)]
        for source in (poll.source, *poll.also):
            outcomes.setdefault(source.id, set()).add(row.outcome)
        if row.outcome == "failed":
            since = PollMemory.from_json(states[poll.address.url].memory).failing_since or now
            failures.append(
                SourceFailure(
                    source=poll.source.id,
                    url=row.url,
                    reason=row.reason or "no reason given",
                    failing_days=(now - since).days,
                )
            )
        elif row.reason:
            remarks.append(f"{poll.source.id} — {row.reason} ({row.url})")

    def count(outcome: Outcome, *stronger: Outcome) -> int:
        return sum(outcome in had and not had.intersection(stronger) for had in outcomes.values())

    return Collected(
        sources_due=len(outcomes),
        sources_read=count("read"),
        sources_unchanged=count("unchanged", "read"),
        sources_failed=count("failed", "read", "unchanged"),
        sources_skipped=count("skipped", "read", "unchanged", "failed"),
        sources_waiting=len({source.id for source in sources} - outcomes.keys()),
        line_is_down=answered.line_is_down,
        entries=sum(row.entries or 0 for row in answered.fetches),
        failures=tuple(failures),
        remarks=tuple(remarks),
    )
