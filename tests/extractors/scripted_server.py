"""A web server on loopback that says exactly what a test tells it to, byte for byte and as slowly as told."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: tuple[tuple[str, bytes], ...]
    """Names in lower case."""
    at: float
    """`time.monotonic()` when its headers were complete."""

    def header(self, name: str) -> bytes | None:
        """The value of a header, byte for byte; None when it was not sent."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes over the wire."""

    raw: bytes
    keep_open: bool = False
    """Another request may follow on the connection; otherwise it is closed."""
    drip: tuple[int, float] | None = None
    """Bytes at a time, and seconds between."""
    hang: bool = False
    """Say nothing more after `raw`, and keep the connection until the server stops."""


Answering = Reply | Callable[[Asked], Reply]


def reply(
    status: int = 200,
    body: bytes = b"",
    headers: Mapping[str, str | bytes] | Sequence[tuple[str, str | bytes]] = (),
) -> Reply:
    """A well-formed answer."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    lines = [f"HTTP/1.1 {status} Said".encode(), b"Content-Length: %d" % len(body)]
    for name, value in pairs:
        lines.append(name.encode() + b": " + (value if isinstance(value, bytes) else value.encode("latin-1")))
    return Reply(b"\r\n".join(lines) + b"\r\n\r\n" + (b"" if status == 304 else body), keep_open=True)


def raw(*parts: bytes, hang: bool = False, drip: tuple[int, float] | None = None) -> Reply:
    """An answer byte for byte; the connection is closed after it."""
    return Reply(b"".join(parts), hang=hang, drip=drip)


NOT_FOUND = reply(404)


@dataclass
class ScriptedServer:
    """Answers by path, also by `host/path` where a test serves several hosts on its one port."""

    routes: dict[str, Answering] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    port: int = 0
    at_once: int = 0
    """Requests whose last byte is not under way yet."""
    most_at_once: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self._listener.getsockname()[1]
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._connections: set[socket.socket] = set()
        self._start(self._accept)

    def url(self, path: str = "/") -> str:
        """The address of a path on this machine."""
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}{path}"

    def as_hosts(self, hosts: Iterable[str]) -> dict[str, tuple[str, int]]:
        """A `connect_to` that leads these hosts here."""
        return dict.fromkeys(hosts, ("127.0.0.1", self.port))

    def paths(self) -> list[str]:
        """What was asked for, robots.txt left out."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def open_connections(self) -> int:
        """Connections that neither side has closed."""
        with self._lock:
            return len(self._connections)

    def stop(self) -> None:
        """Closes everything."""
        self._stopping.set()
        # On Linux a blocked accept() does not notice the close of its socket; a last connection wakes it.
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        self._listener.close()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(timeout=5)

    def _start(self, target: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)
        try:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with connection:
                buffer = b""
                while (found := _read_head(connection, buffer)) is not None:
                    head, buffer = found
                    if not self._answer(connection, _asked(head)):
                        return
        except OSError:
            return
        finally:
            with self._lock:
                self._connections = {each for each in self._connections if each.fileno() != -1}
                self._connections.discard(connection)

    def _answer(self, connection: socket.socket, asked: Asked) -> bool:
        with self._lock:
            self.asked.append(asked)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        counted = True
        try:
            host = (asked.header("host") or b"").decode().partition(":")[0]
            answering = self.routes.get(host + asked.path) or self.routes.get(asked.path) or NOT_FOUND
            said = answering if isinstance(answering, Reply) else answering(asked)
            size, seconds = said.drip or (len(said.raw) or 1, 0.0)
            for start in range(0, len(said.raw), size):
                if start + size >= len(said.raw) and not said.hang:
                    # Whoever has the last byte may ask again before this thread goes on.
                    counted = self._answered()
                connection.sendall(said.raw[start : start + size])
                if seconds and self._stopping.wait(seconds):
                    return False
            if said.hang:
                connection.settimeout(60)
                connection.recv(1)  # until the other side gives up, or the server stops
                return False
            return said.keep_open
        finally:
            if counted:
                self._answered()

    def _answered(self) -> bool:
        """One request less is being answered; False, as what is still to be counted of it."""
        with self._lock:
            self.at_once -= 1
        return False


def _read_head(connection: socket.socket, buffer: bytes) -> tuple[bytes, bytes] | None:
    while b"\r\n\r\n" not in buffer:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        buffer += chunk
    head, _, rest = buffer.partition(b"\r\n\r\n")
    return head, rest


def _asked(head: bytes) -> Asked:
    line, *lines = head.split(b"\r\n")
    method, path, _ = line.decode("latin-1").split(" ")
    headers = []
    for each in lines:
        name, _, value = each.partition(b":")
        headers.append((name.decode("latin-1").lower(), value.strip()))
    return Asked(method, path, tuple(headers), time.monotonic())
