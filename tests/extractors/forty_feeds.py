"""Forty kinds of feed, played by a real server through 48 simulated hours, and what is expected of those who poll them.

    python -m tests.extractors.forty_feeds

prints the score of Ajar and of feedparser used as its documentation shows. Both make real requests over real
sockets; only the clock is made up: it stands still during a pass and jumps five minutes after it. What is
checked is what a publisher sees in the log, and which articles the reader believes to be new.
"""

from __future__ import annotations

import gzip
import http.client
import itertools
import json
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import feedparser

from extractors.fetch import Fetcher, FetchSettings
from extractors.records import KnownArticle, Request, Source
from extractors.schedule import plan_articles
from tests.extractors.scripted_server import Asked, Reply, ScriptedServer, raw, reply
from tests.extractors.simulated_days import Answer, Days, source

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
HOUR, STEP = timedelta(hours=1), timedelta(minutes=5)
END = START + 48 * HOUR
RSS = "application/rss+xml"


@dataclass(frozen=True, slots=True)
class Hit:
    """One request as the publisher logs it."""

    at: datetime
    asked: Asked

    def sent(self, name: str) -> bytes | None:
        """The value of a header; None when it was not sent."""
        return self.asked.header(name)


@dataclass
class Log:
    """What one publisher saw, and what the reader made of it."""

    hits: list[Hit] = field(default_factory=list)
    new: list[tuple[datetime, str]] = field(default_factory=list)
    """Titles the reader took for new articles, with the time."""

    @property
    def gaps(self) -> list[timedelta]:
        """Between one request and the next."""
        return [later.at - earlier.at for earlier, later in pairwise(self.hits)]

    def sent(self, name: str) -> list[bytes | None]:
        """A header of every request."""
        return [hit.sent(name) for hit in self.hits]

    def titles(self) -> list[str]:
        """Every title that was new, as often as it was."""
        return [title for _, title in self.new]


