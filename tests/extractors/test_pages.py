"""Listing pages, sitemaps, and the feeds that a page names."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extractors.pages import find_feeds, parse_listing
from extractors.records import NotAFeed, ParsedFeed
from extractors.selectors import SelectorError, compiled_selector
from extractors.trees import parse_page

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
URL = "https://orrin-gazette.example/technology/"

FRONT = """<!doctype html><html lang="en"><head><title>Technology | Orrin Gazette</title>
<link rel="next" href="/technology/?page=2"></head><body>
<header><a href="/">Orrin Gazette</a>
<nav><a href="/politics/elections-special-page">Elections special page</a></nav></header>
<main>
 <article class="card"><a href="/technology/lab-opens-its-weights?utm_source=front"><img src="/1.jpg"></a>
  <h2><a href="/technology/lab-opens-its-weights">Lab opens the weights of its speech model</a></h2>
  <time datetime="2026-11-18T15:20:00+01:00">18 Nov</time><p>Anybody may use it.</p>
  <a href="/technology/lab-opens-its-weights">Read more</a></article>
 <article class="card"><h2>Robot bakery rises</h2><span>17 November 2026</span>
  <p>The bread is very even.</p><a href="/technology/2026/robot-bakery">Read more</a></article>
 <div class="row"><a href="/technology/tram-data-withdrawn"><h3>Tram company withdraws its data</h3>
  <div>3 hours ago</div></a></div>
 <ul><li><a href="/tags/robots-and-more-robots">All about robots and machines</a></li>
 <li><a href="/authors/petra-lund-and-friends">Petra Lund and her friends</a></li>
 <li><a href="https://elsewhere.example/news/some-other-story">A story of quite another paper</a></li>
 <li><a href="javascript:share('x-y-z-w')">Share this page with everybody</a></li>
 <li><a href="/technology/">All the technology stories here</a></li>
 <li><a href="/files/report-of-the-year.pdf">The report of the year 2026</a></li></ul>
</main><footer><a href="/about/our-editorial-standards">Our editorial standards</a></footer></body></html>"""


def attempt(body: str | bytes, *, url: str = URL, links: str | None = None) -> ParsedFeed | NotAFeed:
    raw = body.encode() if isinstance(body, str) else body
    return parse_listing(raw, url=url, links=links, source_id="gazette", language="en", now=NOW)


def read(body: str | bytes, *, url: str = URL, links: str | None = None) -> ParsedFeed:
    parsed = attempt(body, url=url, links=links)
    assert isinstance(parsed, ParsedFeed), parsed
    return parsed


def titles(feed: ParsedFeed) -> list[str]:
    return [entry.title for entry in feed.entries]


def test_the_articles_of_a_front_page_are_found_and_nothing_else() -> None:
    feed = read(FRONT)
    assert titles(feed) == [
        "Lab opens the weights of its speech model",
        "Robot bakery rises",
        "Tram company withdraws its data",
    ]
    assert (feed.format, feed.title) == ("page", "Technology | Orrin Gazette")


def test_a_card_gives_the_headline_the_teaser_and_the_date_beside_a_link() -> None:
    feed = read(FRONT)
    weights, bakery, tram = feed.entries
    assert weights.canonical_url == "https://orrin-gazette.example/technology/lab-opens-its-weights"
    assert weights.published_at == datetime(2026, 11, 18, 14, 20, tzinfo=UTC)
    assert weights.summary == "Anybody may use it."
    assert bakery.published_at == datetime(2026, 11, 17, tzinfo=UTC)
    assert tram.published_at == datetime(2026, 11, 22, 2, tzinfo=UTC)
    assert weights.guid is None


def test_the_page_of_older_articles_is_a_hint() -> None:
    assert read(FRONT).hints == {"next_page": "https://orrin-gazette.example/technology/?page=2"}


@pytest.mark.parametrize(
    "links",
    ["article h2 a, a[href*=bakery]", "main > article.card", "article a[href^='/technology/']", ".card"],
)
def test_a_selector_names_the_links_or_the_cards(links: str) -> None:
    assert titles(read(FRONT, links=links))[0] == "Lab opens the weights of its speech model"
    assert len(read(FRONT, links=links).entries) == 2


def test_a_selector_may_name_what_does_not_look_like_an_article() -> None:
    assert titles(read(FRONT, links="footer a")) == ["Our editorial standards"]


@pytest.mark.parametrize(
    ("links", "reason"),
    [
        (".nowhere a", "The page has no link that '.nowhere a' selects."),
        (None, "The page has no link that looks like an article."),
    ],
)
def test_a_page_without_articles_says_so(links: str | None, reason: str) -> None:
    result = attempt("<html><body><a href='/x'>x</a></body></html>", links=links)
    assert result == NotAFeed(url=URL, reason=reason)


@pytest.mark.parametrize("selector", ["a:hover", "a >", "", "a,,b", "a[href", "a + b", "a{}"])
def test_a_selector_that_is_not_understood_is_refused_with_what_is(selector: str) -> None:
    with pytest.raises(SelectorError):
        compiled_selector(selector)
    result = attempt(FRONT, links=selector)
    assert isinstance(result, NotAFeed)
    assert result.reason.startswith("The selector of its links is wrong: ")


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        ("i", ["1", "2", "3", "4"]),
        (".b", ["2", "3"]),
        ("i.b.c", ["3"]),
        ("#x i", ["2", "3"]),
        ("#x > i", ["2"]),
        ("[title]", ["1"]),
        ('[title="a b"]', ["1"]),
        ("[title~=b]", ["1"]),
        ("[title^=a]", ["1"]),
        ("[title$=b]", ["1"]),
        ("[title*=' ']", ["1"]),
        ("*", None),
    ],
)
def test_selectors_mean_what_they_mean_in_css(selector: str, found: list[str] | None) -> None:
    tree = parse_page(
        '<i title="a b">1</i><p id="x"><i class="b">2</i><b><i class="c b">3</i></b></p><i class="bb">4</i>'
    )
    assert tree is not None
    texts = [element.text for element in compiled_selector(selector)(tree)]
    assert texts == found if found is not None else len(texts) > 4


def test_korean_headlines_may_be_short() -> None:
    page = '<html lang="ko"><body><a href="/news/20261118/1234">새벽별 가중치 공개</a></body></html>'
    feed = read(page)
    assert titles(feed) == ["새벽별 가중치 공개"]
    assert feed.entries[0].language == "ko"


def test_links_count_from_the_base_of_the_page() -> None:
    page = '<base href="/a/b/"><a href="2026/11/18/the-weights-are-out">The weights are out at last</a>'
    assert read(page).entries[0].url == "https://orrin-gazette.example/a/b/2026/11/18/the-weights-are-out"


NEWS_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://orrin-gazette.example/a</loc><news:news><news:publication>
<news:name>Orrin Gazette</news:name>
<news:language>ko</news:language></news:publication><news:publication_date>2026-11-17T08:00:00+01:00
</news:publication_date><news:title>가중치 공개</news:title></news:news></url>
<url><loc>https://orrin-gazette.example/t/lab-opens-its-weights.html</loc><lastmod>2026-11-18</lastmod></url>
<url><loc>ftp://orrin-gazette.example/x</loc></url><url/></urlset>"""


