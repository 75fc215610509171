"""A made-up web of 50 papers to measure readers with: a server in a process of its own.

    python generated_site.py SECONDS_OF_LATENCY

prints the addresses of the feeds, one a line, and serves until its standard input ends. Every paper has a port
of its own, a robots.txt, a feed of 20 entries and their pages. A page is some 100 KB of markup around 3 to 4 KB
of article, which is what news pages weigh. All bodies are made and compressed before the first request, and an
answer costs the server 0.1 ms, so that it takes little from those it is measured with. It answers with an ETag
and Last-Modified, says 304 to who names them, and compresses for who can take it.

The words are those of the invented passages in tests/quiet and tests/labelled: of 20 articles one reports an
opening, six or seven are about AI, and the rest is other technology, business and everyday news.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from hashlib import sha256
from html import escape
from pathlib import Path

import yaml

PAPERS = 50
ARTICLES = 20
LENGTH = 3400
"""Least characters of an article's text."""
NEWEST = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
QUIET = Path(__file__).parents[1] / "quiet"
LABELLED = Path(__file__).parents[1] / "labelled"
AI_NEWS = ("en-ai-industry.txt", "en-near.txt")
OTHER_NEWS = ("en-technology.txt", "en-science-finance.txt", "en-everyday.txt", "en-letters.txt")
ROBOTS = b"User-agent: *\nDisallow: /search\nDisallow: /account/\nDisallow: /*?print=\n"
MODIFIED = format_datetime(NEWEST, usegmt=True)


@dataclass(frozen=True)
class Answer:
    """What one path answers, head and body together."""

    etag: bytes
    plain: bytes
    compressed: bytes
    unchanged: bytes


def answer(body: bytes, content_type: str, status: str = "200 OK") -> Answer:
    """A body with its headers, in all the ways it can be asked for."""
    etag = f'"{sha256(body).hexdigest()[:16]}"'

    def head(status: str, *more: str) -> bytes:
        validators = (f"ETag: {etag}", f"Last-Modified: {MODIFIED}", "Vary: Accept-Encoding")
        return "\r\n".join((f"HTTP/1.1 {status}", *validators, *more, "", "")).encode()

    packed = gzip.compress(body, 6)
    kind = f"Content-Type: {content_type}"
    return Answer(
        etag=etag.encode(),
        plain=head(status, kind, f"Content-Length: {len(body)}") + body,
        compressed=head(status, kind, "Content-Encoding: gzip", f"Content-Length: {len(packed)}") + packed,
        unchanged=head("304 Not Modified"),
    )


# -- words --------------------------------------------------------------------------------------------


def passages(names: tuple[str, ...]) -> list[str]:
    """The passages of some files of the quiet corpus."""
    return [
        " ".join(passage.split())
        for name in names
        for passage in (QUIET / name).read_text("utf-8").split("\n\n")
        if passage.strip()
    ]


def openings() -> list[str]:
    """Passages in which somebody puts weights online."""
    labelled = yaml.safe_load((LABELLED / "en-weights.yaml").read_text("utf-8"))
    return [f"{each['title']}. {' '.join(each['text'].split())}" for each in labelled if each["events"]]


def articles() -> Iterator[list[str]]:
    """The paragraphs of every article of all papers, the same at every call."""
    chance = random.Random(20)
    ai, other, opened = passages(AI_NEWS), passages(OTHER_NEWS), openings()
    for number in range(PAPERS * ARTICLES):
        about_ai = number % 20 == 0 or chance.random() < 0.35
        pool = ai if about_ai else other
        paragraphs: list[str] = [chance.choice(opened)] if number % 20 == 0 else []
        while sum(map(len, paragraphs)) < LENGTH:
            paragraphs.append(chance.choice(pool))
        yield paragraphs


# -- markup -------------------------------------------------------------------------------------------