Answering = Callable[[Hit, int], Reply]
"""The answer to a hit, given how many came before it."""
Check = Callable[[Log], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of feed, with what is expected of those who poll it."""

    name: str
    answer: Answering
    checks: Mapping[str, Check]
    twice: bool = False
    """Listed by a second source as well."""

    @property
    def host(self) -> str:
        """Every kind has a domain of its own."""
        return f"{self.name}.example"


# -- documents ----------------------------------------------------------------------------------------


def item(title: str, *, guid: str | None = None, link: str | None = None, more: str = "") -> str:
    """One item of RSS."""
    address = link or f"/{title.replace(' ', '-')}"
    named = f"<guid isPermaLink='false'>{guid or title}</guid>"
    return f"<item><title>{title}</title><link>{address}</link>{named}{more}</item>"


def rss(*items: str, channel: str = "") -> bytes:
    """A document of RSS 2.0 with these items."""
    space = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"
    body = (
        f"<rss version='2.0' {space}><channel><title>Paper</title>{channel}{''.join(items)}</channel></rss>"
    )
    return body.encode()


NEWS = rss(item("one"), item("two"))


def hourly(hit: Hit) -> bytes:
    """A document with another item every hour."""
    return rss(*(item(f"hour {number}") for number in range(int((hit.at - START) / HOUR) + 1)))


def says(body: bytes = NEWS, status: int = 200, **headers: str) -> Reply:
    """An answer with headers, `_` standing for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return reply(status, body, {"Content-Type": RSS, **named})


def always(body: bytes = NEWS, status: int = 200, **headers: str) -> Answering:
    """The same answer to everybody."""
    return lambda hit, before: says(body, status, **headers)


def versioned(etag: str, body: bytes = NEWS, **headers: str) -> Answering:
    """A server that says 304 to who names the version byte for byte."""

    def answer(hit: Hit, before: int) -> Reply:
        known = hit.sent("if-none-match") == etag.encode("latin-1")
        return says(b"" if known else body, 304 if known else 200, ETag=etag, **headers)

    return answer


def in_order(*answers: Answering) -> Answering:
    """One answer after the other, the last one for ever."""
    return lambda hit, before: answers[min(before, len(answers) - 1)](hit, before)


def at_hours(first: int, last: int, then: Answering, otherwise: Answering) -> Answering:
    """Another answer between two hours of the play."""

    def answer(hit: Hit, before: int) -> Reply:
        return (then if START + first * HOUR <= hit.at < START + last * HOUR else otherwise)(hit, before)

    return answer


# -- expectations -------------------------------------------------------------------------------------


def names_version(name: str, value: bytes) -> Check:
    """Every request but the first names it, and one that asks for the whole once a day."""

    def check(log: Log) -> bool:
        later = log.sent(name)[1:]
        return len(later) > 3 and set(later) <= {value, None} and later.count(None) <= 2

    return check


def never_sends(*names: str, start: int = 0) -> Check:
    """From the `start`-th request on none of the headers is sent; there have to be such requests."""
    return lambda log: (
        len(log.hits) > start and all(each is None for name in names for each in log.sent(name)[start:])
    )


def waits(least: timedelta, start: int = 0) -> Check:
    """From the `start`-th request on it waits so long for the next; it does come back."""
    return lambda log: len(log.hits) > start + 1 and min(log.gaps[start:]) >= least


def times(least: int, most: int) -> Check:
    """It is asked so many times in the two days."""
    return lambda log: least <= len(log.hits) <= most


def each_once(*titles: str) -> Check:
    """Each of these is new once, and nothing else ever is."""
    return lambda log: sorted(log.titles()) == sorted(titles)


# -- the forty ----------------------------------------------------------------------------------------


def _redirect(status: int, path: str, target: Answering) -> Answering:
    """The feed's own path leads to another one of the same host."""

    def answer(hit: Hit, before: int) -> Reply:
        if hit.asked.path == "/feed":
            return reply(status, b"", {"Location": path})
        return target(hit, before)

    return answer


def _rotating_etag(hit: Hit, before: int) -> Reply:
    return says(ETag=f'"{before}"')


def _follows_rotation(log: Log) -> bool:
    wanted: list[bytes | None] = [None, *(b'"%d"' % number for number in range(len(log.hits) - 1))]
    return len(log.hits) > 3 and log.sent("if-none-match") == wanted


def _renewed_304(hit: Hit, before: int) -> Reply:
    return says(ETag='"0"') if before == 0 else says(b"", 304, ETag=f'"{before}"')


def _lying(hit: Hit, before: int) -> Reply:
    conditional = hit.sent("if-none-match") is not None
    return says(b"", 304) if conditional else says(hourly(hit), ETag='"stuck"')


def _skewed(hit: Hit, wait: timedelta) -> dict[str, str]:
    """The server's clock is five hours slow, and so are all its dates."""
    clock = hit.at - 5 * HOUR
    return {"Date": format_datetime(clock, usegmt=True), "when": format_datetime(clock + wait, usegmt=True)}


def _expires(hit: Hit, before: int) -> Reply:
    dates = _skewed(hit, 8 * HOUR)
    return says(Date=dates["Date"], Expires=dates["when"])


def _retry_at_date(hit: Hit, before: int) -> Reply:
    dates = _skewed(hit, 6 * HOUR)
    return says(b"", 429, Date=dates["Date"], Retry_After=dates["when"])


def _rotating_guid(hit: Hit, before: int) -> Reply:
    return says(rss(item("one", guid=f"guid-{before}"), item("two", guid=f"other-{before}")))


def _shuffled(hit: Hit, before: int) -> Reply:
    items = [item(f"story {number}") for number in range(6)]
    return says(rss(*next(itertools.islice(itertools.permutations(items), before * 37 % 700, None))))


def _coming_and_going(hit: Hit, before: int) -> Reply:
    return says(rss(item("one"), item("two")) if before % 2 == 0 else rss(item("one")))


def _tracked(hit: Hit, before: int) -> Reply:
    scheme = "https" if before else "http"
    link = f"{scheme}://tracked.example/one?utm_source=feed{before}"
    return says(rss(item("one", guid=link, link=link)))


def _half_gzip(hit: Hit, before: int) -> Reply:
    packed = gzip.compress(hourly(hit))
    half = packed[: len(packed) // 2]
    return reply(200, half if before == 1 else packed, {"Content-Type": RSS, "Content-Encoding": "gzip"})


def _close_delimited(hit: Hit, before: int) -> Reply:
    body = rss(item("one"), item("two"), item("three"))
    cut = body[: body.index(b"three") + 2] if before == 0 else body
    return raw(b'HTTP/1.0 200 OK\r\nContent-Type: application/rss+xml\r\nETag: "e"\r\n\r\n' + cut)


def _page_for_a_feed(hit: Hit, before: int) -> Reply:
    if before == 1:
        return reply(200, b"<html><body>We are back soon</body></html>", {"ETag": '"e"'})
    document = NEWS if before == 0 else rss(item("one"), item("two"), item("three"))
    known = hit.sent("if-none-match") == b'"e"'
    return says(b"" if known else document, 304 if known else 200, ETag='"e"')


JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Paper",
        "items": [{"id": "1", "url": "http://json.example/one", "title": "one", "content_text": "Words."}],
    }
).encode()
CYRILLIC = (
    "<rss version='2.0'><channel><title>Газета</title>" + item("Новость", guid="1") + "</channel></rss>"
).encode("windows-1251")
LATE_START = b"\n<!-- served by cache 7 -->\n<?xml version='1.0'?>\n" + rss(item("one"))
SKIPPED_HOURS = "".join(f"<hour>{hour}</hour>" for hour in range(12))
LISTED = ["one", "two"]

