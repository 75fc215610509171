"""Reading in processes of its own, so that no document can stop or slow the others.

Threads give nothing here, and neither a signal nor a thread's time-out ends a loop in C code. A
worker that crashes, hangs or takes too much memory is killed and replaced; the document it had is
lost with its reason, the others of its chunk are read again one by one.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures import TimeoutError as DeadlineExceeded
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from multiprocessing import forkserver
from types import TracebackType
from typing import Any, Self, TypeVar

from extractors.records import Article, Entry, NotAFeed, ParsedFeed, Snapshot, Tagging, Tier

DEADLINE = 20.0
"""Seconds for one chunk. A page takes 5 to 20 ms, the worst hostile one some 5 s."""

LARGEST_MEMORY = 400_000_000
"""Bytes of data a worker may hold. It starts with STARTS_WITH million; no page or feed measured took 60 more."""

SILENCE = 3
"""Deadlines in which some chunk must be done: two wait for each worker. Else the workers do not even start, which
pebble would try again for ever."""

CHUNK = 8
"""Documents sent to a worker at once: fewer spend the time on sending, more lose more in a crash."""

PATIENCE = 0.2
"""Seconds a chunk is filled for; then workers would rather have a small one."""

_TASKS_OF_A_WORKER = 500
"""Chunks after which a worker is replaced, in case a C library leaks."""

MOST_BYTES_IN_CHUNK = 4_000_000
"""Bytes of bodies in a chunk, so that a few large documents do not fill the memory on their way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedToRead:
    """An answer of a polled address."""

    snapshot: Snapshot
    source_id: str
    language: str
    role: str
    """`feed` or `page`."""
    links: str | None = None
    """CSS selector of a listing page's links; None: every link that looks like an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageToRead:
    """An answer of an article's address, with the entry that led there."""

    snapshot: Snapshot
    entry: Entry
    tier: Tier
    actor: str | None = None
    """Organisation that speaks there; None: the source is nobody's own."""
    attempts: int = 1


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What a page became."""

    article: Article
    """With the feed's text where the page was lost."""
    tagging: Tagging | None
    """None: it was not tagged, because the page was lost or the tagger failed on it."""


@dataclass(frozen=True, slots=True)
class _Lost:
    reason: str


Job = TypeVar("Job", FeedToRead, PageToRead)
Outcome = TypeVar("Outcome")


def prepare_workers() -> None:
    """Begin to load what the workers need, because documents are to be expected. Returns at once."""
    if _context().get_start_method() == "forkserver":
        forkserver.ensure_running()


class ReadingPool:
    """Worker processes for parsing feeds and extracting articles; a context manager.

    They start with the first document, so a pass with nothing new costs nothing.
    """

    def __init__(
        self, processes: int = 2, deadline: float = DEADLINE, largest_memory: int = LARGEST_MEMORY
    ) -> None:
        self._processes = processes
        self._deadline = deadline
        self._largest_memory = largest_memory
        self._pool: Any = None
        self._dead = False

    def parse_feeds(
        self, feeds: Iterable[FeedToRead], now: datetime
    ) -> Iterator[tuple[FeedToRead, ParsedFeed | NotAFeed]]:
        """What each document lists, in the order they are done. Never raises for a document."""
        for feed, outcome in self._read(_parse_one, feeds, now):
            if isinstance(outcome, _Lost):
                yield feed, NotAFeed(url=feed.snapshot.final_url, reason=outcome.reason)
            else:
                yield feed, outcome

    def read_pages(self, pages: Iterable[PageToRead], now: datetime) -> Iterator[tuple[PageToRead, ReadPage]]:
        """The article of each page with its tags, in the order they are done. Never raises for a page."""
        for page, outcome in self._read(_read_page, pages, now):
            if isinstance(outcome, _Lost):
                yield page, ReadPage(_from_entry(page, outcome.reason, now), None)
            else:
                yield page, outcome

    def _read(
        self, function: Callable[[Job, datetime], Outcome], jobs: Iterable[Job], now: datetime
    ) -> Iterator[tuple[Job, Outcome | _Lost]]:
        """Keeps every worker busy and draws `jobs` only as fast as they are read."""
        chunks = _chunks(jobs)
        under_way: dict[Any, list[Job]] = {}
        while not self._dead:
            # Two chunks a worker: one that is read and one that waits, so that none is ever idle.
            for chunk in islice(chunks, max(0, 2 * self._processes - len(under_way))):
                under_way[self._submit(function, chunk, now)] = chunk
            if not under_way:
                return
            done = wait(under_way, timeout=SILENCE * self._deadline, return_when=FIRST_COMPLETED).done
            self._dead = not done
            for future in done:
                chunk = under_way.pop(future)
                outcomes = _outcomes(future, len(chunk), self._deadline)
                if isinstance(outcomes, _Lost) and len(chunk) > 1:
                    # One of them broke the worker: each is read alone, so that only that one is lost.
                    under_way |= {self._submit(function, [job], now): [job] for job in chunk}
                elif isinstance(outcomes, _Lost):
                    yield chunk[0], outcomes
                else:
                    yield from zip(chunk, outcomes, strict=True)
        self.close()
        for chunk in chain(under_way.values(), chunks):
            for job in chunk:
                yield job, _Lost("The processes that read documents do not start.")

    def _submit(self, function: Callable[[Job, datetime], Outcome], chunk: list[Job], now: datetime) -> Any:
        if self._pool is None:
            from pebble import ProcessPool

            self._pool = ProcessPool(
                max_workers=self._processes,
                max_tasks=_TASKS_OF_A_WORKER,
                initializer=_prepare_worker,
                initargs=(self._largest_memory,),
                context=_context(),
            )
        try:
            return self._pool.schedule(_read_chunk, args=(function, chunk, now), timeout=self._deadline)
        except RuntimeError as fault:  # pebble's answer when a worker ended before it began
            self._dead = True
            refused: Future[Any] = Future()
            refused.set_exception(fault)
            return refused

    def close(self) -> None:
        """Ends the workers, in the middle of a document if need be."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _context() -> Any:
    """How workers are started. Never by forking this process: it has threads, and a lock one of them holds
    at that moment stays locked in the child for ever. The fork server has none, and imports the libraries
    once for all workers."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["extractors.worker_start", "extractors.preloaded"])
        return context
    return multiprocessing.get_context("spawn")


