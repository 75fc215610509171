"""What the warehouse knows of its own supply: the last pass, the newest article, each source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
    """None when it never brought one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """When something last happened."""

    last_pass_at: datetime | None
    """None before the first pass."""
    newest_article_at: datetime | None
    sources: tuple[SourceSupply, ...]


def read_supply(connection: duckdb.DuckDBPyConnection) -> Supply:
    """Read it; works on the published copy too."""
    row = connection.execute(bundled_text("sending", "silence")).fetchone()
    last_pass_at, newest_article_at = row or (None, None)
    cursor = connection.execute(bundled_text("sending", "unwell_sources"))
    names = [column[0] for column in cursor.description or ()]
    return Supply(
        last_pass_at=last_pass_at,
        newest_article_at=newest_article_at,
        sources=tuple(SourceSupply(**dict(zip(names, each, strict=True))) for each in cursor.fetchall()),
    )
