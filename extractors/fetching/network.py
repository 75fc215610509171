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
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import NamedTuple

import h11

RESOLVER_THREADS = 128
KEEPALIVE_SECONDS = 15.0
"""Longer than the gap between two requests to a domain, shorter than most servers wait."""
KEPT_PER_ORIGIN = 32
LARGEST_HEAD = 100 * 1024
"""Bytes of status line and headers; servers stop at 8 to 64 KB."""
MOST_UNREAD = 256 * 1024
"""Bytes that may have arrived and not been looked at; then the sender has to wait."""

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


class ConnectError(Exception):
    """No connection was made; the cause is the system's error."""


class ConnectTimeoutError(ConnectError):
    """No connection was made in time."""


class Origin(NamedTuple):
    """Whom a connection leads to."""

    scheme: str
    """`http` or `https`."""
    host: str
    """Its name in ASCII, or its address; IPv6 without brackets."""
    port: int


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


class Wire(asyncio.Protocol):
    """The bytes of one connection, encrypted or not."""

    def __init__(self) -> None:
        self._unread = bytearray()
        self._ended = False
        self._fault: Exception | None = None
        self._paused = False
        self._news: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio, as the next three."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Keeps the bytes until they are read."""
        self._unread += data
        if len(self._unread) > MOST_UNREAD and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        self._tell()

    def eof_received(self) -> None:
        """The other side says nothing more."""
        self._ended = True
        self._tell()

    def connection_lost(self, fault: Exception | None) -> None:
        """Nothing more comes or goes; `fault` says why, None: it was closed in order."""
        self._ended, self._fault = True, fault
        self._tell()

    def write(self, data: bytes) -> None:
        """Sends bytes, soon."""
        self._transport.write(data)

    async def read(self) -> bytes:
        """What has arrived, at least a byte; empty at the end. Raises OSError when the connection broke."""
        if not self._unread and not self._ended:
            self._news = asyncio.get_running_loop().create_future()
            await self._news
        if not self._unread and self._fault is not None:
            raise self._fault
        data = bytes(self._unread)
        self._unread.clear()
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        return data

    @property
    def silent(self) -> bool:
        """Whether nothing has come that nobody asked for, not even the end."""
        return not self._unread and not self._ended

    def close(self) -> None:
        """Ends the connection without waiting for the other side's consent."""
        self._transport.close()
        asyncio.get_running_loop().call_soon(self._transport.abort)

    def _tell(self) -> None:
        if self._news is not None and not self._news.done():
            self._news.set_result(None)


class Connector:
    """Makes connections: to public addresses only, unless private ones are allowed."""

    def __init__(
        self,
        resolver: Resolver,
        tls: Callable[[], ssl.SSLContext],
        *,
        allow_private: bool,
        connect_to: Mapping[str, tuple[str, int]],
    ) -> None:
        self._resolver = resolver
        self._tls = tls
        self._allow_private = allow_private
        self._connect_to = connect_to

    async def connect(self, origin: Origin, seconds: float) -> Wire:
        """Raises ConnectError, RefusedAddressError and NameNotFoundError."""
        places = await self._places(origin, seconds)
        for place in places[:-1]:
            try:
                # Half the time for each but the last: a dead IPv6 route must not cost the whole deadline.
                return await self._connect(origin, place, seconds / 2)
            except ConnectError:
                continue
        return await self._connect(origin, places[-1], seconds)

    async def _places(self, origin: Origin, seconds: float) -> list[tuple[str, int]]:
        """Addresses and ports to try, in this order."""
        host, port = origin.host, origin.port
        if host in self._connect_to:
            return [self._connect_to[host]]
        try:
            async with asyncio.timeout(seconds):
                addresses = await self._resolver.resolve(host, port)
        except TimeoutError as error:
            raise ConnectTimeoutError(f"the name {host} was not resolved in time") from error
        allowed = [(each, port) for each in addresses if self._allow_private or is_public(each)]
        if not allowed:
            raise RefusedAddressError(
                f"{host} is at {addresses[0]}, which is not on the public internet; "
                "AJAR_ALLOW_PRIVATE=1 allows such addresses"
            )
        return allowed

    async def _connect(self, origin: Origin, place: tuple[str, int], seconds: float) -> Wire:
        secure = origin.scheme == "https"
        try:
            async with asyncio.timeout(seconds):
                _, wire = await asyncio.get_running_loop().create_connection(
                    Wire,
                    *place,
                    ssl=self._tls() if secure else None,
                    server_hostname=origin.host if secure else None,
                )
        except TimeoutError as error:
            raise ConnectTimeoutError("no connection in time") from error
        except OSError as error:
            raise ConnectError(str(error) or type(error).__name__) from error
        return wire


