"""How fast feeds and pages are read, in one process. Run with `make bench-parts`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pytest_benchmark.fixture import BenchmarkFixture

from extractors.articles import extract_article
from extractors.feeds import parse_feed
from extractors.records import Article, Entry, ParsedFeed, Snapshot

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
PAGES = Path(__file__).parents[1] / "snapshots"
TEXT = "Anybody may download the weights of the model and build on them without asking. " * 5


def test_a_page_is_read(benchmark: BenchmarkFixture) -> None:
    url = "https://brenholm-courier.example/tech/larkspur"
    snapshot = Snapshot(
        url=url,
        final_url=url,
        status=200,
        headers=(("content-type", "text/html; charset=utf-8"),),
        body=(PAGES / "article-among-furniture.html").read_bytes(),
        fetched_at=NOW,
        seconds=0.1,
    )
    entry = Entry(
        source="courier",
        address="https://brenholm-courier.example/rss",
        guid=None,
        url=url,
        canonical_url=url,
        title="",
        summary="",
        content="",
        author=None,
        published_at=None,
        updated_at=None,
        language="en",
        entry_hash="0",
    )

    def read() -> Article:
        return extract_article(snapshot, entry, tier="press", now=NOW)

    assert benchmark(read).without_text is None


def test_a_feed_of_100_entries_is_read(benchmark: BenchmarkFixture) -> None:
    told = f"<title>T</title><description>&lt;p&gt;{TEXT}&lt;/p&gt;</description>"
    items = "".join(f"<item>{told}<link>/{number}</link></item>" for number in range(100))
    body = f'<rss version="2.0"><channel><title>Courier</title>{items}</channel></rss>'.encode()

    def read() -> object:
        return parse_feed(body, url="https://c.example/rss", source_id="c", language="en", now=NOW)

    parsed = benchmark(read)
    assert isinstance(parsed, ParsedFeed)
    assert len(parsed.entries) == 100
