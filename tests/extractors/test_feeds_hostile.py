"""Feeds that attack the reader: bombs, entities, files, endless patterns, mutants."""

from __future__ import annotations

import http.server
import random
import resource
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.feeds import parse_feed
from extractors.pages import parse_listing
from extractors.records import NotAFeed, ParsedFeed

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
REAL_FEEDS = Path(__file__).resolve().parents[3] / "shared" / "feeds"
SECRET = "the-canary-sings-at-midnight"


def attempt(body: bytes) -> ParsedFeed | NotAFeed:
    return parse_feed(
        body,
        url="https://hostile.example/feed",
        headers={"content-type": "application/xml"},
        source_id="hostile",
        language="en",
        now=NOW,
    )


def rss(item: str) -> bytes:
    return f'<rss version="2.0"><channel><item>{item}</item></channel></rss>'.encode()


def listing(body: bytes) -> ParsedFeed | NotAFeed:
    return parse_listing(
        body,
        url="https://hostile.example/sitemap.xml",
        links=None,
        source_id="hostile",
        language="en",
        now=NOW,
    )


@pytest.fixture
def canary() -> Iterator[tuple[str, list[str]]]:
    """The address of a server that writes down who asks it for anything."""
    asked: list[str] = []

    class Canary(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(SECRET.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Canary)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def test_a_body_that_names_a_file_or_an_address_opens_neither(
    tmp_path: Path, canary: tuple[str, list[str]]
) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_text(f'<rss version="2.0"><channel><item><title>{SECRET}</title></item></channel></rss>')
    address, asked = canary
    for body in (str(secret), f"file://{secret}", f"{address}/feed", f"feed:{address}/feed"):
        result = attempt(body.encode())
        assert isinstance(result, NotAFeed)
        assert isinstance(listing(body.encode()), NotAFeed)
    assert asked == []


def test_external_entities_and_doctypes_are_never_fetched(
    tmp_path: Path, canary: tuple[str, list[str]]
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    address, asked = canary
    declarations = [
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>',
        f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{address}/entity">]>',
        f'<!DOCTYPE rss SYSTEM "{address}/dtd">',
        f'<!DOCTYPE rss PUBLIC "-//X//EN" "{address}/dtd" [<!ENTITY x "y">]>',
        f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "{address}/parameter"> %p;]>',
    ]
    for declaration in declarations:
        feed = f'<?xml version="1.0"?>{declaration}'.encode() + rss("<title>&x;</title>")
        assert SECRET not in repr(attempt(feed))
        sitemap = (
            f'<?xml version="1.0"?>{declaration}<urlset><url><loc>https://a.example/&x;</loc></url></urlset>'
        )
        assert SECRET not in repr(listing(sitemap.encode()))
    assert asked == []


def bomb(root: str, inner: str) -> bytes:
    """A billion laughs: 10 to the power of 9 times the first entity."""
    entities = '<!ENTITY e0 "laughter, more laughter">' + "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)
    )
    return f'<?xml version="1.0"?><!DOCTYPE {root} [{entities}]><{root}>{inner}</{root}>'.encode()


def test_a_harmless_entity_is_still_its_text() -> None:
    parsed = attempt(b'<!DOCTYPE rss [<!ENTITY lab "Caf&#xE9; Halden">]>' + rss("<title>By &lab;</title>"))
    assert isinstance(parsed, ParsedFeed)
    assert parsed.entries[0].title == "By Café Halden"


def test_an_entity_bomb_neither_expands_nor_takes_time() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    attempt(bomb("rss", "<channel><item><title>&e9;</title></item></channel>"))
    attempt(bomb("feed", "<entry><title>&e9;</title></entry>"))
    listing(bomb("urlset", "<url><loc>https://a.example/&e9;</loc></url>"))
    assert time.process_time() - started < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


@pytest.mark.parametrize("element", ["author", "dc:creator", "managingEditor", "webMaster", "itunes:author"])
@pytest.mark.parametrize("wrap", ["{}", "<![CDATA[{}]]>"])
def test_an_author_of_100_kilobytes_takes_no_time(element: str, wrap: str) -> None:
    long = wrap.format("a" * 100_000)
    body = rss(f"<title>T</title><{element}>{long}</{element}>")
    started = time.process_time()
    parsed = attempt(body)
    assert time.process_time() - started < 1
    assert isinstance(parsed, ParsedFeed)
    assert parsed.entries[0].title == "T"


