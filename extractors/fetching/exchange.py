"""One request over one connection: what is sent, and how every way it can go wrong is named.

Time is bounded by the caller, size here. An answer is whole or it is an error: half a body is never passed
on as a whole one.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import httpcore
import httpx

from extractors.addresses import redact
from extractors.fetching.decoding import (
    ACCEPTED,
    BodyDecoder,
    DecodingError,
    TooLargeError,
    TruncatedError,
)
from extractors.fetching.network import AS_SENT, NameNotFoundError, RefusedAddressError

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

EXPECTED = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpx.InvalidURL,
    RefusedAddressError,
    NameNotFoundError,
    DecodingError,
    TooLargeError,
    TruncatedError,
    ValueError,  # idna and other Unicode errors
    OSError,
)
"""What can go wrong with a request without a mistake of ours."""


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
    client: httpx.AsyncClient,
    url: str,
    headers: Mapping[str, bytes],
    *,
    cap: int,
    cut: bool,
    grow: Callable[[], Awaitable[None]],
) -> Answer:
    """Sends one GET and reads the answer. Raises FetchError.

    A body whose encoding turns out wrong is asked for once more, without encoding. `grow` is awaited once
    before a body takes more than SMALL_BODY; `cut` keeps the start of a body beyond `cap`.
    """

    async def ask(headers: Mapping[str, bytes]) -> Answer:
        named = [(name.encode("ascii"), value) for name, value in headers.items()]
        async with client.stream("GET", url, headers=named) as response:
            return await _read(response, cap=cap, cut=cut, grow=grow)

    try:
        try:
            return await ask(headers)
        except DecodingError:
            return await ask({**headers, "Accept-Encoding": b"identity"})
    except EXPECTED as error:
        raise _named(error, cap) from error


async def _read(
    response: httpx.Response, *, cap: int, cut: bool, grow: Callable[[], Awaitable[None]]
) -> Answer:
    raw = response.extensions[AS_SENT]
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
    try:
        async for chunk in response.aiter_raw():
            yield chunk
    except (httpcore.RemoteProtocolError, httpcore.ReadError) as error:
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
        case DecodingError():
            kind, reason, transient = "decoding", f"the body cannot be decoded: {error}", False
        case RefusedAddressError():
            kind, reason, transient = "refused", str(error), False
        case NameNotFoundError():
            kind, reason = "dns", f"the name of the host cannot be resolved ({error})"
        case httpcore.TimeoutException():
            kind, reason = "timeout", str(error) or "no connection in time"
        case httpcore.ConnectError():
            kind, reason = _connect_failure(error)
        case httpcore.RemoteProtocolError():
            kind, reason = "protocol", f"the answer is not HTTP as it should be ({error})"
        case httpcore.NetworkError() | OSError():
            kind, reason = "connect", f"the connection broke ({error or type(error).__name__})"
        case _:  # InvalidURL, idna and Unicode errors, what h11 refuses to send: none in httpcore's own tree
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