def _prepare_worker(largest_memory: int) -> None:
    """Runs in the worker: beyond the limit the system refuses memory, which Python turns into MemoryError."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (largest_memory, largest_memory))


def _chunks(jobs: Iterable[Job], patience: float = PATIENCE) -> Iterator[list[Job]]:
    """Documents in the portions that are sent; small ones when documents come slowly, off the network."""
    chunk: list[Job] = []
    size, begun = 0, time.monotonic()
    for job in jobs:
        chunk.append(job)
        size += len(job.snapshot.body)
        full = len(chunk) == CHUNK or size >= MOST_BYTES_IN_CHUNK
        if full or time.monotonic() - begun > patience:
            yield chunk
            chunk, size, begun = [], 0, time.monotonic()
    if chunk:
        yield chunk


def _read_chunk(
    function: Callable[[Job, datetime], Outcome], chunk: list[Job], now: datetime
) -> list[Outcome | _Lost]:
    """Runs in the worker. An error that Python can catch loses its own document only."""
    outcomes: list[Outcome | _Lost] = []
    for job in chunk:
        try:
            outcomes.append(function(job, now))
        except MemoryError:
            outcomes.append(_Lost("The document took too much memory to be read."))
        except Exception as fault:  # noqa: BLE001 - whatever a parser raises is a fault of this document
            outcomes.append(
                _Lost(f"The document could not be read: {type(fault).__name__}: {str(fault)[:200]}")
            )
    return outcomes


def _outcomes(future: Any, count: int, deadline: float) -> list[Any] | _Lost:
    """What a chunk brought, or why all of it is lost."""
    from pebble import ProcessExpired

    try:
        outcomes: list[Any] = future.result()
    except DeadlineExceeded:
        return _Lost(f"The document was given up after {deadline:g} seconds of reading.")
    except ProcessExpired as fault:
        return _Lost(f"The process that read the document died (exit code {fault.exitcode}).")
    except CancelledError:
        return _Lost("The reading was cancelled.")
    except Exception as fault:  # noqa: BLE001 - e.g. a document that cannot be sent to or from a worker
        return _Lost(f"The document could not be read: {type(fault).__name__}: {str(fault)[:200]}")
    return outcomes


def _parse_one(feed: FeedToRead, now: datetime) -> ParsedFeed | NotAFeed:
    # The parsers are imported in the worker only: they cost half a second that a pass with nothing new saves.
    snapshot = feed.snapshot
    if feed.role == "page":
        from extractors.pages import parse_listing

        return parse_listing(
            snapshot.body,
            url=snapshot.final_url,
            headers=snapshot.headers,
            links=feed.links,
            source_id=feed.source_id,
            language=feed.language,
            now=now,
        )
    from extractors.feeds import parse_feed

    return parse_feed(
        snapshot.body,
        url=snapshot.final_url,
        headers=snapshot.headers,
        source_id=feed.source_id,
        language=feed.language,
        now=now,
    )


def _read_page(page: PageToRead, now: datetime) -> ReadPage:
    from extractors.articles import extract_article
    from extractors.tagging import tag_article

    article = extract_article(page.snapshot, page.entry, tier=page.tier, now=now, attempts=page.attempts)
    try:
        return ReadPage(article, tag_article(article, actor=page.actor))
    except Exception:  # noqa: BLE001 - the text is kept, and who asked finds out what the tagger stumbles over
        return ReadPage(article, None)


def _from_entry(page: PageToRead, reason: str, now: datetime) -> Article:
    from extractors.articles import article_from_entry

    return article_from_entry(
        page.entry, tier=page.tier, now=now, reason=reason, attempts=page.attempts, retry_at=None
    )