@pytest.mark.parametrize(
    "reference", ["&#xD800;", "&#99999999999;", "&#xFFFFFFFFFF;", "&#0;", "&#8;", "&#x;", "&#;", "&#xFFFE;"]
)
def test_a_reference_to_no_character_costs_only_itself(reference: str) -> None:
    parsed = attempt(rss(f"<title>Weights {reference}out</title>"))
    assert isinstance(parsed, ParsedFeed)
    assert parsed.entries[0].title.replace(reference, "") == "Weights out"


@pytest.mark.parametrize("date", ["0000-00-00T00:00:00Z", "9999-99-99", "-1", "Mon, 00 Foo 0000", "1" * 500])
def test_an_impossible_date_costs_only_itself(date: str) -> None:
    body = (
        f'<rss version="2.0"><channel><item><title>T</title><pubDate>{date}</pubDate></item></channel></rss>'
    )
    parsed = attempt(body.encode())
    assert isinstance(parsed, ParsedFeed)
    assert parsed.entries[0].published_at is None


def test_control_characters_and_surrogates_never_reach_an_entry() -> None:
    unfit = "".join(map(chr, (*range(9), 11, 12, *range(14, 32), 127, 0x202E, 0xFFFE)))
    parsed = attempt(rss(f"<title>A{unfit}B</title><description>C{unfit}D</description>"))
    assert isinstance(parsed, ParsedFeed)
    assert (parsed.entries[0].title, parsed.entries[0].summary) == ("AB", "CD")


SCRIPTS = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<svg onload=alert(1)><circle/></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mi xlink:href='data:x,<script>alert(1)</script>'>",
    "<style>@import 'x';</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
]


@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("escaped", [True, False])
def test_markup_of_a_feed_leaves_words_only(script: str, escaped: bool) -> None:
    markup = f"Before {script} after"
    written = markup.replace("&", "&amp;").replace("<", "&lt;") if escaped else f"<![CDATA[{markup}]]>"
    parsed = attempt(rss(f"<title>{written}</title><description>{written}</description>"))
    assert isinstance(parsed, ParsedFeed)
    for text in (parsed.entries[0].title, parsed.entries[0].summary):
        assert text.startswith("Before")
        assert "<" not in text
        assert "alert" not in text


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 20_000,
        "<p><i>" * 25_000,
        "<item>" * 25_000,
        "<![CDATA[" * 10_000,
        "<a b='" * 10_000,
        "&" * 100_000,
        "<" * 100_000,
    ],
    ids=["deep", "unclosed", "items", "cdata", "quotes", "ampersands", "brackets"],
)
def test_markup_without_end_takes_seconds_at_most(markup: str) -> None:
    started = time.process_time()
    attempt(rss(f"<title>T</title><description>{markup}</description>"))
    attempt(rss(f"<title>T</title><description><![CDATA[{markup}]]></description>"))
    # Some of it takes time that grows with the square: twice as much markup would take four times this.
    assert time.process_time() - started < 5


TOKENS = [
    b"<", b">", b"&", b'"', b"'", b"<![CDATA[", b"]]>", b"&#x0;", b"&#xD800;", b"&#99999999999;", b"&#x;",
    b"\x00", b"\xff", b"<!DOCTYPE", b'<!ENTITY a "b">', b'xml:base="http://["', b"0000-00-00T00:00:00Z",
    b"9999999999999", b"<item>", b"</item>", b"<entry>", b'<content type="application/octet-stream">',
    b"<dc:date>", b"//[", b"%00", b'<link href="http://[::"/>', b"<author>", b"<georss:point>", b"-", b"99",
    b"<media:content>", b'mode="base64"', b"<?xml version='1.0' encoding='utf-16'?>", b"\xfe\xff", b"</rss>",
    b"<feed>", b"{", b"xmlns:a=''", b"\x1b$B",
]  # fmt: skip


