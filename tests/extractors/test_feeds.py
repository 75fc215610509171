"""Reading feeds: formats, what is no feed, entries and their parts."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from extractors.feeds import parse_feed
from extractors.records import NotAFeed, ParsedFeed

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
URL = "https://halden-post.example/blog/feed.xml"


def attempt(
    body: str | bytes, *, url: str = URL, content_type: str | None = "application/rss+xml"
) -> ParsedFeed | NotAFeed:
    raw = body.encode() if isinstance(body, str) else body
    headers = {} if content_type is None else {"Content-Type": content_type}
    return parse_feed(raw, url=url, headers=headers, source_id="halden-post", language="en", now=NOW)


def read(
    body: str | bytes, *, url: str = URL, content_type: str | None = "application/rss+xml"
) -> ParsedFeed:
    parsed = attempt(body, url=url, content_type=content_type)
    assert isinstance(parsed, ParsedFeed), parsed
    return parsed


def refused(body: str | bytes, *, content_type: str | None = "application/rss+xml") -> str:
    result = attempt(body, content_type=content_type)
    assert isinstance(result, NotAFeed), result
    return result.reason


def rss(items: str, head: str = "") -> str:
    channel = f"<channel><title>Halden Post</title>{head}{items}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'


ITEM = "<item><title>Weights are out</title><link>https://halden-post.example/1</link></item>"
ATOM = """<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ko-KR"><title>새벽 테크</title><id>urn:x</id>
<entry><id>tag:saebyeok.example,2026:7</id><title type="html">가중치 &lt;b&gt;공개&lt;/b&gt;</title>
<link rel="alternate" href="../news/7"/><link rel="enclosure" href="/a.mp3"/>
<published>2026-11-20T18:30:00+09:00</published><updated>2026-11-21T18:30:00+09:00</updated>
<author><name>한지우</name></author><summary>짧은 요약</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>첫 문단.</p><p>둘째 문단.</p></div>
</content></entry></feed>"""
RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://halden-post.example/"><title>Halden Post</title></channel>
<item rdf:about="https://halden-post.example/3"><title>Third</title><link>https://halden-post.example/3</link>
<dc:date>2026-11-20T10:00:00+01:00</dc:date><dc:creator>Ann Writer</dc:creator></item></rdf:RDF>"""


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
    assert entry.author is not None
    assert "Ann Writer" in entry.author
    assert entry.published_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert entry.updated_at is None
    assert entry.summary == "The lab released them."


def test_an_atom_entry_becomes_an_entry_with_its_parts() -> None:
    feed = read(ATOM, content_type="application/atom+xml")
    entry = feed.entries[0]
    assert (feed.format, feed.title) == ("atom10", "새벽 테크")
    assert entry.guid == "tag:saebyeok.example,2026:7"
    assert entry.url == "https://halden-post.example/news/7"
    assert entry.title == "가중치 공개"
    assert entry.summary == "짧은 요약"
    assert entry.content == "첫 문단.\n둘째 문단."
    assert entry.author == "한지우"
    assert entry.language == "ko"
    assert entry.published_at == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert entry.updated_at == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_rdf_is_read_with_its_dublin_core() -> None:
    feed = read(RDF, content_type="application/rdf+xml")
    entry = feed.entries[0]
    assert feed.format == "rss10"
    assert entry.url == "https://halden-post.example/3"
    assert entry.author == "Ann Writer"
    assert entry.published_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("version", ["0.91", "0.92", "0.93", "0.94", "2.0", "2.1"])
def test_every_version_of_rss_is_read(version: str) -> None:
    assert len(read(f'<rss version="{version}"><channel>{ITEM}</channel></rss>').entries) == 1


def test_the_full_text_of_a_feed_is_kept_apart_from_the_summary() -> None:
    entry = read(
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item>'
        "<title>T</title><link>/1</link><description>Short.</description>"
        "<content:encoded><![CDATA[<p>Long text.</p><p>It goes on.</p>]]></content:encoded>"
        "</item></channel></rss>"
    ).entries[0]
    assert entry.summary == "Short."
    assert entry.content == "Long text.\nIt goes on."