def test_a_news_sitemap_gives_titles_dates_and_languages_newest_first() -> None:
    feed = read(NEWS_SITEMAP)
    assert feed.format == "sitemap"
    assert titles(feed) == ["Lab opens its weights", "가중치 공개"]
    assert [entry.published_at for entry in feed.entries] == [
        datetime(2026, 11, 18, tzinfo=UTC),
        datetime(2026, 11, 17, 7, tzinfo=UTC),
    ]
    assert [entry.language for entry in feed.entries] == ["en", "ko"]


def test_of_a_sitemap_index_the_newest_part_is_the_next_page() -> None:
    index = (
        "<sitemapindex><sitemap><loc>https://a.example/old.xml</loc><lastmod>2025-01-01</lastmod></sitemap>"
        "<sitemap><loc>https://a.example/new.xml</loc><lastmod>2026-11-01</lastmod></sitemap></sitemapindex>"
    )
    assert read(index).hints == {"next_page": "https://a.example/new.xml"}


def test_a_sitemap_beyond_the_cap_gives_its_newest() -> None:
    parts = (f"<loc>https://a.example/{n}</loc><lastmod>{2000 + n % 27}-01-01</lastmod>" for n in range(2500))
    urls = "".join(f"<url>{part}</url>" for part in parts)
    feed = read(f"<urlset>{urls}</urlset>")
    assert (len(feed.entries), feed.left_out) == (2000, 500)
    assert feed.entries[0].published_at == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "body", ["", "   ", "<urlset>", "<urlset></urlset>", "\x00", "plain words", b"\xff\xfe\x00"]
)
def test_what_lists_nothing_is_refused_and_never_raises(body: str | bytes) -> None:
    assert isinstance(attempt(body), NotAFeed)


@pytest.mark.parametrize(
    ("head", "feeds"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/feed">', ["/feed"]),
        ("<link href='/feed' type='application/atom+xml' rel='alternate'>", ["/feed"]),
        ("<LINK REL=ALTERNATE TYPE=application/rss+xml HREF=/feed>", ["/feed"]),
        (
            '<link rel="alternate" type="application/feed+json; charset=utf-8" href="feed.json">',
            ["/blog/feed.json"],
        ),
        ('<base href="/b/"><link rel="alternate" type="text/xml" href="feed">', ["/b/feed"]),
        (
            '<link rel="alternate" type="text/xml" href="feed:https://news.example/x">',
            ["https://news.example/x"],
        ),
        (
            '<link rel="stylesheet" type="text/css" href="/x"><link rel="alternate" href="/ko">',
            [],
        ),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:x">', []),
        (
            '<link rel="alternate" type="application/rss+xml" title="Comments on Blog" href="/comments/feed">'
            '<link rel="alternate" type="application/rss+xml" title="Blog" href="/feed">',
            ["/feed", "/comments/feed"],
        ),
        (
            '<link rel="alternate" type="application/rss+xml" href="/1">'
            '<link rel="alternate" type="application/atom+xml" href="/2">'
            '<link rel="alternate" type="application/rss+xml" href="/1">',
            ["/1", "/2"],
        ),
        ('</head><body><a rel="alternate" type="application/rss+xml" href="/feed">RSS</a>', ["/feed"]),
    ],
)
def test_a_page_leads_to_its_feeds(head: str, feeds: list[str]) -> None:
    page = f"<html><head>{head}</head><body></body></html>".encode()
    absolute = [feed if "://" in feed else f"https://news.example{feed}" for feed in feeds]
    assert list(find_feeds(page, url="https://news.example/blog/")) == absolute
