"""How a pass treats publishers: it says who asks, spaces its requests, obeys robots.txt (FETCHING B, G)."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from extractors.fetch import MOST_WAITING, Fetcher, FetchSettings
from extractors.records import FetchFailure, Request, Snapshot
from tests.extractors.scripted_server import Asked, Reply, ScriptedServer, raw, reply

pytestmark = pytest.mark.usefixtures("no_fetch_threads_left")

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
GAP = 0.5


def feeds(*urls: str) -> list[Request]:
    return [Request(url=url, role="feed") for url in urls]


def articles(*urls: str) -> list[Request]:
    return [Request(url=url, role="article") for url in urls]


def fetcher_for(server: ScriptedServer, hosts: Iterable[str], **settings: Any) -> Fetcher:
    settings = {"host_gap_seconds": 0.0, **settings}
    return Fetcher(FetchSettings(connect_to=server.as_hosts(hosts), **settings))


def by_url(answers: Iterable[Snapshot | FetchFailure]) -> dict[str, Snapshot | FetchFailure]:
    return {answer.url: answer for answer in answers}


def assert_spaced(starts: list[float], gap: float) -> None:
    """The server sees a request a little after its start, and on a busy machine by differing delays."""
    assert starts[-1] - starts[0] >= gap * (len(starts) - 1.5)
    assert min(later - earlier for earlier, later in pairwise(starts)) >= gap * 0.3


# 23 -- who asks


def test_a_request_says_who_asks_and_whom_to_write_to(server: ScriptedServer) -> None:
    server.routes["/feed"] = reply(body=b"fine")
    fetcher = fetcher_for(server, ["a.example"], contact="press-watch@example.org")
    fetcher.fetch(feeds("http://a.example/feed")[0], NOW)
    (asked,) = server.asked
    agent = (asked.header("user-agent") or b"").decode()
    assert re.fullmatch(r"Ajar/\d+\.\d+\.\d+ \(\+press-watch@example\.org\)", agent)
    assert b"application/rss+xml" in (asked.header("accept") or b"")
    assert {name for name, _ in asked.headers} == {"host", "user-agent", "accept", "accept-encoding"}


# 2, 3, 4 -- validators on the wire


@pytest.mark.parametrize("etag", [b'"strong"', b'W/"weak"', b"unquoted", b'"a", "b"', b'"\xe9t\xe9"', b'""'])
def test_a_validator_goes_back_byte_for_byte(server: ScriptedServer, etag: bytes) -> None:
    def as_asked(asked: Asked) -> Reply:
        return (
            reply(304) if asked.header("if-none-match") == etag else reply(body=b"x", headers={"ETag": etag})
        )

    server.routes["/feed"] = as_asked
    fetcher = fetcher_for(server, ["a.example"])
    first = fetcher.fetch(feeds("http://a.example/feed")[0], NOW)
    assert isinstance(first, Snapshot)
    sent = (first.header("etag") or "").encode("latin-1")
    again = Request(url="http://a.example/feed", role="feed", headers=(("If-None-Match", sent),))
    second = fetcher.fetch(again, NOW)
    assert isinstance(second, Snapshot)
    assert (second.status, second.body) == (304, b"")


# 21, 81 -- spacing


def test_starts_at_one_domain_keep_their_gap_across_feeds_and_pages(server: ScriptedServer) -> None:
    urls = [f"http://www.paper.example/{n}" for n in range(3)] + ["http://feeds.paper.example/feed"]
    for n in range(3):
        server.routes[f"/{n}"] = reply(body=b"page")
    server.routes["/feed"] = reply(body=b"feed")
    fetcher = fetcher_for(server, ["www.paper.example", "feeds.paper.example"], host_gap_seconds=GAP)
    list(fetcher.fetch_many(feeds(urls[3]), NOW))
    list(fetcher.fetch_many(articles(*urls[:3]), NOW))
    starts = sorted(asked.at for asked in server.asked)
    assert len(starts) == 5  # robots.txt counts too
    assert_spaced(starts, GAP)


def test_gaps_of_different_domains_run_side_by_side(server: ScriptedServer) -> None:
    hosts = [f"paper{n}.example" for n in range(20)]
    server.routes.update({"/a": reply(body=b"a"), "/b": reply(body=b"b")})
    fetcher = fetcher_for(server, hosts, host_gap_seconds=0.5)
    started = time.monotonic()
    urls = [f"http://{host}/{path}" for host in hosts for path in "ab"]
    assert len(list(fetcher.fetch_many(feeds(*urls), NOW))) == 40
    assert 0.5 <= time.monotonic() - started < 5  # one after the other: 10


def test_one_domain_is_asked_at_most_twice_at_a_time(server: ScriptedServer) -> None:
    def slow(asked: Asked) -> Reply:
        time.sleep(0.05)
        return reply(body=b"fine")

    urls = []
    for n in range(12):
        server.routes[f"/{n}"] = slow
        urls.append(f"http://{'www' if n % 2 else 'news'}.paper.example/{n}")
    fetcher = fetcher_for(server, ["www.paper.example", "news.paper.example"])
    assert all(isinstance(answer, Snapshot) for answer in fetcher.fetch_many(feeds(*urls), NOW))
    assert server.most_at_once == 2


def test_a_host_set_apart_has_a_budget_of_its_own(server: ScriptedServer) -> None:
    server.routes["/feed"] = reply(429)
    hosts = ["a.blogs.example", "b.blogs.example", "c.blogs.example"]
    fetcher = fetcher_for(server, hosts, separate_hosts=frozenset({"c.blogs.example"}))
    for host in hosts:
        fetcher.fetch(feeds(f"http://{host}/feed")[0], NOW)
    assert [asked.header("host") for asked in server.asked] == [b"a.blogs.example", b"c.blogs.example"]


def test_the_users_own_machine_is_asked_without_gaps(server: ScriptedServer) -> None:
    server.routes.update({f"/{n}": reply(body=b"fine") for n in range(50)})
    fetcher = Fetcher(FetchSettings(allow_private=True, host_gap_seconds=5.0))
    started = time.monotonic()
    assert len(list(fetcher.fetch_many(feeds(*(server.url(f"/{n}") for n in range(50))), NOW))) == 50
    assert time.monotonic() - started < 5.0


# 19 -- pauses


def test_after_a_429_nothing_more_of_the_domain_is_asked_in_this_pass(server: ScriptedServer) -> None:
    server.routes["/first"] = reply(429, headers={"Retry-After": "600"})
    server.routes["/second"] = reply(body=b"fine")
    hosts = ["www.paper.example", "blog.paper.example", "other.example"]
    fetcher = fetcher_for(server, hosts, host_connections=1)
    answers = by_url(
        fetcher.fetch_many(
            feeds(
                "http://www.paper.example/first",
                "http://blog.paper.example/second",
                "http://other.example/second",
            ),
            NOW,
        )
    )
    paused = answers["http://blog.paper.example/second"]
    assert isinstance(paused, FetchFailure)
    assert (paused.kind, paused.transient) == ("refused", True)
    assert "600 s" in paused.reason
    assert isinstance(answers["http://other.example/second"], Snapshot)
    assert sorted(server.paths()) == ["/first", "/second"]


# hosts out of reach


def test_a_host_that_cannot_be_reached_is_not_tried_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def getaddrinfo(host: str, *_: Any, **__: Any) -> Any:
        asked.append(host)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    urls = [f"http://gone{n % 100}.example/{n}" for n in range(3000)]
    fetcher = Fetcher(FetchSettings(host_gap_seconds=5.0))
    started = time.monotonic()
    answers = list(fetcher.fetch_many(articles(*urls), NOW))
    assert time.monotonic() - started < 20
    assert len(answers) == 3000
    assert all(isinstance(answer, FetchFailure) and answer.transient for answer in answers)
    assert len(asked) <= 300


def test_feeds_of_a_silent_host_are_given_up_after_three(server: ScriptedServer) -> None:
    server.routes.update({f"/{n}": raw(b"", hang=True) for n in range(8)})
    fetcher = fetcher_for(server, ["silent.example"], deadline_seconds=0.2, host_connections=1)
    answers = list(fetcher.fetch_many(feeds(*(f"http://silent.example/{n}" for n in range(8))), NOW))
    assert len(server.asked) == 3
    reasons = [answer.reason for answer in answers if isinstance(answer, FetchFailure)]
    assert sum("not asked again" in reason for reason in reasons) == 5


def test_an_error_of_the_server_is_no_reason_to_give_up_its_host(server: ScriptedServer) -> None:
    server.routes.update({f"/{n}": reply(500) for n in range(6)})
    fetcher = fetcher_for(server, ["ill.example"])
    list(fetcher.fetch_many(feeds(*(f"http://ill.example/{n}" for n in range(6))), NOW))
    assert len(server.asked) == 6


# 24 -- robots.txt


def allowed(server: ScriptedServer, robots: Reply, path: str = "/page", **settings: Any) -> bool:
    server.routes["/robots.txt"] = robots
    server.routes[path] = reply(body=b"page")
    fetcher = fetcher_for(server, ["a.example"], **settings)
    return isinstance(fetcher.fetch(articles(f"http://a.example{path}")[0], NOW), Snapshot)


@pytest.mark.parametrize(
    ("rules", "path", "expected"),
    [
        (b"User-agent: *\nDisallow: /\n", "/page", False),
        (b"User-agent: *\nDisallow: /\nAllow: /page\n", "/page", True),
        (b"User-agent: *\nAllow: /\nDisallow: /page\n", "/page", False),
        (b"User-agent: *\nDisallow: /*.pdf$\n", "/report.pdf", False),
        (b"User-agent: *\nDisallow: /*.pdf$\n", "/report.pdf?page=2", True),
        (b"User-agent: *\nDisallow: /private*/news\n", "/private-7/news", False),
        (b"User-agent: other\nDisallow: /\n", "/page", True),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: ajar\nDisallow:\n", "/page", True),
        (b"User-agent: ajar\nDisallow: /a\n\nUser-agent: *\nAllow: /\n\nUser-agent: Ajar\nDisallow: /page\n",
         "/page", False),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /page\n", "/page", False),
        (b"<html><body>Not here</body></html>", "/page", True),
        (b"\xff\xfe\x00 nonsense", "/page", True),
        (b"", "/page", True),
    ],
)  # fmt: skip
def test_robots_rules_are_obeyed(server: ScriptedServer, rules: bytes, path: str, expected: bool) -> None:
    assert allowed(server, reply(body=rules), path) is expected


def test_a_page_that_robots_forbids_is_not_asked_for(server: ScriptedServer) -> None:
    server.routes["/robots.txt"] = reply(body=b"User-agent: *\nDisallow: /page\n")
    answer = fetcher_for(server, ["a.example"]).fetch(articles("http://a.example/page")[0], NOW)
    assert isinstance(answer, FetchFailure)
    assert (answer.kind, answer.transient) == ("robots", False)
    assert [asked.path for asked in server.asked] == ["/robots.txt"]


def test_robots_are_obeyed_where_a_redirect_leads(server: ScriptedServer) -> None:
    server.routes["a.example/page"] = reply(302, headers={"Location": "http://b.example/page"})
    server.routes["b.example/robots.txt"] = reply(body=b"User-agent: *\nDisallow: /page\n")
    answer = fetcher_for(server, ["a.example", "b.example"]).fetch(articles("http://a.example/page")[0], NOW)
    assert isinstance(answer, FetchFailure)
    assert answer.kind == "robots"
    assert "b.example" in answer.reason
    assert server.paths() == ["/page"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_no_robots_file_allows_everything(server: ScriptedServer, status: int) -> None:
    assert allowed(server, reply(status))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_robots_file_that_fails_forbids_for_now(server: ScriptedServer, status: int) -> None:
    server.routes["/robots.txt"] = reply(status)
    answer = fetcher_for(server, ["a.example"]).fetch(articles("http://a.example/page")[0], NOW)
    assert isinstance(answer, FetchFailure)
    assert answer.transient
    assert server.paths() == []


def test_a_robots_file_out_of_reach_forbids_for_now(server: ScriptedServer) -> None:
    server.routes["/robots.txt"] = raw(b"", hang=True)
    fetcher = fetcher_for(server, ["a.example"], deadline_seconds=0.3)
    answer = fetcher.fetch(articles("http://a.example/page")[0], NOW)
    assert isinstance(answer, FetchFailure)
    assert (answer.kind, answer.transient) == ("timeout", True)
    assert server.paths() == []


def test_a_robots_file_is_read_to_500_kib(server: ScriptedServer) -> None:
    padding = b"# " + b"x" * 98 + b"\n"
    rules = b"User-agent: *\nDisallow: /early\n" + padding * 6000 + b"Disallow: /late\n"
    assert not allowed(server, reply(body=rules), "/early")
    assert allowed(server, reply(body=rules), "/late")


def test_a_robots_redirect_is_followed_five_times(server: ScriptedServer) -> None:
    for n in range(8):
        server.routes[f"/hop{n}"] = reply(302, headers={"Location": f"/hop{n + 1}"})
    server.routes["/hop5"] = reply(body=b"User-agent: *\nDisallow: /\n")
    assert not allowed(server, reply(302, headers={"Location": "/hop1"}))
    server.routes["/hop5"] = reply(302, headers={"Location": "/hop6"})
    assert allowed(server, reply(302, headers={"Location": "/hop1"}))


def test_robots_are_read_once_for_a_host_and_not_for_feeds(server: ScriptedServer) -> None:
    server.routes["/robots.txt"] = reply(body=b"User-agent: *\nDisallow: /feed\n")
    server.routes.update({path: reply(body=b"fine") for path in ("/feed", "/a", "/b", "/c")})
    fetcher = fetcher_for(server, ["a.example"])
    answers = list(fetcher.fetch_many(feeds("http://a.example/feed"), NOW))
    answers += fetcher.fetch_many(articles(*(f"http://a.example/{path}" for path in "abc")), NOW)
    assert all(isinstance(answer, Snapshot) for answer in answers)
    assert [asked.path for asked in server.asked].count("/robots.txt") == 1


def test_robots_are_kept_for_a_day_between_passes(server: ScriptedServer, tmp_path: Path) -> None:
    server.routes["/robots.txt"] = reply(body=b"User-agent: *\nDisallow: /page\n")
    for hours, expected in ((0, 1), (23, 1), (25, 2)):
        fetcher = fetcher_for(server, ["a.example"], robots_file=tmp_path / "cache" / "robots.json")
        answer = fetcher.fetch(articles("http://a.example/page")[0], NOW + timedelta(hours=hours))
        assert isinstance(answer, FetchFailure)
        assert answer.kind == "robots"
        assert len(server.asked) == expected


def test_a_broken_robots_cache_is_as_good_as_none(server: ScriptedServer, tmp_path: Path) -> None:
    file = tmp_path / "robots.json"
    file.write_text("[half a", encoding="utf-8")
    assert allowed(server, reply(404), robots_file=file)


def test_a_crawl_delay_widens_the_gap(server: ScriptedServer) -> None:
    server.routes["/robots.txt"] = reply(body=b"User-agent: *\nCrawl-delay: 0.6\n")
    server.routes.update({f"/{n}": reply(body=b"fine") for n in range(3)})
    fetcher = fetcher_for(server, ["a.example"])
    list(fetcher.fetch_many(articles(*(f"http://a.example/{n}" for n in range(3))), NOW))
    starts = [asked.at for asked in server.asked if asked.path != "/robots.txt"]
    assert_spaced(starts, 0.6)


# the iterator


def test_requests_are_taken_as_they_are_needed(server: ScriptedServer) -> None:
    server.routes["/feed"] = reply(body=b"fine")
    taken = []

    def without_end() -> Iterator[Request]:
        while True:
            taken.append(1)
            yield from feeds(server.url("/feed"))

    answers = Fetcher(FetchSettings(allow_private=True)).fetch_many(without_end(), NOW)
    assert all(isinstance(next(answers), Snapshot) for _ in range(20))
    answers.close()
    assert len(taken) <= MOST_WAITING + 21


def test_one_fetcher_serves_two_threads(server: ScriptedServer) -> None:
    server.routes["/feed"] = reply(body=b"fine")
    fetcher = Fetcher(FetchSettings(allow_private=True))
    counts = []

    def read() -> None:
        answers = fetcher.fetch_many(feeds(*[server.url("/feed")] * 40), NOW)
        counts.append(sum(isinstance(answer, Snapshot) for answer in answers))

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert counts == [40, 40]


def test_answers_that_nobody_took_do_not_hold_up_others(server: ScriptedServer) -> None:
    server.routes["/fine"] = reply(body=b"fine")
    server.routes["/silent"] = raw(b"", hang=True)
    fetcher = Fetcher(FetchSettings(allow_private=True, connections=3, deadline_seconds=60.0))
    # The request that hangs keeps the loop alive and one of the three shares taken.
    keeper = fetcher.fetch_many(feeds(server.url("/fine"), server.url("/silent")), NOW)
    next(keeper)
    stopped_early = fetcher.fetch_many(feeds(*[server.url("/fine")] * 6), NOW)
    next(stopped_early)
    while len(server.asked) < 5 or server.at_once > 1:
        time.sleep(0.01)
    stopped_early.close()
    assert isinstance(fetcher.fetch(feeds(server.url("/fine"))[0], NOW), Snapshot)
    keeper.close()


def test_healthy_answers_come_before_slow_ones(server: ScriptedServer) -> None:
    server.routes["/silent"] = raw(b"", hang=True)
    server.routes["/fine"] = reply(body=b"fine")
    hosts = [f"silent{n}.example" for n in range(30)] + [f"fine{n}.example" for n in range(30)]
    fetcher = fetcher_for(server, hosts, deadline_seconds=3.0)
    urls = [f"http://{host}/{'silent' if host.startswith('silent') else 'fine'}" for host in hosts]
    order = [isinstance(answer, Snapshot) for answer in fetcher.fetch_many(feeds(*urls), NOW)]
    assert order == [True] * 30 + [False] * 30