@pytest.mark.parametrize(
    "added",
    [
        "The post Weights are out appeared first on Halden Post.",
        "Read more",
        "Continue reading Weights are out →",
        "Read the full article on our site.",
        "阅读全文",
    ],
)
def test_what_publishing_software_adds_is_no_text_of_the_article(added: str) -> None:
    told = f"<description>&lt;p&gt;The lab released them.&lt;/p&gt;&lt;p&gt;{added}&lt;/p&gt;</description>"
    entry = read(rss(f"<item><title>Weights are out</title><link>/1</link>{told}</item>")).entries[0]
    assert entry.summary == "The lab released them."


@pytest.mark.parametrize(
    "content_type", ["text/html", "text/plain", "application/octet-stream", "image/png", "", None, "feed"]
)
def test_a_feed_is_a_feed_whatever_it_is_served_as(content_type: str | None) -> None:
    assert len(read(rss(ITEM), content_type=content_type).entries) == 1


@pytest.mark.parametrize(
    "junk",
    [
        "\n\n  ",
        "\ufeff",
        "﻿\n",
        "<br />\n<b>Warning</b>: mysql_connect() in <b>/srv/db.php</b> on line <b>3</b><br />\n",
        "Notice: undefined index\n",
        "<!-- cached 12:00 -->\n",
        "\x00\x00",
    ],
)
def test_junk_before_the_declaration_does_not_hide_the_feed(junk: str) -> None:
    feed = read(junk + rss(ITEM))
    assert [entry.title for entry in feed.entries] == ["Weights are out"]
    assert feed.format == "rss20"


def test_words_after_the_end_do_not_make_a_feed_partial() -> None:
    assert read(rss(ITEM) + "\n<!-- 0.2 s --><script>track()</script>").partial is False


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "The body is empty."),
        (" \n ", "The body is empty."),
        (
            "<!doctype html><html><head><title>Halden Post</title></head><body>Hello</body></html>",
            "This is a page of HTML, not a feed: “Halden Post”.",
        ),
        ("<html><body>Down for maintenance</body></html>", "This is a page of HTML, not a feed."),
        (
            '<opml version="2.0"><body/></opml>',
            "This is a list of feeds (OPML), not a feed; import it with `ajar sources import`.",
        ),
        (
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>',
            "This is a sitemap, not a feed; list it under `pages`.",
        ),
        (
            "<Error><Code>NoSuchKey</Code></Error>",
            "This is XML or HTML that starts with <error>, not a feed.",
        ),
        ('{"error": "rate limited"}', "This is JSON, but no JSON Feed: it says “rate limited”."),
        ('{"items": 3}', "This is JSON, but no JSON Feed: it has no `items`."),
        ("[1, 2]", "This is JSON, but no JSON Feed: it holds a list, not an object with `items`."),
        (
            "rate limited",
            "This is neither XML nor JSON, served as application/rss+xml: it starts with “rate limited”.",
        ),
    ],
)
def test_what_is_no_feed_is_told_by_name(body: str, reason: str) -> None:
    assert refused(body) == reason


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read(rss("")).entries == ()


def test_a_broken_feed_gives_what_can_be_read_and_its_complaint() -> None:
    feed = read(
        rss("<item><title>A & B</title><link>/1</link></item><item><title>C</title><link>/2</link></item>")
    )
    assert [entry.title for entry in feed.entries] == ["A & B", "C"]
    assert feed.complaint is not None
    assert feed.partial is False


def test_a_feed_that_breaks_off_gives_its_whole_entries_and_is_partial() -> None:
    whole = rss(ITEM + "<item><title>Second</title><link>/2</link></item>")
    for cut in range(whole.index("<item><title>Second") + 8, whole.index("</rss>"), 3):
        feed = read(whole[:cut])
        assert feed.partial is (cut <= whole.index("</channel>") + 9), whole[cut:]
        assert [entry.title for entry in feed.entries][:1] == ["Weights are out"]
        assert len(feed.entries) == (1 if cut < whole.index("</channel>") else 2)


def test_atom_that_breaks_off_is_read_strictly_up_to_there() -> None:
    feed = read(ATOM.replace("</feed>", "<entry><id>x</id><title>Cut"), content_type="application/atom+xml")
    assert (len(feed.entries), feed.partial, feed.complaint) == (1, True, None)


@pytest.mark.parametrize("url", [URL, "https://elsewhere.example/moved/rss"])
def test_ids_are_those_of_the_feed_wherever_it_is_read_from(url: str) -> None:
    bare = rss("<item><guid>t3_x</guid><title>T</title></item>")
    assert read(bare, url=url).entries[0].guid == "t3_x"
    atom = ATOM.replace("tag:saebyeok.example,2026:7", "t3_x").replace(
        "<feed ", '<feed xml:base="https://b.example/" '
    )
    assert read(atom, url=url, content_type="application/atom+xml").entries[0].guid == "t3_x"


