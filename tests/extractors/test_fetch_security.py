"""What must never be fetched, sent or shown (FETCHING C 30-31 and E)."""

from __future__ import annotations

import datetime as dt
import ipaddress
import logging
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from extractors.errors import ConfigurationError
from extractors.fetch import Fetcher, FetchSettings
from extractors.fetching.network import is_public
from extractors.records import FetchFailure, Request, Snapshot
from tests.extractors.scripted_server import Asked, Reply, ScriptedServer, raw, reply

pytestmark = pytest.mark.usefixtures("no_fetch_threads_left")

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def fetch(
    url: str, *, headers: tuple[tuple[str, bytes], ...] = (), **settings: Any
) -> Snapshot | FetchFailure:
    """One request for a feed, with nothing allowed that is not allowed by default."""
    fetcher = Fetcher(FetchSettings(host_gap_seconds=0, **settings))
    return fetcher.fetch(Request(url=url, role="feed", headers=headers), NOW)


def failed(answer: Snapshot | FetchFailure) -> FetchFailure:
    """The answer, which must be a failure."""
    assert isinstance(answer, FetchFailure), answer
    return answer


def resolve_to(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Every name resolves to the next of the addresses, the last one for ever; gives the names asked for."""
    left, asked = list(answers), list[str]()

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> Any:
        asked.append(host)
        address = left.pop(0) if len(left) > 1 else left[0]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


# 30 -- redirects


def test_a_redirect_is_followed_and_recorded(server: ScriptedServer) -> None:
    server.routes["/old"] = reply(301, headers={"Location": "/new"})
    server.routes["/new"] = reply(302, headers={"Location": server.url("/newest#part")})
    server.routes["/newest"] = reply(body=b"here")
    answer = fetch(server.url("/old"), allow_private=True)
    assert isinstance(answer, Snapshot)
    assert (answer.url, answer.final_url) == (server.url("/old"), server.url("/newest"))
    assert answer.redirects == ((301, server.url("/new")), (302, server.url("/newest")))
    assert answer.body == b"here"


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("new", "/folder/new"),
        ("../up", "/up"),
        ("?page=2", "/folder/feed?page=2"),
        ("/caf\u00e9".encode(), "/caf%C3%A9"),
        (b"/caf\xe9", "/caf%C3%A9"),
        ("/two words", "/two%20words"),
    ],
    ids=["relative", "upwards", "query", "utf-8", "latin-1", "blank"],
)
def test_a_location_is_read_as_browsers_do(server: ScriptedServer, location: str | bytes, path: str) -> None:
    server.routes["/folder/feed"] = reply(302, headers={"Location": location})
    server.routes[path] = reply(body=b"here")
    assert isinstance(fetch(server.url("/folder/feed"), allow_private=True), Snapshot)
    assert server.paths() == ["/folder/feed", path]


def test_a_location_without_scheme_keeps_that_of_the_page(server: ScriptedServer) -> None:
    server.routes["/"] = reply(302, headers={"Location": f"//127.0.0.1:{server.port}/new"})
    server.routes["/new"] = reply(body=b"here")
    assert isinstance(fetch(server.url("/"), allow_private=True), Snapshot)


def test_redirects_in_a_circle_are_an_error(server: ScriptedServer) -> None:
    server.routes["/a"] = reply(302, headers={"Location": "/b"})
    server.routes["/b"] = reply(302, headers={"Location": "/a"})
    failure = failed(fetch(server.url("/a"), allow_private=True))
    assert failure.kind == "protocol"
    assert "circle" in failure.reason
    assert server.paths() == ["/a", "/b"]


def test_ten_redirects_are_followed_and_not_one_more(server: ScriptedServer) -> None:
    for number in range(12):
        server.routes[f"/{number}"] = reply(302, headers={"Location": f"/{number + 1}"})
    server.routes["/11"] = reply(body=b"here")
    assert isinstance(fetch(server.url("/1"), allow_private=True), Snapshot)
    failure = failed(fetch(server.url("/0"), allow_private=True))
    assert "more than 10 redirects" in failure.reason


@pytest.mark.parametrize(
    "headers", [{}, {"Location": ""}, {"Location": "   "}], ids=["missing", "empty", "blank"]
)
def test_a_redirect_to_nowhere_is_an_error(server: ScriptedServer, headers: dict[str, str]) -> None:
    server.routes["/"] = reply(301, headers=headers)
    failure = failed(fetch(server.url("/"), allow_private=True))
    assert "without a Location" in failure.reason


# 31 -- credentials


def test_credentials_stay_at_their_origin() -> None:
    first, second = ScriptedServer(), ScriptedServer()
    try:
        first.routes["/"] = reply(302, headers={"Location": "/here"})
        first.routes["/here"] = reply(302, headers={"Location": second.url("/there")})
        second.routes["/there"] = reply(body=b"fine")
        url = first.url("/").replace("http://", "http://reader:secret@")
        headers = (("X-Api-Key", b"k"), ("Authorization", b"Bearer t"), ("If-None-Match", b'"v1"'))
        answer = fetch(url, headers=headers, allow_private=True)
        assert isinstance(answer, Snapshot)
        assert [asked.header("x-api-key") for asked in first.asked] == [b"k", b"k"]
        assert [asked.header("authorization") is not None for asked in first.asked] == [True, True]
        (there,) = second.asked
        assert (there.header("authorization"), there.header("x-api-key")) == (None, None)
        assert there.header("if-none-match") == b'"v1"'  # it speaks of the document, wherever that is now
        assert "secret" not in answer.final_url
    finally:
        first.stop()
        second.stop()


# 48 -- schemes


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "ftp://host.example/feed",
        "data:text/html,hello",
        "javascript:alert(1)",
        "gopher://host.example/",
        "view-source:http://host.example/",
        "FILE:///etc/hostname",
    ],
)
def test_only_http_and_https_are_fetched(server: ScriptedServer, url: str) -> None:
    assert failed(fetch(url)).kind == "refused"
    server.routes["/"] = reply(302, headers={"Location": url})
    failure = failed(fetch(server.url("/"), allow_private=True))
    assert (failure.kind, failure.transient) == ("refused", False)


# 49 -- addresses


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
        "169.254.169.254", "100.127.255.255", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255",
        "192.0.2.1", "198.18.0.1", "::1", "::", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
        "2002:a00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1"])
def test_an_address_on_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
    ],
)
def test_this_machine_is_not_asked_under_any_spelling(server: ScriptedServer, host: str) -> None:
    server.routes["/"] = reply(body=b"inside")
    failure = failed(fetch(f"http://{host}:{server.port}/"))
    assert failure.kind in {"refused", "protocol"}
    assert server.asked == []


def test_a_redirect_to_an_address_inside_is_refused(server: ScriptedServer) -> None:
    server.routes["/out"] = reply(302, headers={"Location": f"http://127.0.0.1:{server.port}/inside"})
    failure = failed(fetch("http://outside.example/out", connect_to=server.as_hosts(["outside.example"])))
    assert failure.kind == "refused"
    assert "AJAR_ALLOW_PRIVATE" in failure.reason
    assert server.paths() == ["/out"]


def test_a_name_that_turns_inside_the_second_time_is_refused(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolve_to(monkeypatch, "127.0.0.1")
    failure = failed(fetch(f"http://rebinding.example:{server.port}/"))
    assert failure.kind == "refused"
    assert "127.0.0.1" in failure.reason
    assert asked == ["rebinding.example"]
    assert server.asked == []


def test_the_address_that_was_checked_is_the_one_connected_to(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolve_to(monkeypatch, "127.0.0.1", "169.254.169.254")
    server.routes["/"] = reply(body=b"fine")
    assert isinstance(fetch(f"http://named.example:{server.port}/", allow_private=True), Snapshot)
    assert asked == ["named.example"]  # no second look-up between the check and the connection


def test_a_host_led_elsewhere_by_the_settings_needs_no_permission(server: ScriptedServer) -> None:
    server.routes["/"] = reply(body=b"fine")
    answer = fetch("http://invented.example/", connect_to=server.as_hosts(["invented.example"]))
    assert isinstance(answer, Snapshot)
    assert server.asked[0].header("host") == b"invented.example"


# 46 -- certificates


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Makes servers with certificates of an authority that the fetcher trusts."""
    key, certificate = _certificate("Test authority", None, None)
    file = tmp_path / "authority.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    servers: list[ScriptedServer] = []

    def serve(*, days: int = 30, trusted: bool = True) -> ScriptedServer:
        signed_by = (key, certificate) if trusted else (None, None)
        own_key, own = _certificate("127.0.0.1", signed_by[0], signed_by[1], days)
        chain = tmp_path / f"server{len(servers)}.pem"
        chain.write_bytes(
            own.public_bytes(serialization.Encoding.PEM)
            + own_key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        server = ScriptedServer(routes={"/": reply(body=b"safe")}, tls=context)
        servers.append(server)
        return server

    yield serve
    for server in servers:
        server.stop()


def _certificate(
    name: str,
    signing_key: ec.EllipticCurvePrivateKey | None,
    signer: x509.Certificate | None,
    days: int = 30,
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer.subject if signer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=60))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
    )
    if name == "127.0.0.1":
        address = x509.IPAddress(ipaddress.ip_address(name))
        builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    return key, builder.sign(signing_key or key, hashes.SHA256())