KINDS: tuple[Kind, ...] = (
    Kind("steady", versioned('"1"'), {
        "the first request names no version": lambda log: log.sent("if-none-match")[0] is None,
        "every later one names the version": names_version("if-none-match", b'"1"'),
        "what two sources list is asked for once": waits(HOUR),
    }, twice=True),
    Kind("weak", versioned('W/"1"'), {"a weak ETag comes back as it is": names_version("if-none-match", b'W/"1"')}),
    Kind("latin", versioned('"caf\xe9"'), {"one beyond ASCII too": names_version("if-none-match", b'"caf\xe9"')}),
    Kind("odd-date", always(Last_Modified="2026-01-05 00:00:00 +0100"), {
        "a Last-Modified that is no HTTP date comes back as it is":
            names_version("if-modified-since", b"2026-01-05 00:00:00 +0100"),
    }),
    Kind("bare", always(Set_Cookie="visitor=1; Path=/"), {
        "where there is no version none is named": never_sends("if-none-match", "if-modified-since"),
        "cookies are not sent back": never_sends("cookie", start=1),
    }),
    Kind("forgetful", in_order(always(ETag='"1"'), always()), {
        "a version that is no longer sent is dropped": never_sends("if-none-match", start=2),
    }),
    Kind("rotating", _rotating_etag, {"the newest version is named": _follows_rotation}),
    Kind("renewed", _renewed_304, {
        "a 304 may bring another version": lambda log: len(log.hits) > 3 and log.sent("if-none-match")[3] == b'"2"',
    }),
    Kind("lying", _lying, {
        "304 for ever: the whole is asked for once a day": lambda log: (
            len([each for each in log.sent("if-none-match") if each is None]) >= 2
            and any(at > START + 20 * HOUR for at, _ in log.new)
        ),
    }),
    Kind("no-store", always(ETag='"1"', Cache_Control="no-store"), {
        "no-store: no version is kept": never_sends("if-none-match"),
    }),
    Kind("max-age", always(Cache_Control="max-age=21600"), {"max-age is waited for": waits(6 * HOUR)}),
    Kind("expires", _expires, {"Expires is waited for by the server's own clock": waits(8 * HOUR)}),
    Kind("ttl", always(rss(item("one"), channel="<ttl>360</ttl>")), {"a ttl is waited for": waits(6 * HOUR)}),
    Kind("daily", always(rss(item("one"), channel="<sy:updatePeriod>daily</sy:updatePeriod>")), {
        "an update period is waited for": waits(24 * HOUR),
    }),
    Kind("skip-hours", always(rss(item("one"), channel=f"<skipHours>{SKIPPED_HOURS}</skipHours>")), {
        "excluded hours are kept free": lambda log: len(log.hits) > 3
            and all(hit.at.hour >= 12 for hit in log.hits[1:]),
    }),
    Kind("skip-days", always(rss(item("one"), channel="<skipDays><day>Tuesday</day></skipDays>")), {
        "and excluded days": lambda log: len(log.hits) > 3 and all(f"{hit.at:%A}" != "Tuesday" for hit in log.hits),
    }),
    Kind("busy", at_hours(5, 8, always(b"", 429, Retry_After="14400"), always()), {
        "429: the seconds of Retry-After are waited": lambda log: any(
            START + 5 * HOUR <= earlier.at < START + 8 * HOUR for earlier, _ in pairwise(log.hits)
        ) and all(
            later.at - earlier.at >= 4 * HOUR for earlier, later in pairwise(log.hits)
            if START + 5 * HOUR <= earlier.at < START + 8 * HOUR
        ),
    }),
    Kind("busy-date", in_order(always(), _retry_at_date, always()), {
        "or its date, by the server's own clock": lambda log: len(log.hits) > 3 and log.gaps[1] >= 6 * HOUR,
    }),
    Kind("unavailable", in_order(always(), always(b"", 503, Retry_After="10800"), always()), {
        "503: Retry-After is waited too": lambda log: len(log.hits) > 3 and log.gaps[1] >= 3 * HOUR,
    }),
    Kind("vague", always(b"", 429, Retry_After="soon"), {
        "a Retry-After that says nothing: ever less often, yet daily": times(2, 10),
    }),
    Kind("for-years", always(b"", 429, Retry_After="315360000"), {"nor does ten years silence a feed": times(2, 4)}),
    Kind("forbidden", always(b"", 403), {"403: ever less often, yet daily": times(2, 10)}),
    Kind("missing", always(b"", 404), {"404 likewise": times(2, 10)}),
    Kind("broken", always(b"", 500), {"500 likewise": times(2, 10)}),
    Kind("gone", always(b"", 410), {"410: no more than twice": times(1, 2)}),
    Kind("moved", at_hours(12, 99, _redirect(301, "/new", always()), always()), {
        "a move brings no article twice": each_once(*LISTED),
    }),
    Kind("parked", at_hours(6, 9, _redirect(301, "/for-sale", always(b"<html>For sale</html>")), always()), {
        "one 301 to a parking page moves nothing": lambda log: log.titles() == LISTED
            and log.hits[-1].asked.path == "/feed" and log.hits[-1].at > START + 24 * HOUR,
    }),
    Kind("elsewhere", _redirect(302, "/today", always()), {
        "302 is asked at its own address every time": lambda log: len(log.hits) > 6
            and [hit.asked.path for hit in log.hits[::2]] == ["/feed"] * len(log.hits[::2]),
    }),
    Kind("circle", _redirect(302, "/feed", always()), {"a circle of redirects ends, and seldom begins": times(2, 20)}),
    Kind("maintenance", _page_for_a_feed, {
        "a page in place of the feed keeps no version": each_once("one", "two", "three"),
    }),
    Kind("half", _half_gzip, {
        "half a compressed body is no document": lambda log: len(set(log.titles())) == len(log.titles()) > 10,
        "compression is asked for": lambda log: all(b"gzip" in (each or b"") for each in log.sent("accept-encoding")),
    }),
    Kind("cut", _close_delimited, {
        "of a document that breaks off the whole entries count, and no version": lambda log: (
            sorted(log.titles()) == ["one", "three", "two"] and log.sent("if-none-match")[1] is None
        ),
    }),
    Kind("empty", in_order(always(b""), always()), {"an empty answer is not the end": each_once(*LISTED)}),
    Kind("late-start", always(LATE_START), {"what stands before the declaration hides no feed": each_once("one")}),
        Kind("cyrillic", lambda hit, before: reply(200, CYRILLIC, {"Content-Type": "text/xml; charset=windows-1251"}), {
        "the encoding of the header counts": each_once("Новость"),
    }),
    Kind("json", lambda hit, before: reply(200, JSON_FEED, {"Content-Type": "application/feed+json"}), {
        "JSON Feed is read": each_once("one"),
    }),
    Kind("new-guids", _rotating_guid, {"guids that change at every poll bring nothing new": each_once(*LISTED)}),
    Kind("tracked", _tracked, {"nor do https and tracking parameters": each_once("one")}),
    Kind("shuffled", _shuffled, {"nor another order": each_once(*(f"story {number}" for number in range(6)))}),
    Kind("coming-and-going", _coming_and_going, {"nor what went and came back": each_once(*LISTED)}),
)  # fmt: skip


