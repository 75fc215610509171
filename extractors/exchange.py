"""One request over one connection: what is sent, and how every way it can go wrong is named.

Time is bounded by the caller, size here. An answer is whole or it is an error: half a body is never passed
on as a whole one.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from extractors.addresses import redact
from extractors.decoding import (
    ACCEPTED,
    BodyDecoder,
    DecodingError,
    TooLargeError,
    TruncatedError,
)
from extractors.network import CheckedTransport, NameNotFoundError, RefusedAddressError

FailureKind = Literal[
    "refused", "dns", "connect", "tls", "timeout", "too_large", "truncated", "decoding", "protocol", "http",
    "robots",
]  # fmt: skip
Headers = tuple[tuple[str, str], ...]

MOST_HEADERS = 500
CONNECT_SECONDS = 10.0
SMALL_BODY = 256 * 1024
"""Bytes that any body may take; for more it waits its turn (`grow`)."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class FetchError(Exception):
    """Why a request failed; the message is a sentence for people."""

    def __init__(
        self,
        kind: FailureKind,
        reason: str,
        *,
        transient: bool,
        status: int | None = None,
        headers: Headers = (),
    ) -> None:
        super().__init__(reason)
        self.kind: FailureKind = kind
        self.reason = redact(reason)
        self.transient = transient
        self.status = status
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request; the body of a redirect or an error is not read."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of a header; None when it was not sent."""
        return next((value for key, value in self.headers if key == name), None)


async def exchange(
    transport: CheckedTransport,
    url: str,
    headers: Mapping[str, bytes],
    *,
    connect_seconds: float,
    cap: int,
    cut: bool,
    grow: Callable[[], Awaitable[None]],
) -> Answer:
    """Sends one GET and reads the answer. Raises FetchError.

    A body whose encoding turns out wrong is asked for once more, without encoding. `grow` is awaited once
    before a body takes more than SMALL_BODY; `cut` keeps the start of a body beyond `cap`.
    """

    async def ask(headers: Mapping[str, bytes]) -> Answer:
        response = await _send(transport, url, headers, connect_seconds)
        try:
            return await _read(response, cap=cap, cut=cut, grow=grow)
        finally:
            await response.aclose()

    try:
        try:
            return await ask(headers)
        except DecodingError:
            return await ask({**headers, "Accept-Encoding": b"identity"})
    except DecodingError as error:
        raise FetchError("decoding", f"the body cannot be decoded: {error}", transient=False) from error
    except (
        httpx.HTTPError,
        httpx.InvalidURL,
        RefusedAddressError,
        NameNotFoundError,
        TooLargeError,
        TruncatedError,
        ValueError,  # idna, UnicodeError, h11's checks of what is sent: all outside httpx's own tree
        OSError,
    ) as error:
        raise _named(error, cap) from error


async def _send(
    transport: CheckedTransport, url: str, headers: Mapping[str, bytes], connect_seconds: float
) -> httpx.Response:
    """The answer up to its headers."""
    connected: list[str] = []

    async def trace(event: str, _: Any) -> None:
        if event == "connection.connect_tcp.started":
            connected.append(event)

    request = httpx.Request(
        "GET",
        url,
        headers=[(name.encode("ascii"), value) for name, value in headers.items()],
        extensions={"timeout": {"connect": connect_seconds}, "trace": trace},
    )
    try:
        return await transport.handle_async_request(request)
    except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
        if connected:
            raise
        # The server closed a kept connection just as it was used again; on a fresh one it may be fine.
        return await transport.handle_async_request(request)


async def _read(
    response: httpx.Response, *, cap: int, cut: bool, grow: Callable[[], Awaitable[None]]
) -> Answer:
    raw = response.headers.raw
    if len(raw) > MOST_HEADERS:
        raise FetchError("protocol", f"the answer has {len(raw)} headers", transient=True)
    headers = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw)
    answer = Answer(response.status_code, headers, b"")
    if not 200 <= answer.status < 300:
        return answer
    length = answer.header("content-length")
    if length is not None and length.isdigit() and int(length) > cap and not cut:
        raise TooLargeError
    decoder = BodyDecoder((value for name, value in headers if name == "content-encoding"), cap, cut=cut)
    small = True
    async for chunk in _chunks(response):
        if small and len(decoder) + len(chunk) > SMALL_BODY:
            small = False
            await grow()
        decoder.feed(chunk)
        if decoder.full:
            break
    return Answer(answer.status, headers, decoder.finish())


async def _chunks(response: httpx.Response) -> AsyncIterator[bytes]:
    """The body as it arrives; one that breaks off before its announced length raises TruncatedError."""
    stream = response.stream
    assert isinstance(stream, httpx.AsyncByteStream)
    try:
        async for chunk in stream:
            yield chunk
    except (httpx.RemoteProtocolError, httpx.ReadError) as error:
        raise TruncatedError from error


def _named(error: Exception, cap: int) -> FetchError:
    """The error as kind and sentence."""
    kind: FailureKind
    transient = True
    match error:
        case TooLargeError():
            kind, reason, transient = "too_large", f"the body is larger than {cap:,} bytes", False
        case TruncatedError():
            kind, reason = "truncated", "the body breaks off before its end"
        case RefusedAddressError():
            kind, reason, transient = "refused", str(error), False
        case NameNotFoundError():
            kind, reason = "dns", f"the name of the host cannot be resolved ({error})"
        case httpx.TimeoutException():
            kind, reason = "timeout", "no connection in time"
        case httpx.ConnectError():
            kind, reason = _connect_failure(error)
        case httpx.RemoteProtocolError():
            kind, reason = "protocol", f"the answer is not HTTP as it should be ({error})"
        case httpx.NetworkError() | OSError():
            kind, reason = "connect", f"the connection broke ({error or type(error).__name__})"
        case _:
            kind, reason, transient = "protocol", f"{type(error).__name__}: {error}", False
    return FetchError(kind, reason, transient=transient)


def _connect_failure(error: BaseException) -> tuple[FailureKind, str]:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "tls", f"the certificate is not valid: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return "tls", f"no secure connection: {cause.reason or cause}"
        cause = cause.__cause__ or cause.__context__
    return "connect", f"no connection ({error})"


def request_headers(role: str, user_agent: str) -> dict[str, bytes]:
    """What every request says of itself: who asks and what for. No Referer, no cookies."""
    return {
        "User-Agent": user_agent.encode("latin-1", "replace"),
        "Accept": ACCEPT[role],
        "Accept-Encoding": ACCEPTED.encode(),
    }


_PAGE = b"text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5"
ACCEPT = {
    "feed": b"application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
    b"text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1",
    "page": _PAGE,
    "article": _PAGE,
    "licence": b"*/*",
    "robots": b"text/plain, */*;q=0.5",
}
