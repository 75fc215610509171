"""Pages and entries become articles. The golden pages are read by `test_articles_golden`."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.articles import article_from_entry, extract_article
from extractors.body_text import TRAFILATURA
from extractors.identity import article_id
from extractors.metadata import accepted_canonical, read_facts
from extractors.records import Article, Entry, Snapshot
from extractors.trees import parse_page

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
URL = "https://courier.example/tech/larkspur"
WORDS = [
    "Quillfeather on Wednesday put the weights of its model Larkspur on the web for anybody to download.",
    "The files come under the Apache 2.0 licence, so companies may build on them without asking anybody.",
    "The code used for training stays in the hands of the company for now, as does the recorded speech.",
]
BODY = "".join(f"<p>{words}</p>" for words in WORDS)

ENTRY = Entry(
    source="courier",
    address="https://courier.example/rss",
    guid="g1",
    url=URL,
    canonical_url=URL,
    title="What the feed calls it",
    summary="What the feed says.",
    content="",
    author="Feed Author",
    published_at=datetime(2026, 11, 18, tzinfo=UTC),
    updated_at=None,
    language="en",
    entry_hash="e1",
)
BARE = replace(ENTRY, title="", author=None, published_at=None)


def article_of(
    markup: str | bytes,
    entry: Entry = ENTRY,
    *,
    content_type: str = "text/html; charset=utf-8",
    url: str = URL,
) -> Article:
    snapshot = Snapshot(
        url=url,
        final_url=url,
        status=200,
        headers=(("content-type", content_type),) if content_type else (),
        body=markup.encode() if isinstance(markup, str) else markup,
        fetched_at=NOW,
        seconds=0.1,
    )
    return extract_article(snapshot, entry, tier="official", now=NOW, attempts=2)


def html(head: str = "", body: str = BODY) -> str:
    return f"<!doctype html><html lang='en'><head>{head}</head><body><article>{body}</article></body></html>"


def test_what_the_feed_says_wins_over_the_page() -> None:
    article = article_of(html("<title>The page's title</title><meta name='author' content='Page Author'>"))
    assert (article.title, article.author) == ("What the feed calls it", "Feed Author")
    assert article.published_at == datetime(2026, 11, 18, tzinfo=UTC)


def test_the_page_says_what_the_feed_does_not() -> None:
    head = (
        "<title>The page's title</title><meta name='author' content='Page Author'>"
        "<meta property='article:published_time' content='2026-11-17T10:00:00+01:00'>"
    )
    article = article_of(html(head), BARE)
    assert (article.title, article.author) == ("The page's title", "Page Author")
    assert article.published_at == datetime(2026, 11, 17, 9, tzinfo=UTC)


def test_an_article_carries_what_later_passes_need() -> None:
    article = article_of(html())
    assert article.text == "\n".join(WORDS)
    assert article.article_id == article_id(URL)
    assert (article.entry_hash, article.guid, article.tier) == ("e1", "g1", "official")
    assert (article.attempts, article.retry_at, article.without_text) == (2, None, None)
    assert (article.extracted_by, article.seen_at) == (TRAFILATURA, NOW)


def test_json_ld_wins_over_meta_elements() -> None:
    head = (
        "<meta property='og:title' content='Meta title'><meta name='author' content='Meta Author'>"
        '<script type="application/ld+json">[{"@type": ["Thing", "BlogPosting"],'
        '"headline": "LD &amp; title",'
        '"author": {"name": "LD Author"}, "datePublished": "2026-11-16"}]</script>'
    )
    article = article_of(html(head), BARE)
    assert (article.title, article.author) == ("LD & title", "LD Author")
    assert article.published_at == datetime(2026, 11, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "source",
    [
        "{",
        "null",
        "[[[[",
        '{"@type": 3}',
        '{"@graph": "x"}',
        '{"@type":"Article","author":[[1]]}',
    ],
)
def test_broken_json_ld_is_passed_over(source: str) -> None:
    head = f'<title>Title</title><script type="application/ld+json">{source}</script>'
    assert article_of(html(head), BARE).title == "Title"


def test_a_page_without_a_date_has_none() -> None:
    assert article_of(html("<title>T</title>"), BARE).published_at is None


def test_a_date_in_a_sentence_is_not_the_date_of_the_page() -> None:
    sentence = (
        "On 3 May 2021 the lab had promised to open its models within the year, and nobody believed it."
    )
    body = f"<p>{sentence}</p>{BODY}"
    assert article_of(html("<title>T</title>", body), BARE).published_at is None


def test_a_date_in_the_byline_is() -> None:
    body = f"<h1>T</h1><p>By Petra Lund, 18 November 2026</p>{BODY}"
    assert article_of(html("<title>T</title>", body), BARE).published_at == datetime(2026, 11, 18, tzinfo=UTC)


def test_a_page_read_twice_gives_the_same_text() -> None:
    texts = [article_of(html()).text for _ in range(4)]
    assert len(set(texts)) == 1
    assert texts[0] == "\n".join(WORDS)


def test_scripts_forms_and_comments_are_no_text() -> None:
    body = f"{BODY}<script>script()</script><form><textarea>form</textarea></form><!-- x --><style>s</style>"
    assert article_of(html(body=body)).text == "\n".join(WORDS)


def test_the_headline_is_not_repeated_in_the_text() -> None:
    article = article_of(
        html("<title>Larkspur is free | Courier</title>", f"<h1>Larkspur is free</h1>{BODY}"), BARE
    )
    assert article.title == "Larkspur is free"
    assert article.text == "\n".join(WORDS)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/pdf", b"%PDF-1.7 ..."),
        ("image/png", b"\x89PNG"),
        ("application/octet-stream", bytes(range(256)) * 10),
        ("application/json", b'{"a": 1}'),
        ("", b"\x00\x01\x02"),
    ],
)
def test_what_is_no_page_keeps_the_text_of_the_feed(content_type: str, body: bytes) -> None:
    article = article_of(body, content_type=content_type)
    assert article.text == "What the feed says."
    assert article.without_text == f"The address holds {content_type or 'binary data'}, not a page."


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/octet-stream", "application/xhtml+xml"]
)
def test_a_page_is_a_page_whatever_it_is_served_as(content_type: str) -> None:
    assert article_of(html(), content_type=content_type).without_text is None


@pytest.mark.parametrize("body", ["", "  \n", "<html></html>", "<!-- -->"])
def test_an_empty_page_says_so(body: str) -> None:
    article = article_of(body)
    assert article.text == "What the feed says."
    assert article.without_text in {"The page is empty.", "The page shows no text."}


ENCODED = "<p>Größere Modelle für alle – „frei“ verfügbar, sagte die Gründerin am Mittwoch in Köln.</p>"


@pytest.mark.parametrize(
    ("markup", "encoding", "content_type"),
    [
        (ENCODED, "utf-8", "text/html"),
        (ENCODED, "utf-8", "text/html; charset=utf-8"),
        (ENCODED, "utf-8", "text/html; charset=iso-8859-1"),
        (ENCODED, "cp1252", "text/html; charset=windows-1252"),
        (ENCODED, "cp1252", 'text/html;charset="ISO-8859-1"'),
        (f"<meta charset=windows-1252>{ENCODED}", "cp1252", "text/html"),
        (
            f'<meta http-equiv="content-type" content="text/html; charset=windows-1252">{ENCODED}',
            "cp1252",
            "text/html",
        ),
        (f"<meta charset='windows-1252'>{ENCODED}", "cp1252", "text/html; charset=utf-8"),
        (f"<?xml version='1.0' encoding='windows-1252'?><html>{ENCODED}", "cp1252", "text/html"),
        (f"\ufeff{ENCODED}", "utf-16", "text/html"),
        (f"\ufeff<meta charset=windows-1252>{ENCODED}", "utf-8", "text/html; charset=windows-1252"),
        (f"<!-- {' ' * 900} --><meta charset=windows-1252>{ENCODED}", "cp1252", "text/html"),
    ],
)
def test_the_letters_of_a_page_come_out_right(markup: str, encoding: str, content_type: str) -> None:
    text = article_of(markup.encode(encoding), content_type=content_type).text
    assert "Größere Modelle für alle – „frei“ verfügbar" in text


def test_a_section_of_a_page_keeps_the_words_of_its_entry() -> None:
    section = replace(ENTRY, canonical_url=f"{URL}#v2", url=f"{URL}#v2")
    article = article_of(html(), section)
    assert (article.text, article.without_text, article.extracted_by) == ("What the feed says.", None, "feed")


def test_an_entry_becomes_an_article_with_its_reason_and_next_try() -> None:
    later = datetime(2026, 11, 22, 7, tzinfo=UTC)
    article = article_from_entry(ENTRY, tier="press", now=NOW, reason="HTTP 503", attempts=1, retry_at=later)
    assert (article.text, article.without_text, article.retry_at) == (
        "What the feed says.",
        "HTTP 503",
        later,
    )
    assert (article.title, article.url, article.language) == ("What the feed calls it", URL, "en")


def test_the_full_text_of_a_feed_needs_no_page() -> None:
    full = replace(ENTRY, content="\n".join(WORDS))
    article = article_from_entry(full, tier="press", now=NOW, reason=None, attempts=0, retry_at=None)
    assert (article.text, article.without_text, article.attempts) == ("\n".join(WORDS), None, 0)


@pytest.mark.parametrize(
    ("page", "canonical", "accepted"),
    [
        ("https://a.example/x", "https://a.example/y", "https://a.example/y"),
        ("https://a.example/x", "/y", "https://a.example/y"),
        ("https://www.a.example/x", "https://a.example/x", "https://a.example/x"),
        ("https://amp.a.example/x", "https://www.a.example/x", "https://www.a.example/x"),
        ("https://m.a.example/x", "https://a.example/x", "https://a.example/x"),
        ("https://a.example/x", "https://b.example/x", None),
        ("https://a.example/x", "https://a.example.evil.example/x", None),
        ("https://a.example/x", "https://a.example/", None),
        ("https://a.example/x", "https://a.example", None),
        ("https://a.example/", "https://a.example/", "https://a.example/"),
        ("https://a.example/x", "https://a.example/?p=7", "https://a.example/?p=7"),
        ("https://a.example/x", "javascript:alert(1)", None),
        ("https://a.example/x", "", None),
    ],
)
def test_a_canonical_address_is_believed_on_its_own_site_only(
    page: str, canonical: str, accepted: str | None
) -> None:
    tree = parse_page(f'<html><head><link rel="canonical" href="{canonical}"></head></html>')
    assert tree is not None
    assert accepted_canonical(read_facts(tree, url=page), url=page) == accepted


def test_og_url_serves_where_there_is_no_canonical_link() -> None:
    tree = parse_page('<meta property="og:url" content="https://a.example/y">')
    assert tree is not None
    assert read_facts(tree, url="https://a.example/x").canonical == "https://a.example/y"


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/\"'=&;! aphtmlbodyscrivx-\n\x00é가", max_size=400))
def test_no_markup_makes_the_reader_raise(markup: str) -> None:
    article = article_of(markup)
    assert "\x00" not in article.text