class Connection:
    """One connection, for one request after the other. What the bytes mean is said by h11."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD)
        self._expires = 0.0

    async def get(
        self, target: bytes, headers: list[tuple[bytes, bytes]]
    ) -> h11.Response | h11.InformationalResponse:
        """The answer up to its headers. Raises h11's errors, and OSError when the connection broke."""
        request = h11.Request(method=b"GET", target=target, headers=headers)
        self._wire.write((self._http.send(request) or b"") + (self._http.send(h11.EndOfMessage()) or b""))
        while True:
            event = await self._next()
            # Others of its class (103, early hints) announce an answer; after 101 there is none.
            if isinstance(event, h11.Response) or (
                isinstance(event, h11.InformationalResponse) and event.status_code == 101
            ):
                return event

    async def body(self) -> AsyncIterator[bytes]:
        """The body of the answer as it arrives. Raises as `get` does, also when it ends too early."""
        while isinstance(event := await self._next(), h11.Data):
            yield bytes(event.data)

    def rest(self) -> bool:
        """Makes ready for another request, if the answer was read to its end; False: it can only be closed."""
        if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        self._expires = time.monotonic() + KEEPALIVE_SECONDS
        return True

    @property
    def usable(self) -> bool:
        """Whether a connection at rest may be used again: it is not old, and the server has kept silent."""
        return time.monotonic() < self._expires and self._wire.silent

    def close(self) -> None:
        """Ends it, in the middle of an answer if need be."""
        self._wire.close()

    async def _next(self) -> h11.Event | type[h11.PAUSED]:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            data = await self._wire.read()
            if not data and self._http.their_state is h11.SEND_RESPONSE:
                raise h11.RemoteProtocolError("Server disconnected without sending a response.")
            self._http.receive_data(data)
        assert not isinstance(event, type) or event is h11.PAUSED
        return event


class Connections:
    """Connections that are kept open for a while after use. How many are in use is the callers' concern."""

    def __init__(self, connector: Connector) -> None:
        self._connector = connector
        self._idle: dict[Origin, list[Connection]] = {}

    async def close(self) -> None:
        """Closes the connections that are kept open."""
        for kept in self._idle.values():
            for connection in kept:
                connection.close()
        self._idle.clear()
        await asyncio.sleep(0)  # the loop lets go of their sockets

    def kept(self, origin: Origin) -> Connection | None:
        """A connection to an origin that was used before; None: a fresh one is needed."""
        kept = self._idle.get(origin, [])
        while kept:
            connection = kept.pop()
            if connection.usable:
                return connection
            connection.close()
        return None

    async def fresh(self, origin: Origin, seconds: float) -> Connection:
        """A new connection. Raises as `Connector.connect` does."""
        return Connection(await self._connector.connect(origin, seconds))

    def keep(self, origin: Origin, connection: Connection) -> None:
        """Takes a connection back, for another request if it can be used for one."""
        kept = self._idle.setdefault(origin, [])
        if connection.rest() and len(kept) < KEPT_PER_ORIGIN:
            kept.append(connection)
        else:
            connection.close()


class Line:
    """One connection at a time, for one request after the other. To be hung up at the end."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._current: tuple[Origin, Connection] | None = None

    async def get(
        self, origin: Origin, target: bytes, headers: list[tuple[bytes, bytes]], *, connect_seconds: float
    ) -> tuple[h11.Response | h11.InformationalResponse, AsyncIterator[bytes]]:
        """The answer up to its headers, and its body as it arrives. Raises as `Connector` and `Connection` do."""
        self.hang_up()
        if (connection := self._connections.kept(origin)) is not None:
            self._current = origin, connection
            try:
                return await connection.get(target, headers), connection.body()
            except (OSError, h11.RemoteProtocolError):
                # The server closed it just as it was used again; a fresh one may be fine.
                self.hang_up()
        connection = await self._connections.fresh(origin, connect_seconds)
        self._current = origin, connection
        return await connection.get(target, headers), connection.body()

    def hang_up(self) -> None:
        """Lets go of the connection."""
        if self._current is not None:
            (origin, connection), self._current = self._current, None
            self._connections.keep(origin, connection)


def _settle(answer: asyncio.Future[list[str]], found: list[str] | Exception) -> None:
    if answer.done():
        return
    if isinstance(found, Exception):
        answer.set_exception(found)
    else:
        answer.set_result(found)
