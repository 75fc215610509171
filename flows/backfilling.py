"""Fills the warehouse from archives of articles. History is not news: nobody is alerted.

Work on a file is done in batches whose ids are made from its content and the batch's number; of a feed the
articles already stored are left out. So a backfill that was interrupted goes on where it stopped, and one that is
repeated changes nothing.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from extractors.archives import ArchiveReader, BrokenLine, is_feed, local_copy
from extractors.feed_archives import ArchivedFeed
from extractors.fetch import Fetcher
from extractors.openness.tagger import load_tagger
from extractors.records import Article, Tagging
from extractors.workers import PageToRead, ReadingPool
from flows.catalogue import sources_in_force
from flows.collecting import fetch_settings
from flows.locking import only_pass
from flows.progress import SILENT, Progress
from flows.reading import tag_articles
from flows.settings import Settings
from flows.storing import load_news
from warehouse.database import open_warehouse, publish
from warehouse.durable import file_hash
from warehouse.load import LoadReport
from warehouse.rereading import loaded_runs
from warehouse.staging import StagedRun, stage_run
from warehouse.state import read_state
from warehouse.waiting import staged_folders

BATCH = 2000
"""Articles in one staged run: little is done twice after an interruption, and loads stay worth their cost."""


Found = PageToRead | Article | BrokenLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfilled:
    """What the archives brought."""

    read: int
    """Articles and pages found in them."""
    skipped: int
    """Of these, loaded before."""
    broken: tuple[str, ...]
    """Lines that hold no article and pages that could not be read, each with the reason."""
    loaded: LoadReport
    seconds: float


def backfill(
    settings: Settings, archives: Sequence[str | Path], *, now: datetime, progress: Progress = SILENT
) -> Backfilled:
    """Read, tag and load all articles of the archives.

    An archive is a file, on this machine or anywhere fsspec reaches, or the address of a feed, whose older
    pages are asked for as well. Raises ConfigurationError for what is no archive (no file of this machine has
    been read then), PassRunningError while a pass is under way, StorageError when the warehouse cannot be
    written.
    """
    begun = time.monotonic()
    reader = ArchiveReader(sources_in_force(settings), now)
    named = [str(archive) for archive in archives]
    for archive in named:
        if "://" not in archive:
            reader.check(Path(archive))
    read = skipped = 0
    broken: list[str] = []
    with only_pass(settings.pass_lock):
        # What an interrupted backfill staged counts as done once it is loaded.
        load_news(settings, now=now, with_alerts=False)
        done = runs_done(settings, now=now)
        progress.stage("reading archives")
        with ReadingPool(settings.reading_processes) as pool:
            for archive in named:
                if is_feed(archive):
                    staged = _stage_feed(settings, reader, pool, archive, now, progress)
                else:
                    with local_copy(archive, settings.staged.with_name("archives")) as path:
                        staged = _stage_archive(settings, reader, pool, path, done, now, progress)
                read, skipped = read + staged.read, skipped + staged.skipped
                broken += staged.broken
        progress.stage("loading")
        loaded = load_news(settings, now=now, with_alerts=False)
        publish(settings.warehouse, settings.published)
    return Backfilled(
        read=read,
        skipped=skipped,
        broken=tuple(broken),
        loaded=loaded,
        seconds=time.monotonic() - begun,
    )


def runs_done(settings: Settings, *, now: datetime) -> set[str]:
    """Ids of the runs that are loaded; a backfill leaves out those of its batches that are among them."""
    with open_warehouse(settings.warehouse, now=now, wait=settings.warehouse_wait_seconds) as warehouse:
        return loaded_runs(warehouse.connection)


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedArchive:
    """What one archive brought."""

    read: int
    """Articles and pages found in it."""
    skipped: int
    """Of these, in batches that were loaded or staged before."""
    broken: tuple[str, ...]
    """Lines that hold no article, each with the reason."""


def stage_archive(
    settings: Settings,
    archive: Path,
    *,
    now: datetime,
    done: Collection[str],
    progress: Progress = SILENT,
) -> StagedArchive:
    """Read and tag one archive and stage its batches, in one process and without the warehouse.

    Called on many machines at once, each with an archive of its own. `done` are ids of runs as `runs_done`
    gives them. What an earlier call has staged with the same `now` is left as it is.
    Raises ConfigurationError for a file that is no archive, StorageError when nothing can be staged.
    """
    reader = ArchiveReader(sources_in_force(settings), now)
    staged = {folder.name.partition("-")[2] for folder in staged_folders(settings.staged)}
    with ReadingPool(1) as pool:
        return _stage_archive(settings, reader, pool, archive, staged.union(done), now, progress)


def _stage_archive(
    settings: Settings,
    reader: ArchiveReader,
    pool: ReadingPool,
    archive: Path,
    done: Collection[str],
    now: datetime,
    progress: Progress,
) -> StagedArchive:
    read, skipped, broken = 0, 0, []
    name = archive_id(archive)
    for number, batch in enumerate(_batches(reader.read(archive))):
        read += len(batch)
        run_id = f"backfill-{name}-{number:06}"
        if run_id in done:
            skipped += len(batch)
        else:
            _stage_batch(settings, reader, pool, batch, run_id, now + timedelta(microseconds=number))
            lines = [each for each in batch if isinstance(each, BrokenLine)]
            broken += [f"{archive.name}, line {line.number}: {line.reason}" for line in lines]
        progress.advance(len(batch))
    return StagedArchive(read=read, skipped=skipped, broken=tuple(broken))


def _stage_feed(
    settings: Settings,
    reader: ArchiveReader,
    pool: ReadingPool,
    address: str,
    now: datetime,
    progress: Progress,
) -> StagedArchive:
    """Stage the articles of a feed and of its older pages that are not stored yet, page by page."""
    feed = ArchivedFeed(Fetcher(fetch_settings(settings)), address, reader.source_of(address), now)
    read = skipped = 0
    for number, entries in enumerate(feed.pages()):
        known = read_state(
            settings.warehouse, now=now, of=list(entries), wait=settings.warehouse_wait_seconds
        ).articles
        wanted = [entry for key, entry in entries.items() if key not in known]
        read, skipped = read + len(entries), skipped + len(entries) - len(wanted)
        if wanted:
            moment = now + timedelta(microseconds=number)
            run_id = f"backfill-{uuid.uuid4().hex[:12]}"
            _stage_batch(settings, reader, pool, feed.articles(wanted), run_id, moment)
        progress.advance(len(entries))
    return StagedArchive(read=read, skipped=skipped, broken=tuple(feed.faults))


def archive_id(archive: Path) -> str:
    """The same for the same content, wherever the file lies and whatever it is called; another when it grew."""
    return file_hash(archive)[:12]


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
    pages = [each for each in batch if isinstance(each, PageToRead)]
    read: list[tuple[Article, Tagging | None]] = [(each, None) for each in batch if isinstance(each, Article)]
    # A page without an article in it, a consent wall or a front page, is not asked for again: it is left out.
    read += [
        (each.article, each.tagging)
        for _, each in pool.read_pages(pages, moment)
        if not each.article.without_text
    ]
    tagged = tag_articles(read, reader.sources)
    run = StagedRun(
        run_id=run_id,
        kind="reread",
        started_at=moment,
        finished_at=moment,
        ruleset=load_tagger().ruleset,
        sources=[reader.sources[key] for key in {article.source for article in tagged.articles}],
        articles=tagged.articles,
        mentions=tagged.mentions,
        nulls=tagged.nulls,
    )
    stage_run(settings.staged, run)
