"""What stands at the other end of a channel in tests: an HTTP endpoint that plays Slack, alerts to tell."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from warehouse.alerts import AlertSource, EarlierAlert, PendingAlert

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

Answer = int | tuple[int, dict[str, str], bytes] | Literal["reset", "hang up", "silence"]
"""A status; or status, headers, body; or: `reset` the connection after the message was accepted, `hang up`
before anything was read, keep `silence` after it was accepted."""


@dataclass
class SlackDouble:
    """A webhook on this machine. `accepted` holds every message Slack would have shown."""

    url: str
    answer: Callable[[int], Answer]
    """What to do with request number n, from 0."""
    accepted: list[dict[str, Any]] = field(default_factory=list)
    requests: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    ending: threading.Event = field(default_factory=threading.Event)

    def next_answer(self) -> Answer:
        with self.lock:
            self.requests += 1
            return self.answer(self.requests - 1)

    def accept(self, body: bytes) -> None:
        with self.lock:
            self.accepted.append(json.loads(body))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    double: SlackDouble


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        double = self.server.double
        answer = double.next_answer()
        if answer == "hang up":
            self._reset()
            return
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if answer in ("reset", "silence", 200):
            double.accept(body)
        if answer == "reset":
            self._reset()
        elif answer == "silence":
            double.ending.wait()
            self.close_connection = True
        else:
            assert not isinstance(answer, str)
            self._say(answer)

    def _say(self, answer: int | tuple[int, dict[str, str], bytes]) -> None:
        if isinstance(answer, int):
            answer = (answer, {}, b"ok" if answer == 200 else b"")
        status, headers, words = answer
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def _reset(self) -> None:
        # Closing with a linger of zero sends RST instead of FIN.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what it was asked stands in the double."""


@contextmanager
def slack_double(answer: Callable[[int], Answer] = lambda number: 200) -> Iterator[SlackDouble]:
    """A webhook that answers as told until the end of the block."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.double = SlackDouble(f"http://127.0.0.1:{server.server_port}/services/T0/B0/hush-token", answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.double
    finally:
        server.double.ending.set()
        server.shutdown()
        server.server_close()
        thread.join()


def pending_alert(**changes: Any) -> PendingAlert:
    """A plain alert: Corvane has published Lumen 2, two outlets report it."""
    told: dict[str, Any] = {
        "shift_id": "94f0f59c26fd5deb",
        "stage": "done",
        "occurrence": 1,
        "channel": "slack",
        "attempts": 1,
        "repeat": False,
        "actor": "Corvane",
        "artefact": "Lumen 2",
        "kind": "weights",
        "direction": "opening",
        "previous_stage": None,
        "since": NOW,
        "due": None,
        "licence_from": None,
        "licence_to": "Apache-2.0",
        "level_from": 3,
        "level_to": 6,
        "territory": None,
        "compelled_by": None,
        "official": True,
        "confidence": 0.9,
        "articles": 3,
        "outlets": 3,
        "headline": "Lumen 2 is yours",
        "evidence": "From today the weights of Lumen 2 can be downloaded under Apache 2.0.",
        "url": "https://corvane.example/lumen-2",
        "rule": "weights.published",
        "sources": (
            AlertSource(
                source="corvane-blog",
                publisher="Corvane",
                tier="official",
                url="https://corvane.example/lumen-2",
                title="Lumen 2 is yours",
            ),
            AlertSource(
                source="halden-post",
                publisher="Halden Post",
                tier="press",
                url="https://halden-post.example/lumen",
                title="Corvane opens up",
            ),
        ),
    }
    return PendingAlert(**{**told, **changes})


def follow_up_alert(**changes: Any) -> PendingAlert:
    """Corvane keeps its promise, with another licence than promised."""
    earlier = EarlierAlert(
        stage="announced",
        due=date(2026, 2, 27),
        licence_to="MIT",
        level_to=6,
        sent_at=datetime(2026, 1, 5, tzinfo=UTC),
    )
    told = {
        "previous_stage": "announced",
        "licence_to": "Corvane Community License",
        "level_to": 5,
        "territory": "not in the European Union",
        "earlier": earlier,
        "thread": "0011223344556677",
    }
    return pending_alert(**{**told, **changes})


HOSTILE = (
    "<!channel> <@U024BE7LH> <https://evil.example|click> & <b>bold</b>",
    "*bold* _it_ ~gone~ `code` :tada: > quote\n>>> all @here @everyone",
    "line\r\nBcc: victim@example.org\r\n\r\nbody \x0b\x0c\x1c\x85 after",
    "\u202egnp.exe \u2066hidden\u2069 \u2028 next \u2029 last",
    "half \ud83d nul \x00 bell \x07 del \x7f",
    "</blockquote><script>alert(1)</script><img src=x onerror=alert(1)>",
    "=?utf-8?q?encoded?= \"quoted\" 'single' ${HOME} $(id) `id`",
    "a" * 5000,
    "&" * 5000,
    "가중치 공개 开放权重 🚪",
    "",
)
"""Titles and sentences that try something."""
