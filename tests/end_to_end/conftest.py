"""The command as users run it, and a small site on loopback that a test can change between two passes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

Answer = tuple[int, dict[str, str], bytes]
Finished = subprocess.CompletedProcess[str]
Ajar = Callable[..., Finished]


def ajar_in(home: Path) -> Ajar:
    """Run `ajar …` in a process of its own; nothing of the caller's own settings reaches it."""

    def run(*arguments: str, stdin: str | None = None, **environment: str) -> Finished:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("AJAR_")}
        return subprocess.run(
            [sys.executable, "-m", "flows", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            env={**clean, "AJAR_HOME": str(home), "AJAR_ALLOW_PRIVATE": "1", **environment},
        )

    return run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """AJAR_HOME of one test."""
    return tmp_path / "home"


@pytest.fixture
def ajar(home: Path) -> Ajar:
    """The command, with the home of one test."""
    return ajar_in(home)


@pytest.fixture(scope="module")
def module_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """AJAR_HOME shared by the tests of a module."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def module_ajar(module_home: Path) -> Ajar:
    """The command, with the home shared by the tests of a module."""
    return ajar_in(module_home)


@dataclass
class Site:
    """A site on loopback: `answers` by path, changed by the test as it likes."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def page(self, path: str, title: str, text: str) -> None:
        """Serve an article."""
        body = f"<html lang=en><title>{title}</title><article><h1>{title}</h1><p>{text}</p></article></html>"
        self.answers[path] = (200, {"Content-Type": "text/html; charset=utf-8"}, body.encode())

    def feed(self, path: str, *articles: tuple[str, str], age: timedelta = timedelta(hours=1)) -> None:
        """Serve an RSS feed of (path, title) pairs, published `age` ago."""
        date = format_datetime(datetime.now(UTC) - age)
        items = "".join(
            f"<item><title>{title}</title><link>{self.url(link)}</link><guid>{link}</guid>"
            f"<pubDate>{date}</pubDate><description>{title}.</description></item>"
            for link, title in articles
        )
        body = f"<rss version='2.0'><channel><title>Site</title>{items}</channel></rss>"
        self.answers[path] = (200, {"Content-Type": "application/rss+xml"}, body.encode())

    def sources(self, file: Path, *feeds: str) -> Path:
        """Write a file of sources, one for each feed path; ids are made from the paths."""
        lines = [
            f"- {{id: {re.sub('[./]', '-', path.strip('/'))}, publisher: Site {path}, language: en, "
            f"tier: press, feeds: ['{self.url(path)}'], every: 1h}}"
            for path in feeds
        ]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return file


@pytest.fixture
def site() -> Iterator[Site]:
    """An empty site; an unknown path answers 404."""
    with _served_site() as served:
        yield served


@pytest.fixture(scope="module")
def module_site() -> Iterator[Site]:
    """A site shared by the tests of a module."""
    with _served_site() as served:
        yield served


@contextmanager
def _served_site() -> Iterator[Site]:
    served = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.requests.append(self.path)
            status, headers, body = served.answers.get(
                self.path, (404, {"Content-Type": "text/html"}, b"not here")
            )
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
