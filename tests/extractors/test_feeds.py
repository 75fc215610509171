"""Reading feeds: formats, what is no feed, entries and their parts."""

from __future__ import annotations

from datetime import UTC, datetime

from extractors.feeds import parse_feed
from extractors.records import NotAFeed, ParsedFeed

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
URL = "https://halden-post.example/feed.xml"


def read(
    body: str | bytes, *, url: str = URL, content_type: str | None = "application/rss+xml"
) -> ParsedFeed:
    parsed = attempt(body, url=url, content_type=content_type)
    assert isinstance(parsed, ParsedFeed), parsed
    return parsed


def attempt(
    body: str | bytes, *, url: str = URL, content_type: str | None = "application/rss+xml"
) -> ParsedFeed | NotAFeed:
    raw = body.encode() if isinstance(body, str) else body
    headers = {} if content_type is None else {"Content-Type": content_type}
    return parse_feed(raw, url=url, headers=headers, source_id="halden-post", language="en", now=NOW)


def rss(items: str, head: str = "") -> str:
    channel = f"<channel><title>Halden Post</title>{head}{items}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'


def test_an_rss_item_becomes_an_entry_with_its_parts() -> None:
    entry = read(
        rss(
            "<item><title>Halden opens its weights</title><link>/stories/1?utm_source=rss</link>"
            "<guid isPermaLink='false'>story-1</guid><author>ann@halden-post.example (Ann Writer)</author>"
            "<pubDate>Fri, 20 Nov 2026 10:00:00 CET</pubDate>"
            "<description>&lt;p&gt;The lab &lt;b&gt;released&lt;/b&gt; them.&lt;/p&gt;</description></item>"
        )
    ).entries[0]
    assert entry.title == "Halden opens its weights"
    assert entry.url == "https://halden-post.example/stories/1?utm_source=rss"
    assert entry.canonical_url == "https://halden-post.example/stories/1"
    assert entry.guid == "story-1"
    assert entry.author is not None and "Ann Writer" in entry.author
    assert entry.published_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert entry.updated_at is None
    assert entry.summary == "The lab released them."


def test_html_where_a_feed_was_expected_is_named_with_its_title() -> None:
    result = attempt("<!doctype html><html><head><title>Halden Post</title></head><body>Hello</body></html>")
    assert isinstance(result, NotAFeed)
    assert result.reason == "This is a page of HTML, not a feed: “Halden Post”."
