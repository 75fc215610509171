"""The newsroom's web server: all publishers on one loopback port, told apart by the Host header.

    with Newsroom(day=1) as newsroom:
        settings = FetchSettings(connect_to=newsroom.connect_to, …)
        …                       # http://halden-post.example/… is answered from here
        newsroom.day = 2        # from now on the sites are as they stood two days later

Nothing outside 127.0.0.1 can reach it, and URLs are the same in every run whatever the port.
"""

from __future__ import annotations

import gzip
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import TracebackType
from typing import Any, Self

from flows.demo.editions import Document, edition
from flows.demo.publishers import PUBLISHERS
from flows.demo.story_files import DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRequest:
    """One request the newsroom answered."""

    host: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    status: int


def sources_file() -> Traversable:
    """The newsroom's publishers as a catalogue in Ajar's source format."""
    return files("flows.demo") / "sources.yaml"


class Newsroom:
    """Serves the newsroom's edition of a day for as long as its context lasts.

    `requests` holds every request answered so far, in order of answer.
    """

    def __init__(self, day: int) -> None:
        self.requests: list[LoggedRequest] = []
        self.day = day
        self._server = _LoopbackServer(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def day(self) -> int:
        """The day whose edition is served. May be set while running; ValueError for a day without one."""
        return self._day

    @day.setter
    def day(self, day: int) -> None:
        if day not in DAYS:
            raise ValueError(f"the newsroom has no day {day!r}; use one of {', '.join(map(str, DAYS))}")
        self.documents = edition(day)
        self._day = day

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(publisher.host for publisher in PUBLISHERS)

    @property
    def connect_to(self) -> dict[str, tuple[str, int]]:
        """Where to find each host, as `FetchSettings.connect_to` wants it."""
        return dict.fromkeys(self.hosts, ("127.0.0.1", self.port))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _LoopbackServer(ThreadingHTTPServer):
    daemon_threads = True
    # A pass opens many connections at once; the default of 5 would make some wait for a retransmission.
    request_queue_size = 128

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        super().__init__(("127.0.0.1", 0), _Answer)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away, such as a pass that was killed, is nobody's error here."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Answer(BaseHTTPRequestHandler):
    server: _LoopbackServer
    protocol_version = "HTTP/1.1"
    server_version = "Newsroom"
    # One write per answer: headers and body in two packets would meet Nagle's algorithm.
    wbufsize = -1

    def do_GET(self) -> None:
        newsroom = self.server.newsroom
        host = self.headers.get("Host", "").partition(":")[0].lower()
        path = self.path.partition("?")[0]
        document = newsroom.documents.get((host, path)) or _not_found(host)
        status = HTTPStatus.NOT_MODIFIED if self._has_it(document) else document.status
        newsroom.requests.append(
            LoggedRequest(
                host=host,
                path=path,
                headers={name.lower(): value for name, value in self.headers.items()},
                status=status,
            )
        )
        self._send(status, document)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are kept in `Newsroom.requests`; the terminal belongs to whoever runs the newsroom."""

    def _has_it(self, document: Document) -> bool:
        """Whether the client's copy is the current one (RFC 9110 §13.2.2: the ETag decides, if sent)."""
        if document.modified is None:
            return False
        if tags := self.headers.get("If-None-Match"):
            return document.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        if since := self.headers.get("If-Modified-Since"):
            return document.modified <= parsedate_to_datetime(since)
        return False

    def _send(self, status: HTTPStatus, document: Document) -> None:
        body = b"" if status is HTTPStatus.NOT_MODIFIED else document.body
        compressed = body and "gzip" in self.headers.get("Accept-Encoding", "")
        if compressed:
            body = gzip.compress(body, 6, mtime=0)
        self.send_response(status)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", document.content_type)
            self.send_header("Content-Length", str(len(body)))
        if compressed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Vary", "Accept-Encoding")
        if document.modified is not None:
            # Weak, for the compressed and the plain answer share it (RFC 9110 §8.8.3.3).
            self.send_header("ETag", f"W/{document.etag}")
            self.send_header("Last-Modified", format_datetime(document.modified, usegmt=True))
        for name, value in document.extra:
            self.send_header(name, value)
        # A kept connection would go on being answered after the newsroom has closed.
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


def _not_found(host: str) -> Document:
    return Document(
        status=HTTPStatus.NOT_FOUND,
        body=f"<title>Page not found</title><h1>Page not found</h1><p>{host}</p>".encode(),
        content_type="text/html; charset=utf-8",
    )