def furniture(chance: random.Random) -> dict[str, str]:
    """Styles, scripts, pictures and links that a paper puts around every article."""

    def name() -> str:
        return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(4, 9)))

    styles = "".join(
        f".{name()}-{name()}__{name()}{{margin:{chance.randint(0, 40)}px;color:#{chance.getrandbits(24):06x};"
        f"font-size:{chance.randint(10, 40)}px;display:flex}}"
        for _ in range(250)
    )
    settings = {name(): {name(): name() * 3 for _ in range(8)} for _ in range(120)}
    code = "".join(
        f"function {name()}({name()}){{if({name()}<{chance.randint(1, 99)}){{return '{name()} {name()}'}}}}"
        for _ in range(150)
    )
    icons = "".join(
        f'<svg class="icon icon--{name()}" viewBox="0 0 24 24"><path d="M{path}z"/></svg>'
        for path in ("".join(f"{chance.uniform(0, 24):.2f} " for _ in range(120)) for _ in range(10))
    )
    menu = "".join(f'<li class="nav__item"><a href="/{name()}">{name().title()}</a></li>' for _ in range(45))
    footer = "".join(f'<li><a href="/about/{name()}">{name().title()} {name()}</a></li>' for _ in range(60))
    return {
        "styles": styles,
        "scripts": f"<script>window.__STATE__={json.dumps(settings)}</script><script>{code}</script>",
        "icons": icons,
        "menu": menu,
        "footer": footer,
    }


def card(address: str, title: str, paragraph: str) -> str:
    """A teaser of another article."""
    return (
        f'<div class="card"><a href="{address}"><img src="{address}.jpg" alt="" loading="lazy" srcset="'
        f'{address}-320.jpg 320w, {address}-640.jpg 640w, {address}-960.jpg 960w"><h3 class="card__title">'
        f'{escape(title)}</h3></a><p class="card__text">{escape(paragraph[:90])}</p><span>3 min</span></div>'
    )


def page(around: dict[str, str], site: str, written: list[Written], number: int) -> bytes:
    """One article in its page."""
    own = written[number]
    others = [other for other in written if other is not own]
    about = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": own.title,
        "datePublished": own.published.isoformat(), "author": [{"@type": "Person", "name": own.author}],
        "isAccessibleForFree": True,
    }  # fmt: skip
    metas = "".join(
        f'<meta property="og:{name}" content="{escape(value)}">'
        for name, value in (
            ("title", own.title),
            ("url", own.address),
            ("description", own.paragraphs[0][:150]),
        )
    )
    paragraphs = "".join(
        f'<p class="text">{escape(text)}</p>'
        + (f'<figure class="media"><img src="/i/{place}.jpg" alt=""><figcaption>Picture: archive</figcaption>'
           "</figure>" if place % 4 == 1 else "")
        for place, text in enumerate(own.paragraphs)
    )  # fmt: skip
    comments = "".join(
        f'<div class="comment"><b>Reader {place}</b><p>{escape(other.paragraphs[1][:160])}</p></div>'
        for place, other in enumerate(others[:8])
    )
    markup = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(own.title)} | {site}</title>{metas}
