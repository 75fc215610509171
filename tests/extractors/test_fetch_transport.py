"""Limits of one request: time, size, encodings, headers, names, certificates (FETCHING D)."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from extractors.fetch import Fetcher, FetchSettings
from extractors.records import FetchFailure, Request, Snapshot
from tests.extractors.scripted_server import Asked, Reply, ScriptedServer, raw, reply

pytestmark = pytest.mark.usefixtures("no_fetch_threads_left")

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXT = b"<rss>" + b"a few words of news, " * 400 + b"</rss>"


def fetch(
    url: str, *, headers: tuple[tuple[str, bytes], ...] = (), **settings: Any
) -> Snapshot | FetchFailure:
    """One request for a feed, on this machine."""
    fetcher = Fetcher(FetchSettings(allow_private=True, **settings))
    return fetcher.fetch(Request(url=url, role="feed", headers=headers), NOW)


def failed(answer: Snapshot | FetchFailure) -> FetchFailure:
    """The answer, which must be a failure."""
    assert isinstance(answer, FetchFailure), answer
    return answer


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "zlib": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "gzip in gzip": ("gzip, gzip", lambda body: gzip.compress(gzip.compress(body, mtime=0))),
}


# 36 -- time


def test_a_body_that_drips_ends_at_the_deadline(server: ScriptedServer) -> None:
    server.routes["/"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"x" * 5000, drip=(45, 0.2))
    failure = failed(fetch(server.url(), deadline_seconds=1.0))
    assert failure.kind == "timeout"
    assert failure.seconds < 2.0


def test_headers_that_drip_end_at_the_deadline(server: ScriptedServer) -> None:
    server.routes["/"] = raw(b"HTTP/1.1 200 OK\r\n", b"X-More: yes\r\n" * 500, drip=(3, 0.1))
    failure = failed(fetch(server.url(), deadline_seconds=1.0))
    assert failure.kind == "timeout"
    assert failure.seconds < 2.0


def test_a_server_that_says_nothing_ends_at_the_deadline(server: ScriptedServer) -> None:
    server.routes["/"] = raw(b"", hang=True)
    failure = failed(fetch(server.url(), deadline_seconds=0.5))
    assert (failure.kind, failure.transient) == ("timeout", True)
    assert 0.4 < failure.seconds < 1.5


def test_redirects_share_one_deadline(server: ScriptedServer) -> None:
    def slow(asked: Asked) -> Reply:
        time.sleep(0.4)
        return reply(302, headers={"Location": asked.path + "x"})

    for hops in range(11):
        server.routes["/" + "x" * hops] = slow
    failure = failed(fetch(server.url("/"), deadline_seconds=1.0))
    assert failure.kind == "timeout"
    assert failure.seconds < 2.0


# 37, 38 -- size


@pytest.mark.parametrize("packed", ["gzip", "zlib", "raw deflate", "gzip in gzip"])
def test_a_decompression_bomb_is_stopped_at_the_cap(server: ScriptedServer, packed: str) -> None:
    encoding, pack = PACKERS[packed]
    bomb = pack(bytes(100_000_000))
    server.routes["/"] = reply(body=bomb, headers={"Content-Encoding": encoding})
    tracemalloc.start()
    try:
        failure = failed(fetch(server.url(), body_cap=1_000_000))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert failure.kind == "too_large"
    assert peak < 1_000_000 + 50_000_000


def test_endless_padding_after_a_compressed_stream_is_stopped(server: ScriptedServer) -> None:
    body = gzip.compress(TEXT, mtime=0) + bytes(3_000_000)
    server.routes["/"] = raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", body)
    assert failed(fetch(server.url(), body_cap=1_000_000)).kind == "too_large"


def test_a_length_over_the_cap_is_refused_before_the_body(server: ScriptedServer) -> None:
    server.routes["/"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n", hang=True)
    failure = failed(fetch(server.url(), body_cap=1_000_000, deadline_seconds=20.0))
    assert (failure.kind, failure.transient) == ("too_large", False)
    assert failure.seconds < 5


def test_a_body_of_exactly_the_cap_is_read(server: ScriptedServer) -> None:
    server.routes["/"] = reply(body=b"x" * 1000)
    answer = fetch(server.url(), body_cap=1000)
    assert isinstance(answer, Snapshot)
    assert len(answer.body) == 1000


def test_many_large_bodies_at_once_stay_within_the_memory(server: ScriptedServer) -> None:
    server.routes["/"] = reply(body=b"x" * 4_000_000)
    fetcher = Fetcher(FetchSettings(allow_private=True))
    tracemalloc.start()
    try:
        total = 0
        for answer in fetcher.fetch_many([Request(url=server.url("/"), role="feed")] * 60, NOW):
            assert isinstance(answer, Snapshot), answer
            total += len(answer.body)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total == 60 * 4_000_000
    # Eight large bodies are held at a time; the server of this test holds one more copy.
    assert peak < 160_000_000


# 39, 40 -- half bodies


@pytest.mark.parametrize("packed", sorted(PACKERS))
def test_half_a_compressed_body_is_an_error(server: ScriptedServer, packed: str) -> None:
    encoding, pack = PACKERS[packed]
    whole = pack(TEXT)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nConnection: close\r\n\r\n".encode()
    server.routes["/"] = raw(head, whole[: len(whole) // 2])
    failure = failed(fetch(server.url()))
    assert (failure.kind, failure.transient) == ("truncated", True)


def test_half_of_an_announced_length_is_an_error(server: ScriptedServer) -> None:
    server.routes["/"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x" * 500)
    assert failed(fetch(server.url())).kind == "truncated"


def test_half_of_a_chunked_body_is_an_error(server: ScriptedServer) -> None:
    server.routes["/"] = raw(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"5\r\nhello\r\n5\r\nwo"
    )
    assert failed(fetch(server.url())).kind == "truncated"


def test_an_http_1_0_body_ends_where_the_connection_does(server: ScriptedServer) -> None:
    server.routes["/"] = raw(b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n", TEXT[:-6])
    answer = fetch(server.url())
    assert isinstance(answer, Snapshot)
    assert answer.body == TEXT[:-6]  # whether the feed is whole is for its reader to see


# 41 -- labels of encodings


@pytest.mark.parametrize(
    ("label", "sent"),
    [
        ("gzip", TEXT),
        ("deflate, gzip", gzip.compress(zlib.compress(TEXT), mtime=0)),
        ("x-gzip", gzip.compress(TEXT, mtime=0)),
        ("GZIP", gzip.compress(TEXT, mtime=0)),
        ("utf-8", TEXT),
        ("none", TEXT),
        ("identity", TEXT),
        ("", TEXT),
        ("binary", TEXT),
        ("utf-8", gzip.compress(TEXT, mtime=0)),
        ("identity", gzip.compress(TEXT, mtime=0)),
        ("deflate", gzip.compress(TEXT, mtime=0)),
        ("gzip", gzip.compress(TEXT[:1000], mtime=0) + gzip.compress(TEXT[1000:], mtime=0)),
        ("gzip", gzip.compress(TEXT, mtime=0) + b"\x00" * 512),
    ],
)
def test_a_careless_label_does_not_spoil_the_body(server: ScriptedServer, label: str, sent: bytes) -> None:
    server.routes["/"] = reply(body=sent, headers={"Content-Encoding": label})
    answer = fetch(server.url())
    assert isinstance(answer, Snapshot), answer
    assert answer.body == TEXT
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("label", "sent"),
    [("br", b"\x0b\x02\x80hello\x03"), ("zstd", b"\x28\xb5\x2f\xfd"), ("deflate", b"<not deflate>")],
)
def test_an_encoding_that_fails_is_asked_for_once_more_without(
    server: ScriptedServer, label: str, sent: bytes
) -> None:
    def as_asked(asked: Asked) -> Reply:
        if asked.header("accept-encoding") == b"identity":
            return reply(body=TEXT)
        return reply(body=sent, headers={"Content-Encoding": label})

    server.routes["/"] = as_asked
    answer = fetch(server.url())
    assert isinstance(answer, Snapshot), answer
    assert answer.body == TEXT
    assert [asked.header("accept-encoding") for asked in server.asked] == [b"gzip, deflate", b"identity"]


def test_an_encoding_that_fails_twice_is_an_error(server: ScriptedServer) -> None:
    server.routes["/"] = reply(body=b"\x0b\x02\x80", headers={"Content-Encoding": "br"})
    failure = failed(fetch(server.url()))
    assert failure.kind == "decoding"
    assert "'br'" in failure.reason
    assert len(server.asked) == 2


def test_large_bodies_that_are_asked_for_twice_do_not_wait_for_themselves(server: ScriptedServer) -> None:
    whole = gzip.compress(bytes(range(256)) * 4000, compresslevel=0)
    broken = whole[:-200] + b"\xff" * 200

    def as_asked(asked: Asked) -> Reply:
        if asked.header("accept-encoding") == b"identity":
            return reply(body=b"x" * 1_000_000)
        return reply(body=broken, headers={"Content-Encoding": "gzip"})

    server.routes["/"] = as_asked
    fetcher = Fetcher(FetchSettings(allow_private=True, deadline_seconds=20.0))
    answers = list(fetcher.fetch_many([Request(url=server.url("/"), role="feed")] * 20, NOW))
    assert all(isinstance(answer, Snapshot) and len(answer.body) == 1_000_000 for answer in answers)


# 42 -- headers


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: 1\r\n" * 3000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nBad Name: 1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n: nameless\r\n\r\n",
        b"ICY 200 OK\r\nicy-name: radio\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello",
        b"HTTP/1.1 999999 What\r\n\r\n",
        b"not http at all\r\n\r\n",
        b"\x00\x01\x02\x03\r\n\r\n",
    ],
    ids=["long", "many", "bad name", "no name", "icy", "two lengths", "odd status", "no http", "binary"],
)
def test_a_header_bomb_is_a_recorded_error(server: ScriptedServer, head: bytes) -> None:
    server.routes["/"] = raw(head)
    failure = failed(fetch(server.url()))
    assert failure.kind == "protocol"
    assert failure.reason


def test_a_server_that_hangs_up_without_a_word_is_a_recorded_error(server: ScriptedServer) -> None:
    server.routes["/"] = raw(b"")
    failure = failed(fetch(server.url()))
    assert (failure.kind, failure.transient) == ("protocol", True)


def test_a_kept_connection_that_the_server_closed_is_replaced(server: ScriptedServer) -> None:
    said = iter([reply(body=b"first"), raw(b""), reply(body=b"second")])
    server.routes["/"] = lambda asked: next(said)
    server.routes["/silent"] = raw(b"", hang=True)
    fetcher = Fetcher(FetchSettings(allow_private=True))
    # The request that hangs keeps the connections of the first call alive for the second.
    requests = [Request(url=server.url(path), role="feed") for path in ("/silent", "/")]
    first_call = fetcher.fetch_many(requests, NOW)
    first = next(first_call)
    second = fetcher.fetch(Request(url=server.url("/"), role="feed"), NOW)
    first_call.close()
    assert [answer.body for answer in (first, second) if isinstance(answer, Snapshot)] == [
        b"first",
        b"second",
    ]
    assert server.paths().count("/") == 3


# 43 -- names


def test_slow_names_do_not_starve_healthy_hosts(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.routes["/feed"] = reply(body=b"fine")
    over = threading.Event()
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *rest: Any, **named: Any) -> Any:
        if host.startswith("slow"):
            over.wait(30)
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return real("127.0.0.1", port, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    slow = [Request(url=f"http://slow{n}.example:{server.port}/feed", role="feed") for n in range(100)]
    fine = [Request(url=f"http://fine{n}.example:{server.port}/feed", role="feed") for n in range(20)]
    fetcher = Fetcher(FetchSettings(allow_private=True, deadline_seconds=4.0))
    started = time.monotonic()
    arrived = {}
    try:
        for answer in fetcher.fetch_many(slow + fine, NOW):
            arrived[answer.url] = (isinstance(answer, Snapshot), time.monotonic() - started)
    finally:
        over.set()
    assert all(arrived[request.url][0] for request in fine)
    assert max(arrived[request.url][1] for request in fine) < min(arrived[request.url][1] for request in slow)
    assert not any(arrived[request.url][0] for request in slow)


def test_a_name_nobody_has_is_a_failure_of_dns(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    failure = failed(fetch("http://nobody.example/feed"))
    assert (failure.kind, failure.transient) == ("dns", True)
    assert "Name or service not known" in failure.reason


# 44 -- whatever else can be wrong with an address


ODD_ADDRESSES = [
    "", " ", "http:", "http://", "http:///", "http://?", "http://#", "//host/feed", "feed", "http//host",
    "http://.", "http://..", "http://a..b/", "http://-/", "http://" + "a" * 64 + ".example/",
    "http://" + "a." * 200 + "example/", "http://[::1/", "http://[zz]/", "http://[1.2.3.4]/", "http://1.2.3.4.5/",
    "http://host:port/", "http://host:99999/", "http://host:-1/", "http://host:0/", "http://ho st/", "http://ho\nst/",
    "http://ho\x00st/", "http://\ud800/", "http://\u2028/", "http://xn--/", "http://xn--a-ecp.ru/", "http://ＧＯ.ＣＯＭ/",
    "http://a\u200db/", "http://%/", "http://%31/", "http://user@/", "http://user:@:80/", "http://:80/",
    "http://example/\x7f", "http://\u0130.example/", "feed://example/", "http://" + "x" * 3000,
]  # fmt: skip


def test_odd_addresses_are_failures_and_not_exceptions(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(host: str, *_: Any, **__: Any) -> Any:
        host.encode("idna")  # as the real one does before it asks anybody
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    fetcher = Fetcher(FetchSettings(host_gap_seconds=0))
    requests = [Request(url=url, role="feed") for url in ODD_ADDRESSES]
    answers = list(fetcher.fetch_many(requests, NOW))
    assert sorted(answer.url for answer in answers) == sorted(ODD_ADDRESSES)
    assert {failed(answer).kind for answer in answers} <= {"refused", "dns", "protocol", "connect"}


def test_odd_locations_are_failures_and_not_exceptions(server: ScriptedServer) -> None:
    locations = [url for url in ODD_ADDRESSES if url.strip() and "\n" not in url and "\x00" not in url]
    requests = []
    for number, location in enumerate(locations):
        target = location.encode("utf-8", "surrogatepass")
        server.routes[f"/{number}"] = reply(302, headers={"Location": target})
        requests.append(Request(url=server.url(f"/{number}"), role="feed"))
    fetcher = Fetcher(FetchSettings(allow_private=True, deadline_seconds=5.0))
    answers = [failed(answer) for answer in fetcher.fetch_many(requests, NOW)]
    assert len(answers) == len(locations)
    assert all(answer.reason for answer in answers)


# 45 -- connections


def test_requests_that_time_out_leave_no_connection_taken(server: ScriptedServer) -> None:
    server.routes["/silent"] = raw(b"", hang=True)
    server.routes["/fine"] = reply(body=b"fine")
    hosts = [f"h{n}.example" for n in range(30)]
    settings = FetchSettings(
        connect_to=server.as_hosts([*hosts, "fine.example"]),
        connections=10,
        deadline_seconds=0.8,
        host_gap_seconds=0,
        host_connections=10,
    )
    fetcher = Fetcher(settings)
    silent = [Request(url=f"http://{host}/silent", role="feed") for host in hosts]
    fine = [Request(url=f"http://fine.example/fine?{n}", role="feed") for n in range(20)]
    server.routes.update({f"/fine?{n}": reply(body=b"fine") for n in range(20)})
    answers = list(fetcher.fetch_many(silent + fine, NOW))
    assert sum(isinstance(answer, Snapshot) for answer in answers) == 20
    assert sum(isinstance(answer, FetchFailure) for answer in answers) == 30


def test_nothing_is_left_open_when_the_caller_stops_early(server: ScriptedServer) -> None:
    server.routes["/fine"] = reply(body=b"fine")
    server.routes["/silent"] = raw(b"", hang=True)
    fetcher = Fetcher(FetchSettings(allow_private=True))
    requests = [Request(url=server.url("/fine"), role="feed")]
    requests += [Request(url=server.url("/silent"), role="feed")] * 5
    answers = fetcher.fetch_many(requests, NOW)
    next(answers)
    answers.close()
    deadline = time.monotonic() + 5
    while server.open_connections() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert server.open_connections() == 0


# 47 -- nothing but GET


def test_only_whole_documents_are_asked_for(server: ScriptedServer) -> None:
    server.routes["/feed"] = reply(body=b"x" * 100_000)
    fetch(server.url("/feed"))
    assert [asked.method for asked in server.asked] == ["GET"]
    assert server.asked[0].header("range") is None


def test_a_part_nobody_asked_for_is_an_error(server: ScriptedServer) -> None:
    server.routes["/"] = reply(206, b"x" * 10, {"Content-Range": "bytes 0-9/100"})
    assert failed(fetch(server.url())).kind == "protocol"
