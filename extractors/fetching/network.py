"""Connections to addresses that were checked, resolved in threads that slow names cannot use up.

The check sits where the connection is made, so it holds for every request, every hop of a redirect, and
for a name that resolves to something else the second time.
"""

from __future__ import annotations

import asyncio
import ipaddress
import queue
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import httpcore
import httpx

RESOLVER_THREADS = 128
KEEPALIVE_SECONDS = 15.0
"""Longer than the gap between two requests to a domain, shorter than most servers wait."""
KEPT_PER_ORIGIN = 32
AS_SENT = "ajar_headers"
"""Extension of a response that holds its headers as they were sent."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
_CARRIER_NAT = ipaddress.ip_network("100.64.0.0/10")  # RFC 6598


class RefusedAddressError(Exception):
    """The host is at an address that is not fetched from. The message is the reason, for people."""


class NameNotFoundError(Exception):
    """The name of the host cannot be resolved. The message is the resolver's."""


def is_public(address: str) -> bool:
    """True for an address on the public internet; False for this machine, its network and its neighbours.

    IPv6 forms that carry an IPv4 address inside lead there, so what is inside counts.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inside is None and ip in _NAT64:
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(str(inside))
    elif ip in _CARRIER_NAT:
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


class Resolver:
    """`getaddrinfo` in threads of its own, each name asked once at a time and remembered while it lives.

    The default executor of asyncio has a handful of threads; a hundred names whose servers take five seconds
    would stop all others. The threads are daemons, because no lookup can be interrupted.
    """

    def __init__(self, threads: int = RESOLVER_THREADS) -> None:
        self._most = threads
        self._jobs: queue.SimpleQueue[tuple[str, int, asyncio.Future[list[str]]] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._waiting = 0
        self._answers: dict[tuple[str, int], asyncio.Future[list[str]]] = {}

    async def resolve(self, host: str, port: int) -> list[str]:
        """The addresses of a host, in the order to try them. Raises NameNotFoundError."""
        key = (host, port)
        answer = self._answers.get(key)
        if answer is None or (answer.done() and answer.exception() is not None):
            answer = self._answers[key] = asyncio.get_running_loop().create_future()
            self._waiting += 1
            answer.add_done_callback(self._answered)
            if self._waiting > len(self._threads) < self._most:
                thread = threading.Thread(target=self._work, name="ajar-resolver", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._jobs.put((host, port, answer))
        # One asker's deadline must not take the answer from the others.
        return await asyncio.shield(answer)

    def close(self) -> None:
        """Lets idle threads end; one that is inside a lookup ends with it."""
        for _ in self._threads:
            self._jobs.put(None)

    def _answered(self, answer: asyncio.Future[list[str]]) -> None:
        self._waiting -= 1
        answer.exception()  # an answer that nobody waits for any more is no error

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            host, port, answer = job
            found: list[str] | Exception
            try:
                infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                found = list(dict.fromkeys(str(info[4][0]) for info in infos))
            except (OSError, UnicodeError) as error:
                found = NameNotFoundError(getattr(error, "strerror", None) or str(error))
            try:
                answer.get_loop().call_soon_threadsafe(_settle, answer, found)
            except RuntimeError:  # the loop was closed while the name was looked up
                return


class CheckedBackend(httpcore.AsyncNetworkBackend):
    """Makes the connections of httpcore: to public addresses only, unless private ones are allowed."""

    def __init__(
        self, resolver: Resolver, *, allow_private: bool, connect_to: Mapping[str, tuple[str, int]]
    ) -> None:
        self._resolver = resolver
        self._allow_private = allow_private
        self._connect_to = connect_to
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises RefusedAddressError and NameNotFoundError besides the errors of httpcore."""
        if host in self._connect_to:
            host, port = self._connect_to[host]
            return await self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolver.resolve(host, port)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"the name {host} was not resolved in time") from error
        allowed = [each for each in addresses if self._allow_private or is_public(each)]
        if not allowed:
            raise RefusedAddressError(
                f"{host} is at {addresses[0]}, which is not on the public internet; "
                "AJAR_ALLOW_PRIVATE=1 allows such addresses"
            )
        for address in allowed[:-1]:
            try:
                # Half the time for each but the last: a dead IPv6 route must not cost the whole deadline.
                half = timeout / 2 if timeout else None
                return await self._inner.connect_tcp(address, port, half, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._inner.connect_tcp(allowed[-1], port, timeout, local_address, socket_options)


class SingleConnections(httpx.AsyncBaseTransport):
    """Carries httpx's requests, each over a connection of its own that is kept open for a while after use.

    httpx's own transport keeps connections in a pool, which looks through all of them at every request and loses
    a slot for good when a waiting request is cancelled (encode/httpcore#1093). Here httpcore's connections are
    used one by one, and nothing waits; how many are in use is the callers' concern.
    """

    def __init__(self, backend: CheckedBackend, tls: Callable[[], ssl.SSLContext]) -> None:
        self._backend = backend
        self._tls = tls
        self._idle: dict[str, list[httpcore.AsyncHTTPConnection]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer up to its headers. Raises the errors of httpcore and of `CheckedBackend`."""
        url = request.url
        sent = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            extensions=request.extensions,
        )
        origin = sent.url.origin
        if (kept := await self._kept(origin)) is not None:
            # The server may close a kept connection just as it is used again; a fresh one may be fine.
            with suppress(httpcore.NetworkError, httpcore.RemoteProtocolError):
                return await self._answer(kept, origin, sent)
        return await self._answer(self._fresh(origin), origin, sent)

    async def aclose(self) -> None:
        """Closes the connections that are kept open."""
        for kept in self._idle.values():
            for connection in kept:
                await connection.aclose()
        self._idle.clear()

    async def keep(self, origin: httpcore.Origin, connection: httpcore.AsyncHTTPConnection) -> None:
        """Takes a connection back, for another request if its answer was read to the end."""
        kept = self._idle.setdefault(str(origin), [])
        if connection.is_idle() and len(kept) < KEPT_PER_ORIGIN:
            kept.append(connection)
        else:
            await connection.aclose()

    async def _answer(
        self, connection: httpcore.AsyncHTTPConnection, origin: httpcore.Origin, request: httpcore.Request
    ) -> httpx.Response:
        try:
            answer = await connection.handle_async_request(request)
        except BaseException:
            await connection.aclose()
            raise
        body = _Body(answer, lambda: self.keep(origin, connection))
        # httpx would refuse some targets of redirects by rules of its own before ours have seen them.
        shown = [(name, value) for name, value in answer.headers if name.lower() != b"location"]
        extensions = {**answer.extensions, AS_SENT: answer.headers}
        return httpx.Response(answer.status, headers=shown, stream=body, extensions=extensions)

    async def _kept(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection | None:
        """A connection to an origin that was used before; None: a fresh one is needed."""
        kept = self._idle.get(str(origin), [])
        while kept:
            connection = kept.pop()
            if not connection.has_expired():
                return connection
            await connection.aclose()
        return None

    def _fresh(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection:
        return httpcore.AsyncHTTPConnection(
            origin,
            ssl_context=self._tls() if origin.scheme == b"https" else None,
            keepalive_expiry=KEEPALIVE_SECONDS,
            network_backend=self._backend,
        )


class _Body(httpx.AsyncByteStream):
    """The body of an answer as it arrives; closing it gives its connection back."""

    def __init__(self, answer: httpcore.Response, give_back: Callable[[], Awaitable[None]]) -> None:
        self._answer = answer
        self._give_back = give_back

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._answer.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()
        await self._give_back()


def client_over(transport: SingleConnections, *, connect_seconds: float) -> httpx.AsyncClient:
    """A client that adds nothing of its own: no proxy, no header, no cookie, no redirect followed.

    Its only deadline is that of the connection; the whole request has one of its caller's.
    """
    client = httpx.AsyncClient(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(None, connect=connect_seconds),
    )
    client.headers.clear()
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
    return client


def _settle(answer: asyncio.Future[list[str]], found: list[str] | Exception) -> None:
    if answer.done():
        return
    if isinstance(found, Exception):
        answer.set_exception(found)
    else:
        answer.set_result(found)
