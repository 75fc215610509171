"""How to fetch, as one record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

VERSION = version("ajar")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How to fetch."""

    contact: str | None = None
    """Mail or web address that publishers can turn to; part of the User-Agent."""
    allow_private: bool = False
    """Fetch from loopback and private addresses too."""
    connect_to: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """Hosts whose connections go to another address and port, like curl's --connect-to."""
    host_gap_seconds: float = 5.0
    """Least time between the starts of two requests to one registrable domain."""
    host_connections: int = 2
    """Most requests to one registrable domain at a time."""
    separate_hosts: frozenset[str] = frozenset()
    """Hosts that count as a domain of their own, for gaps and for pauses."""
    connections: int = 256
    """Most requests at a time in all."""
    deadline_seconds: float = 30.0
    """For one request from the connection to the last byte, redirects included; waiting for a turn is not."""
    body_cap: int = 8 * 1024 * 1024
    """Bytes of a decoded body."""
    robots_file: Path | None = None
    """Where robots.txt are kept between passes; None: for this pass only."""

    @property
    def user_agent(self) -> str:
        """Who asks, in which version, and whom to write to."""
        return f"Ajar/{VERSION}" + (f" (+{self.contact})" if self.contact else "")