def _honest(logs: Iterable[Log]) -> bool:
    names = [name or b"" for log in logs for name in log.sent("user-agent")]
    return all(name.startswith(b"Ajar/") and b"+reader@example.org" in name for name in names)


def _spread(logs: Iterable[Log]) -> bool:
    """After the first pass, in which everything is new, no five minutes see half of the feeds."""
    starts = [hit.at for log in logs for hit in log.hits if hit.at > START]
    return max(starts.count(at) for at in set(starts)) < len(KINDS) / 2


OF_ALL: Mapping[str, Callable[[list[Log]], bool]] = {
    "who asks says so, and how to reach him": _honest,
    "no Referer is sent": lambda logs: all(each is None for log in logs for each in log.sent("referer")),
    "no feed is asked more than once an hour": lambda logs: all(
        gap >= HOUR or later.asked.path != "/feed"
        for log in logs
        for gap, later in zip(log.gaps, log.hits[1:], strict=True)
        if gap
    ),
    "starts are spread over the hour": _spread,
}
"""What holds of all of them together."""


# -- the play -----------------------------------------------------------------------------------------

Poll = Callable[[datetime], None]
"""A reader's pass at a moment."""


class Play:
    """The server of all kinds, its clock, and the logs it keeps."""

    def __init__(self) -> None:
        self.now = START
        self.logs = {kind.host: Log() for kind in KINDS}
        self.server = ScriptedServer(
            {kind.host + path: self._answering(kind) for kind in KINDS for path in PATHS}
        )

    def _answering(self, kind: Kind) -> Callable[[Asked], Reply]:
        log = self.logs[kind.host]

        def answer(asked: Asked) -> Reply:
            hit = Hit(self.now, asked)
            log.hits.append(hit)
            return kind.answer(hit, len(log.hits) - 1)

        return answer

    def run(self, reader: Callable[[Play], Poll]) -> dict[str, bool]:
        """Two days of one reader; every check by what it says, and whether it holds."""
        try:
            poll = reader(self)
            while self.now < END:
                poll(self.now)
                self.now += STEP
        finally:
            self.server.stop()
        held = {
            f"{kind.name}: {says}": check(self.logs[kind.host])
            for kind in KINDS
            for says, check in kind.checks.items()
        }
        return held | {says: check(list(self.logs.values())) for says, check in OF_ALL.items()}

    def note_new(self, host: str, title: str) -> None:
        """A reader takes a title of a host for a new article."""
        self.logs[host].new.append((self.now, title))