def mutant(body: bytes, chance: random.Random) -> bytes:
    """The body after one to eight deletions, insertions, changed bytes and copies."""
    changed = bytearray(body)
    for _ in range(chance.randint(1, 8)):
        if not changed:
            break
        position, other = chance.randrange(len(changed)), chance.randrange(len(changed))
        match chance.randrange(5):
            case 0:
                del changed[position : position + chance.randint(1, 30)]
            case 1:
                changed[position:position] = chance.choice(TOKENS)
            case 2:
                changed[position] = chance.randrange(256)
            case 3:
                changed[position : position + 10] = changed[other : other + chance.randint(1, 60)]
            case 4 if chance.random() < 0.2:
                del changed[position:]
    return bytes(changed)


OWN_FEEDS = [
    b"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Courier</title><ttl>60</ttl><item><title>A &amp; B</title>
<link>https://c.example/a?x=1&amp;y=2</link><guid isPermaLink="false">a-1</guid>
<pubDate>Fri, 20 Nov 2026 10:00:00 +0100</pubDate><dc:creator>Ann</dc:creator>
<description><![CDATA[<p>One <b>two</b></p>]]></description>
<enclosure url="/a.mp3" length="1" type="audio/mpeg"/></item>
<item><title>\xea\xb0\x80</title><link>/b</link><category>x</category></item></channel></rss>""",
    b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/b/">
<title>T</title><entry><id>urn:1</id><title type="html">&lt;i&gt;x&lt;/i&gt;</title><link href="c"/>
<updated>2026-11-20T10:00:00Z</updated><author><name>Ann</name><email>a@a.example</email></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>y</p></div></content></entry></feed>""",
    b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>T</title></channel>
<item rdf:about="y"><title>Z</title><link>https://r.example</link></item></rdf:RDF>""",
    b"""{"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": "1", "title": "T",
 "url": "https://j.example/1", "content_html": "<p>x</p>", "date_published": "2026-11-20T10:00:00Z",
 "authors": [{"name": "A"}]}]}""",
    """<?xml version="1.0" encoding="utf-16"?><rss version="2.0"><channel><item><title>Ж</title></item>
</channel></rss>""".encode("utf-16"),
]


def longest_parse(feeds: list[bytes], count: int, seed: int) -> float:
    """Seconds of processor time of the longest parse of `count` mutants; an exception is the test's."""
    chance = random.Random(seed)
    worst = 0.0
    for _ in range(count):
        started = time.process_time()
        attempt(mutant(chance.choice(feeds), chance))
        worst = max(worst, time.process_time() - started)
    return worst


def test_1000_mutants_of_small_feeds_never_raise_nor_hang() -> None:
    assert longest_parse(OWN_FEEDS, 1000, seed=4) < 2


@pytest.mark.long
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.skipif(not REAL_FEEDS.is_dir(), reason="the real feeds are not part of the project")
def test_200_mutants_of_the_real_feeds_never_raise_nor_hang(seed: int) -> None:
    assert longest_parse([path.read_bytes() for path in sorted(REAL_FEEDS.glob("*.xml"))], 200, seed) < 10


@pytest.mark.skipif(not REAL_FEEDS.is_dir(), reason="the real feeds are not part of the project")
def test_every_entry_of_the_real_feeds_is_counted_dated_and_linked() -> None:
    found = [attempt(path.read_bytes()) for path in sorted(REAL_FEEDS.glob("*.xml"))]
    assert len(found) == 34
    entries = [entry for feed in found if isinstance(feed, ParsedFeed) for entry in feed.entries]
    assert len(entries) == 3033
    assert all(entry.url and entry.published_at and entry.title for entry in entries)


def test_an_entry_the_parser_stumbles_over_is_lost_alone() -> None:
    stumbling = "<item><title>B</title><textInput><title>x</title><link>y</link></textInput></item>"
    items = "<item><title>A</title></item>" + stumbling + "<item><title>C</title></item>"
    parsed = attempt(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())
    assert isinstance(parsed, ParsedFeed)
    assert [entry.title for entry in parsed.entries] == ["A", "C"]
    assert parsed.complaint == "1 of 3 entries could not be parsed (KeyError)"