<link rel="canonical" href="{own.address}"><script type="application/ld+json">{json.dumps(about)}</script>
<style>{around["styles"]}</style>{around["scripts"]}</head>
<body class="page">
<header class="site-header"><a href="/">{site}</a><nav><ul class="nav">{around["menu"]}</ul></nav></header>
<main><article class="article"><h1>{escape(own.title)}</h1>
<div class="byline">By {own.author} <time datetime="{own.published.isoformat()}">{own.published:%d %B %Y}</time></div>
<div class="share">{around["icons"]}</div>
<div class="article__body">{paragraphs}</div></article>
<aside class="related">{"".join(card(each.address, each.title, each.paragraphs[0]) for each in others)}</aside>
<section class="comments" id="comments">{comments}</section></main>
<div class="newsletter"><h3>Our letter</h3><form><input type="email"><button>Subscribe</button></form></div>
<footer class="site-footer"><ul>{around["footer"]}</ul><p>{site}. All rights reserved.</p></footer>
<div class="cookie-banner">We use cookies. <button>Accept all</button><a href="/privacy">Cookie settings</a></div>
<script>{around["scripts"][8:12000].replace("<", "")}</script></body></html>"""
    return markup.encode()


@dataclass(frozen=True)
class Written:
    """An article as its page and its feed tell it."""

    address: str
    title: str
    author: str
    published: datetime
    paragraphs: list[str]


def feed(site: str, home: str, written: list[Written]) -> bytes:
    """The feed of a paper: titles, dates and the first paragraphs."""
    items = "".join(
        f"<item><title>{escape(each.title)}</title><link>{each.address}</link>"
        f'<guid isPermaLink="true">{each.address}</guid><dc:creator>{each.author}</dc:creator>'
        f"<pubDate>{format_datetime(each.published)}</pubDate>"
        f"<description>{escape('<p>' + escape(each.paragraphs[0]) + '</p>')}</description></item>"
        for each in written
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>{site}</title><link>{home}</link>'
        f"<description>Made up</description><language>en</language>{items}</channel></rss>"
    ).encode()


def paper(number: int, home: str, texts: list[list[str]]) -> dict[bytes, Answer]:
    """What every path of one paper answers."""
    chance = random.Random(number)
    site = f"Paper {number}"
    written = [
        Written(
            address=f"{home}/2026/{place:02}-{'-'.join(re.findall('[a-z]+', paragraphs[0].lower())[:5])}",
            title=paragraphs[0].split(". ")[0][:90],
            author=chance.choice(("Ada Holm", "Jonas Feld", "Mira Okafor", "Tove Lund")),
            published=NEWEST - timedelta(hours=7 * place + number),
            paragraphs=paragraphs,
        )
        for place, paragraphs in enumerate(texts)
    ]
    around = furniture(chance)
    answers = {
        b"/robots.txt": answer(ROBOTS, "text/plain"),
        b"/feed.xml": answer(feed(site, home, written), "application/rss+xml; charset=utf-8"),
    }
    for place, each in enumerate(written):
        path = each.address.removeprefix(home).encode()
        answers[path] = answer(page(around, site, written, place), "text/html; charset=utf-8")
    return answers


# -- serving ------------------------------------------------------------------------------------------

NOTHING = answer(b"<h1>There is nothing here</h1>", "text/html", "404 Not Found")


class Paper(asyncio.Protocol):
    """One connection to a paper."""

    def __init__(self, answers: dict[bytes, Answer], latency: float) -> None:
        self._answers = answers
        self._latency = latency
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remembers where to write."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answers as soon as a request is whole, and the latency over."""
        self._head += data
        while (end := self._head.find(b"\r\n\r\n")) >= 0:
            head, self._head = self._head[:end].lower(), self._head[end + 4 :]
            path = head.split(b" ", 2)[1]
            found = self._answers.get(path, NOTHING)
            if b"\r\nif-none-match: " + found.etag in head:
                body = found.unchanged
            elif any(
                line.startswith(b"accept-encoding:") and b"gzip" in line for line in head.split(b"\r\n")
            ):
                body = found.compressed
            else:
                body = found.plain
            asyncio.get_running_loop().call_later(self._latency, self._transport.write, body)


async def serve(latency: float) -> None:
    """Serves until standard input ends."""
    loop = asyncio.get_running_loop()
    texts = list(articles())
    addresses = []
    for number in range(PAPERS):
        answers: dict[bytes, Answer] = {}
        server = await loop.create_server(partial(Paper, answers, latency), "127.0.0.1", 0)
        home = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        answers.update(paper(number, home, texts[number * ARTICLES : (number + 1) * ARTICLES]))
        addresses.append(f"{home}/feed.xml")
    print("\n".join(addresses), flush=True)  # noqa: T201 - the caller reads it
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
