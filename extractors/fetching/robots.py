"""robots.txt (RFC 9309): what it allows, kept for a day.

protego reads it, because the standard library gets `/*.pdf$` and fractional delays wrong.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from protego import Protego

PRODUCT = "Ajar"
"""The name that groups of rules in a robots.txt address."""
LARGEST = 500 * 1024
"""Bytes that are read of one (RFC 9309 §2.5)."""
KEPT_FOR = timedelta(hours=24)  # RFC 9309 §2.4
MOST_REDIRECTS = 5  # RFC 9309 §2.3.1.2

ALLOW_ALL = ""


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one robots.txt says to us."""

    _rules: Protego

    def allows(self, url: str) -> bool:
        """True when the page may be asked for."""
        return bool(self._rules.can_fetch(url, PRODUCT))

    @property
    def crawl_delay(self) -> float | None:
        """Seconds between two requests that it asks for; None: it does not."""
        delay = self._rules.crawl_delay(PRODUCT)
        return None if delay is None else float(delay)


def parse_robots(text: str) -> RobotsRules:
    """Reads a robots.txt; whatever is not a rule, an HTML page for example, rules nothing."""
    return RobotsRules(Protego.parse(text.removeprefix("\ufeff")))


def robots_url(url: str) -> str:
    """Where the rules for an address stand: at its origin."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"


class RobotsCache:
    """Texts of robots.txt by address, for a day; in a file too, when one is given, for the next pass."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._texts: dict[str, tuple[datetime, str]] = {}
        self._rules: dict[str, RobotsRules] = {}
        self._changed = False
        if file is not None:
            self._texts = _read(file)

    def get(self, url: str, now: datetime) -> RobotsRules | None:
        """The rules at a robots.txt address; None when they are not known or a day old."""
        at, text = self._texts.get(url, (None, ""))
        if at is None or not timedelta() <= now - at < KEPT_FOR:
            return None
        if url not in self._rules:
            self._rules[url] = parse_robots(text)
        return self._rules[url]

    def put(self, url: str, text: str, now: datetime) -> RobotsRules:
        """Keeps the text and gives its rules."""
        self._texts[url] = (now, text)
        self._rules[url] = parse_robots(text)
        self._changed = True
        return self._rules[url]

    def save(self, now: datetime) -> None:
        """Writes the file, whole or not at all; what is older than a day is left out."""
        if self._file is None or not self._changed:
            return
        kept = {url: [at.isoformat(), text] for url, (at, text) in self._texts.items() if now - at < KEPT_FOR}
        self._file.parent.mkdir(parents=True, exist_ok=True)
        _replace(self._file, lambda path: path.write_text(json.dumps(kept), encoding="utf-8"))
        self._changed = False


def _read(file: Path) -> dict[str, tuple[datetime, str]]:
    """What the file holds; nothing when it is missing or broken, for it is only a cache."""
    try:
        written = json.loads(file.read_text(encoding="utf-8"))
        return {str(url): (datetime.fromisoformat(at), str(text)) for url, (at, text) in written.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _replace(file: Path, write: Callable[[Path], object]) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    os.close(handle)
    try:
        write(Path(name))
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
