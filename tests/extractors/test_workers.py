"""Worker processes: a document that crashes, hangs or eats memory is lost alone, with its reason."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors import tagging, workers
from extractors.records import Article, Entry, NotAFeed, ParsedFeed, Snapshot
from extractors.tagging import tag_article
from extractors.workers import FeedToRead, PageToRead, ReadingPool, ReadPage

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
WORDS = (
    "The lab put the weights of its model on the web for anybody to download, under the Apache licence. " * 4
)


def snapshot(url: str, body: bytes, content_type: str = "text/html; charset=utf-8") -> Snapshot:
    return Snapshot(
        url=url,
        final_url=url,
        status=200,
        headers=(("content-type", content_type),),
        body=body,
        fetched_at=NOW,
        seconds=0.1,
    )


def page(number: int, markup: str | None = None) -> PageToRead:
    url = f"https://courier.example/{number}"
    entry = Entry(
        source="courier",
        address="https://courier.example/rss",
        guid=None,
        url=url,
        canonical_url=url,
        title=f"Title {number}",
        summary="Summary.",
        content="",
        author=None,
        published_at=NOW,
        updated_at=None,
        language="en",
        entry_hash="0",
    )
    body = markup if markup is not None else f"<html><body><article><p>{WORDS}</p></article></body></html>"
    return PageToRead(snapshot=snapshot(url, body.encode()), entry=entry, tier="press")


def feed(number: int) -> FeedToRead:
    body = f'<rss version="2.0"><channel><item><title>T</title><link>/{number}</link></item></channel></rss>'
    return FeedToRead(
        snapshot=snapshot(f"https://courier.example/rss/{number}", body.encode(), "application/rss+xml"),
        source_id="courier",
        language="en",
        role="feed",
    )


def misbehave(job: PageToRead, now: datetime) -> ReadPage:
    """Stands in for the reading: does what the page's text says."""
    match job.snapshot.body:
        case b"crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case b"hang":
            while True:
                pass
        case b"memory":
            return [bytes(50_000_000) for _ in range(1000)]  # type: ignore[return-value]
        case b"raise":
            raise RuntimeError("the parser stumbled")
        case b"exit":
            os._exit(3)
    return workers._read_page(page(0), now)


def articles_of(pool: ReadingPool, pages: Iterable[PageToRead]) -> Iterator[tuple[PageToRead, Article]]:
    return ((page, read.article) for page, read in pool.read_pages(pages, NOW))


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool]:
    with ReadingPool(processes=2, deadline=30) as started:
        yield started


def test_pages_become_articles_and_feeds_entries(pool: ReadingPool) -> None:
    articles = dict(articles_of(pool, (page(n) for n in range(20))))
    assert len(articles) == 20
    assert all(article.text.startswith("The lab put") for article in articles.values())
    assert all(article.title == job.entry.title for job, article in articles.items())
    parsed = list(pool.parse_feeds((feed(n) for n in range(20)), NOW))
    assert {entry.url for _, each in parsed if isinstance(each, ParsedFeed) for entry in each.entries} == {
        f"https://courier.example/{n}" for n in range(20)
    }


def test_pages_come_with_their_tags(pool: ReadingPool) -> None:
    text = "Today Northlight Labs released the weights of Meridian 2 under the Apache 2.0 licence. "
    job = page(1, f"<html><body><article><p>{text}</p><p>{WORDS}</p></article></body></html>")
    [(_, read)] = pool.read_pages([job], NOW)
    assert read.tagging == tag_article(read.article, actor=None)
    assert [shift.artefact for shift in read.tagging.shifts] == ["Meridian 2"]


def test_a_page_the_tagger_fails_on_keeps_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagging, "load_tagger", lambda: None)
    read = workers._read_page(page(1), NOW)
    assert read.tagging is None
    assert read.article.text.startswith("The lab put")


def test_a_listing_page_is_read_by_its_selector(pool: ReadingPool) -> None:
    body = b'<p class="x"><a href="/1">One story of the day</a></p><a href="/2">Another story of the day</a>'
    job = FeedToRead(
        snapshot=snapshot("https://courier.example/", body),
        source_id="c",
        language="en",
        role="page",
        links=".x",
    )
    [(_, listed)] = pool.parse_feeds([job], NOW)
    assert isinstance(listed, ParsedFeed)
    assert [entry.title for entry in listed.entries] == ["One story of the day"]


def test_an_unreadable_feed_is_a_record(pool: ReadingPool) -> None:
    job = FeedToRead(snapshot=snapshot("https://c.example/", b""), source_id="c", language="en", role="feed")
    assert list(pool.parse_feeds([job], NOW)) == [
        (job, NotAFeed(url="https://c.example/", reason="The body is empty."))
    ]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("crash", "The process that read the document died (exit code -11)."),
        ("exit", "The process that read the document died (exit code 3)."),
        ("hang", "The document was given up after 5 seconds of reading."),
        ("memory", "The document took too much memory to be read."),
        ("raise", "The document could not be read: RuntimeError: the parser stumbled"),
    ],
)
def test_one_bad_document_is_lost_alone_and_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, fault: str, reason: str
) -> None:
    monkeypatch.setattr(workers, "_read_page", misbehave)
    jobs = [page(n, "fine") for n in range(11)]
    jobs.insert(5, page(99, fault))
    with ReadingPool(processes=2, deadline=5) as pool:
        articles = dict(articles_of(pool, jobs))
    assert len(articles) == 12
    lost = articles[jobs[5]]
    assert (lost.without_text, lost.text, lost.extracted_by) == (reason, "Summary.", "feed")
    assert all(article.without_text is None for job, article in articles.items() if job is not jobs[5])