def test_a_valid_certificate_is_accepted(authority: Any) -> None:
    assert isinstance(fetch(authority().url("/"), allow_private=True), Snapshot)


def test_an_expired_certificate_is_a_failure_of_tls(authority: Any) -> None:
    failure = failed(fetch(authority(days=-1).url("/"), allow_private=True))
    assert failure.kind == "tls"
    assert "expired" in failure.reason


def test_a_self_signed_certificate_is_a_failure_of_tls(authority: Any) -> None:
    assert failed(fetch(authority(trusted=False).url("/"), allow_private=True)).kind == "tls"


def test_a_certificate_for_another_host_is_a_failure_of_tls(authority: Any) -> None:
    server = authority()
    hosts = server.as_hosts(["other.example"])
    assert failed(fetch("https://other.example/", connect_to=hosts)).kind == "tls"


def test_plain_http_on_a_tls_port_is_a_failure_of_tls(server: ScriptedServer) -> None:
    server.routes["/"] = raw(b"")
    failure = failed(
        fetch(server.url("/").replace("http:", "https:"), allow_private=True, deadline_seconds=3.0)
    )
    assert failure.kind in {"tls", "connect", "timeout"}


def test_a_file_of_authorities_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/authorities.pem")
    with pytest.raises(ConfigurationError, match="SSL_CERT_FILE"):
        fetch("https://paper.example/")


