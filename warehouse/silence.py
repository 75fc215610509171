"""What the warehouse knows of its own supply: the last pass, the newest article, each source, each channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import duckdb

from warehouse.statements import bundled_text


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSupply:
    """One source as the newest pass left it."""

    source: str
    publisher: str
    well_at: datetime
    """When it was last read, or first asked if it never was."""
    failing: bool
    """Whether the last request failed."""
    last_reason: str | None
    newest_article_at: datetime | None
    """When its newest article appeared: its own date, or when it was first seen. None when it never brought
    one."""
    longest_pause: timedelta | None
    """Between two articles of the 90 days before the newest. None when it is too new, or too quiet, to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeliveredAlerts:
    """Alerts of one channel that were given up, or sent twice and never answered."""

    channel: str
    status: Literal["dead", "unconfirmed"]
    alerts: int
    last_tried_at: datetime
    last_error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """When something last happened."""

    last_pass_at: datetime | None
    """None before the first pass."""
    newest_article_at: datetime | None
    sources: tuple[SourceSupply, ...]
    undelivered: tuple[UndeliveredAlerts, ...] = ()


def read_supply(connection: duckdb.DuckDBPyConnection) -> Supply:
    """Read it; works on the published copy too."""
    row = connection.execute(bundled_text("sending", "silence")).fetchone()
    last_pass_at, newest_article_at = row or (None, None)
    return Supply(
        last_pass_at=last_pass_at,
        newest_article_at=newest_article_at,
        sources=tuple(SourceSupply(**each) for each in _rows(connection, "unwell_sources")),
        undelivered=tuple(UndeliveredAlerts(**each) for each in _rows(connection, "undelivered")),
    )


def _rows(connection: duckdb.DuckDBPyConnection, statement: str) -> list[dict[str, Any]]:
    cursor = connection.execute(bundled_text("sending", statement))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