def test_feeds_that_break_their_worker_are_no_feeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_parse_one", crash)
    with ReadingPool(processes=1, deadline=5) as pool:
        [(_, result)] = pool.parse_feeds([feed(1)], NOW)
    assert isinstance(result, NotAFeed)
    assert result.reason == "The process that read the document died (exit code -11)."


def test_workers_that_do_not_start_lose_the_documents_and_hang_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "_prepare_worker", die)
    with ReadingPool(processes=2, deadline=0.5) as pool:
        articles = list(articles_of(pool, (page(n) for n in range(40))))
        feeds = list(pool.parse_feeds([feed(1)], NOW))
    assert len(articles) == 40
    assert all(article.without_text is not None for _, article in articles)
    assert articles[-1][1].without_text == "The processes that read documents do not start."
    assert [type(parsed) for _, parsed in feeds] == [NotAFeed]


def die(largest_memory: int) -> None:
    """Stands in for whatever keeps a worker from starting: a library that is missing, memory that is full."""
    os._exit(1)


def crash(job: FeedToRead, now: datetime) -> ParsedFeed:
    os.kill(os.getpid(), signal.SIGSEGV)
    raise AssertionError("not reached")


def test_documents_are_drawn_only_as_fast_as_they_are_read(pool: ReadingPool) -> None:
    drawn = 0

    def endless() -> Iterator[PageToRead]:
        nonlocal drawn
        while True:
            drawn += 1
            yield page(drawn)

    articles = articles_of(pool, endless())
    next(articles)
    assert drawn <= 2 * 2 * workers.CHUNK


def test_large_documents_travel_in_smaller_chunks() -> None:
    large = [page(n, "x" * 1_500_000) for n in range(6)]
    assert [len(chunk) for chunk in workers._chunks(large, patience=60)] == [3, 3]
    assert [len(chunk) for chunk in workers._chunks([page(n) for n in range(20)], patience=60)] == [8, 8, 4]


def test_documents_that_come_slowly_are_not_waited_for() -> None:
    assert [len(chunk) for chunk in workers._chunks([page(n) for n in range(3)], patience=0)] == [1, 1, 1]


def test_a_pool_that_read_nothing_started_nothing() -> None:
    with ReadingPool(processes=2) as pool:
        assert list(articles_of(pool, [])) == []
        assert pool._pool is None


def test_the_pool_ends_with_its_block_also_in_the_middle_of_work() -> None:
    before = threading.active_count()
    with ReadingPool(processes=2) as pool:
        next(articles_of(pool, (page(n) for n in range(50))))
    assert threading.active_count() <= before


def test_deep_nesting_gives_the_text_all_the_same(pool: ReadingPool) -> None:
    for depth in (300, 3000, 30_000):
        markup = "<html><body>" + "<div>" * depth + f"<p>{WORDS}</p>" + "</div>" * depth + "</body></html>"
        [(_, article)] = articles_of(pool, [page(1, markup)])
        assert article.text.startswith("The lab put"), depth


@pytest.mark.parametrize(
    "markup",
    [
        "<p><i>" * 60_000,
        "line<br>" * 200_000,
        "<div>" * 50_000,
        "<table><tr><td>" * 20_000,
        "<a href='x'>y</a>" * 60_000,
    ],
    ids=["unclosed", "breaks", "deep", "tables", "links"],
)
def test_a_hostile_page_costs_its_deadline_at_most(markup: str) -> None:
    started = time.monotonic()
    with ReadingPool(processes=1, deadline=5) as pool:
        [(_, article)] = articles_of(pool, [page(1, f"<html><body>{markup}")])
        [(_, sane)] = articles_of(pool, [page(2)])
    assert time.monotonic() - started < 30
    assert article.source == "courier"
    assert sane.without_text is None


def test_importing_the_pool_imports_no_parser() -> None:
    code = (
        "import sys, extractors.workers\n"
        "print([name for name in ('trafilatura', 'feedparser', 'lxml') if name in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert shown.stdout.strip() == "[]"


READS_FOR_LONG = """
import signal
import sys
from pathlib import Path

with Path(sys.argv[1]).open("a") as starts:
    starts.write("started ")

if __name__ == "__main__":
    from extractors.workers import ReadingPool
    from tests.extractors.test_workers import NOW, page

    signal.signal(signal.SIGINT, signal.default_int_handler)
    with ReadingPool(2) as pool:
        pages = pool.read_pages((page(number) for number in range(1_000_000)), NOW)
        try:
            for number, _ in enumerate(pages):
                if number == 50:
                    print("reading", flush=True)
        except KeyboardInterrupt:
            print("stopped")
"""


def test_workers_are_silent_on_ctrl_c_and_do_not_import_the_program(tmp_path: Path) -> None:
    program, starts = tmp_path / "program.py", tmp_path / "starts"
    program.write_text(READS_FOR_LONG)
    with subprocess.Popen(
        [sys.executable, str(program), str(starts)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as reader:  # fmt: skip
        assert reader.stdout is not None
        assert reader.stdout.readline() == "reading\n"
        os.killpg(reader.pid, signal.SIGINT)
        try:
            assert reader.communicate(timeout=60) == ("stopped\n", "")
        finally:
            reader.kill()
    assert starts.read_text() == "started "
