"""JSON Feed, well-made and hostile."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.feeds import parse_feed
from extractors.records import NotAFeed, ParsedFeed

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
VERSION = "https://jsonfeed.org/version/1.1"


def attempt(body: str | bytes) -> ParsedFeed | NotAFeed:
    raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return parse_feed(
        raw,
        url="https://letters.example/feeds/feed.json",
        headers={"content-type": "application/json"},
        source_id="letters",
        language="en",
        now=NOW,
    )


def read(document: Any) -> ParsedFeed:
    parsed = attempt(json.dumps(document))
    assert isinstance(parsed, ParsedFeed), parsed
    return parsed


def items(*listed: Any) -> dict[str, Any]:
    return {"version": VERSION, "title": "Letters", "items": list(listed)}


def test_an_item_becomes_an_entry_with_its_parts() -> None:
    feed = read(
        items(
            {
                "id": "p/7",
                "url": "/p/7",
                "title": "Weights are out",
                "content_html": "<p>One.</p><script>x()</script><p>Two.</p>",
                "summary": "Short.",
                "date_published": "2026-11-20T10:00:00+01:00",
                "date_modified": "2026-11-21T10:00:00Z",
                "authors": [{"name": "Quill"}, {"name": "Nib"}],
                "language": "de-DE",
            }
        )
        | {"next_url": "/feeds/feed2.json", "language": "en"}
    )
    [entry] = feed.entries
    assert (feed.format, feed.title) == ("json11", "Letters")
    assert feed.hints == {"next_page": "https://letters.example/feeds/feed2.json"}
    assert (entry.guid, entry.url) == ("p/7", "https://letters.example/p/7")
    assert (entry.summary, entry.content) == ("Short.", "One.\nTwo.")
    assert entry.author == "Quill, Nib"
    assert entry.language == "de"
    assert entry.published_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert entry.updated_at == datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def test_version_1_names_one_author_for_item_or_feed() -> None:
    document = {
        "version": "https://jsonfeed.org/version/1",
        "author": {"name": "House"},
        "items": [
            {"id": "1", "content_text": "a"},
            {"id": "2", "content_text": "b", "author": {"name": "Guest"}},
        ],
    }
    feed = read(document)
    assert feed.format == "json1"
    assert [entry.author for entry in feed.entries] == ["House", "Guest"]


def test_an_id_that_is_a_number_is_its_digits() -> None:
    assert read(items({"id": 7, "content_text": "a"})).entries[0].guid == "7"


def test_plain_text_keeps_its_angle_brackets() -> None:
    assert (
        read(items({"id": "1", "content_text": "a < b\n\n<i>c</i>"})).entries[0].content == "a < b\n<i>c</i>"
    )


def test_the_external_address_serves_where_there_is_no_other() -> None:
    assert (
        read(items({"id": "1", "external_url": "https://far.example/x"})).entries[0].url
        == "https://far.example/x"
    )


def test_a_feed_that_forgot_its_version_is_read_by_its_items() -> None:
    assert len(read({"items": [{"id": "1", "title": "T"}]}).entries) == 1


def test_of_too_many_items_both_ends_are_read() -> None:
    feed = read(items(*({"id": str(n), "title": "T"} for n in range(2100))))
    assert (len(feed.entries), feed.left_out) == (2000, 100)
    assert (feed.entries[0].guid, feed.entries[-1].guid) == ("0", "2099")


def test_items_that_are_no_objects_are_left_out_and_counted() -> None:
    feed = read(items(1, None, "x", {"id": "1", "title": "T"}, []))
    assert len(feed.entries) == 1
    assert feed.complaint == "4 of its items are no objects"


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "{}",
        '{"items": [}',
        "[" * 100_000,
        '{"items":' + "[" * 100_000,
        '{"a":' * 50_000,
        "{\x00}",
        '{"version": "https://jsonfeed.org/version/1.1"}',
        '{"version": ["https://jsonfeed.org/version/1.1"], "items": {}}',
        "{'items': []}",
        "[1e9999]",
        b"{\xff\xfe\xfd}",
        '{"items": [{"id": ' + "9" * 10_000,
    ],
)
def test_what_is_no_json_feed_is_refused_and_never_raises(body: str | bytes) -> None:
    assert isinstance(attempt(body), NotAFeed)


@pytest.mark.parametrize(
    "value",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e9999",
        "9" * 5000,
        "true",
        "null",
        "[]",
        '{"a": 1}',
        '"\\ud800"',
        '"\\u0000"',
        "-0",
    ],
)
@pytest.mark.parametrize(
    "field",
    [
        "id",
        "url",
        "title",
        "content_html",
        "content_text",
        "summary",
        "date_published",
        "authors",
        "author",
        "attachments",
    ],
)
def test_a_value_of_the_wrong_kind_costs_its_field_only(field: str, value: str) -> None:
    body = f'{{"version": "{VERSION}", "items": [{{"image": "x", "title": "T", "{field}": {value}}}]}}'
    parsed = attempt(body)
    assert isinstance(parsed, ParsedFeed)
    [entry] = parsed.entries
    for text in (entry.title, entry.summary, entry.content, entry.guid or "", entry.author or ""):
        assert text.encode("utf-8").decode() == text
        assert "\x00" not in text


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=15,
)
FIELDS = st.sampled_from(
    ["id", "url", "title", "content_html", "authors", "attachments", "date_published", "language"]
)


@given(st.lists(st.dictionaries(FIELDS, JSON, max_size=6), max_size=4), JSON, JSON)
def test_no_json_makes_the_reader_raise(listed: list[Any], title: Any, authors: Any) -> None:
    document = {"version": VERSION, "items": listed, "title": title, "authors": authors, "next_url": title}
    parsed = attempt(json.dumps(document))
    assert isinstance(parsed, ParsedFeed), parsed
    assert len(parsed.entries) == len(listed)