PATHS = ("/feed", "/new", "/for-sale", "/today")


def ajar(play: Play) -> Poll:
    """Ajar: what is due is planned, asked, parsed and remembered by the code that does so in every pass."""
    hosts = play.server.as_hosts(play.logs)
    settings = FetchSettings(contact="reader@example.org", connect_to=hosts, host_gap_seconds=0)
    sources = [source(f"http://{kind.host}/feed", id=kind.name) for kind in KINDS]
    sources += [source(f"http://{kind.host}/feed", id=f"{kind.name}-again") for kind in KINDS if kind.twice]
    by_id: dict[str, Source] = {each.id: each for each in sources}
    known: dict[str, KnownArticle] = {}
    fetcher = Fetcher(settings)

    def ask(request: Request, now: datetime) -> Answer:
        return fetcher.fetch(request, now)

    days = Days(sources, ask, now=START)

    def poll(now: datetime) -> None:
        nonlocal fetcher
        fetcher, days.now = Fetcher(settings), now
        read = [visit for visit in days.pass_once() if visit.row.outcome == "read"]
        entries = [entry for visit in read for entry in getattr(visit.parsed, "entries", ())]
        for planned in plan_articles(entries, known, now, sources=by_id).articles:
            entry = planned.entry
            if planned.why == "new":
                play.note_new(f"{entry.source}.example", entry.title)
            known[planned.article_id] = KnownArticle(
                article_id=planned.article_id,
                source=entry.source,
                guid=entry.guid,
                url=entry.url or entry.canonical_url,
                entry_hash=entry.entry_hash,
                text_hash="",
                attempts=1,
                retry_at=None,
                has_text=True,
            )

    return poll


def as_documented(play: Play) -> Poll:
    """feedparser as its documentation shows it: every hour, with the ETag and Last-Modified of last time."""

    class Connection(http.client.HTTPConnection):
        def connect(self) -> None:
            self.host, self.port = "127.0.0.1", play.server.port
            super().connect()

    class Handler(urllib.request.HTTPHandler):
        def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
            return self.do_open(Connection, req)

    versions: dict[str, tuple[Any, Any]] = {}
    seen: set[tuple[str, str]] = set()

    def poll(now: datetime) -> None:
        if now.minute:
            return
        for kind in KINDS:
            etag, modified = versions.get(kind.host, (None, None))
            parsed = feedparser.parse(
                f"http://{kind.host}/feed", etag=etag, modified=modified, handlers=[Handler()]
            )
            if parsed.get("status") == 304:
                continue
            versions[kind.host] = parsed.get("etag"), parsed.get("modified")
            for entry in parsed.entries:
                key = kind.host, entry.get("id") or entry.get("link", "")
                if key not in seen:
                    seen.add(key)
                    play.note_new(kind.host, entry.get("title", ""))

    return poll


def main() -> None:
    """Play with both, print the scores and what did not hold."""
    for name, reader in (("Ajar", ajar), ("feedparser as documented", as_documented)):
        held = Play().run(reader)
        print(f"{name}: {sum(held.values())} of {len(held)} checks hold, on {len(KINDS)} kinds of feed")  # noqa: T201
        for says, holds in held.items():
            if not holds:
                print(f"    not: {says}")  # noqa: T201


if __name__ == "__main__":
    main()