def test_relative_links_count_from_xml_base_and_from_the_address() -> None:
    based = ATOM.replace("<feed ", '<feed xml:base="https://other.example/a/b/" ')
    assert read(based).entries[0].url == "https://other.example/a/news/7"
    assert read(ATOM).entries[0].url == "https://halden-post.example/news/7"
    assert read(rss("<item><link>//cdn.example/1</link></item>")).entries[0].url == "https://cdn.example/1"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("ftp://halden-post.example/x", None),
        ("http://[::1", None),
        ("https://halden-post.example:port/x", None),
        ("https://halden-post.example/" + "x" * 3000, None),
        ("www.halden-post.example/x", "https://www.halden-post.example/x"),
        ("https://halden-post.example/a b", "https://halden-post.example/a%20b"),
        (
            "\n  https://halden-post.example/\n  x \n",
            "https://halden-post.example/  x".replace("  ", "%20%20"),
        ),
        ("https://bücher.example/ü", "https://bücher.example/ü"),
    ],
)
def test_a_link_is_an_address_of_the_web_or_nothing(link: str, url: str | None) -> None:
    assert read(rss(f"<item><title>T</title><link>{link}</link></item>")).entries[0].url == url


def test_a_guid_that_is_an_address_serves_as_the_link_unless_it_says_otherwise() -> None:
    address = "https://halden-post.example/9"
    assert read(rss(f"<item><guid>{address}</guid></item>")).entries[0].url == address
    named = rss(f'<item><title>T</title><guid isPermaLink="false">{address}</guid></item>')
    assert read(named).entries[0].url is None


def test_the_publisher_s_wishes_about_polling_are_handed_on() -> None:
    head = (
        "<ttl>90</ttl><skipHours><hour>0</hour><hour>1</hour><hour>24</hour><hour>x</hour></skipHours>"
        "<skipDays><day>Sunday</day><day>Caturday</day></skipDays>"
    )
    assert read(rss(ITEM, head)).hints == {
        "ttl_minutes": 90,
        "skip_hours": [0, 1],
        "skip_days": ["sunday"],
    }


def test_the_syndication_module_s_period_is_divided_by_its_frequency() -> None:
    feed = rss(ITEM, "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>")
    named = feed.replace("<rss ", '<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" ')
    assert read(named).hints == {"update_minutes": 360}


@pytest.mark.parametrize("ttl", ["", "soon", "-5", "0", "9" * 30, "1.5"])
def test_a_senseless_ttl_is_no_hint(ttl: str) -> None:
    assert read(rss(ITEM, f"<ttl>{ttl}</ttl>")).hints == {}


def test_no_more_entries_are_read_than_the_cap_and_the_rest_is_counted() -> None:
    items = "".join(f"<item><title>{n}</title><link>/{n}</link></item>" for n in range(2_100))
    feed = read(rss(items))
    assert len(feed.entries) == 2_000
    assert feed.left_out == 100
    # The newest stand first in most feeds and last in some.
    assert (feed.entries[0].title, feed.entries[-1].title) == ("0", "2099")


def test_a_feed_of_20000_entries_takes_no_longer_than_its_share() -> None:
    items = "".join(f"<item><title>{n}</title><link>/{n}</link></item>" for n in range(20_000))
    started = time.process_time()
    feed = read(rss(items))
    assert time.process_time() - started < 8
    assert (len(feed.entries), feed.left_out) == (2_000, 18_000)


def test_an_edit_changes_the_hash_and_white_space_does_not() -> None:
    def hash_of(words: str) -> str:
        return (
            read(rss(f"<item><link>/1</link><description>{words}</description></item>")).entries[0].entry_hash
        )

    assert hash_of("The weights  are\nout.") == hash_of("The weights are out.")
    assert hash_of("The weights are out.") != hash_of("The weights are not out.")


def test_the_order_of_a_feed_does_not_change_what_is_read() -> None:
    items = [
        f"<item><title>T{n % 7}</title><link>/{n % 5}#{n}</link><guid>g{n % 6}</guid></item>"
        for n in range(20)
    ]
    forward, backward = read(rss("".join(items))), read(rss("".join(reversed(items))))
    assert set(forward.entries) == set(backward.entries)