# 53 -- secrets


def test_credentials_and_tokens_appear_in_no_log_and_no_failure(
    server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret_query = "/feed?token=hush-1&page=2&api_key=hush-2"
    server.routes[secret_query] = reply(body=b"fine")
    server.routes["/away?token=hush-3"] = reply(
        302, headers={"Location": "ftp://u:hush-4@h.example/?sig=hush-5"}
    )
    server.routes["/broken?token=hush-6"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")
    base = server.url("").replace("http://", "http://reader:hush-7@")
    fetcher = Fetcher(FetchSettings(allow_private=True))
    paths = [secret_query, "/away?token=hush-3", "/broken?token=hush-6", "/missing?token=hush-8"]
    answers = list(fetcher.fetch_many([Request(url=base + path, role="feed") for path in paths], NOW))
    reasons = [answer.reason for answer in answers if isinstance(answer, FetchFailure)]
    assert (len(answers), len(reasons)) == (4, 3)
    assert "hush" not in " ".join(reasons)
    assert "hush" not in caplog.text


# 23, 59 -- what a request says


def test_no_cookie_comes_back(server: ScriptedServer) -> None:
    def set_cookie(asked: Asked) -> Reply:
        return reply(body=b"fine", headers={"Set-Cookie": "visitor=1; Path=/"})

    server.routes["/"] = set_cookie
    fetcher = Fetcher(FetchSettings(allow_private=True))
    list(fetcher.fetch_many([Request(url=server.url("/"), role="feed")] * 4, NOW))
    assert [asked.header("cookie") for asked in server.asked] == [None] * 4


def test_an_overlong_address_is_refused(server: ScriptedServer) -> None:
    failure = failed(fetch(server.url("/" + "x" * 3000), allow_private=True))
    assert failure.kind == "refused"
    assert server.asked == []
