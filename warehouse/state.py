"""What a pass must know of earlier ones."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from extractors.errors import StorageError
from extractors.records import AddressState, KnownArticle
from warehouse.database import WAIT_SECONDS, open_published, open_warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class PassState:
    """What the warehouse remembers; empty before the first load."""

    addresses: dict[str, AddressState] = field(default_factory=dict)
    """By URL."""
    articles: dict[str, KnownArticle] = field(default_factory=dict)
    """By article id."""
    imported: dict[str, datetime] = field(default_factory=dict)
    """When each source was first imported, by source id; a source that was never read is missing."""


def read_state(
    path: Path,
    *,
    now: datetime,
    published: Path | None = None,
    of: Collection[str] | None = None,
    wait: float = WAIT_SECONDS,
) -> PassState:
    """Read what a pass must know; empty when there is no warehouse yet.

    `published` is read instead when the warehouse cannot be opened, so that a pass can still read the web
    and stage its rows; None: nothing is read instead. `of` names the articles wanted, for a warehouse too
    large to hold all in memory; None: all of them.
    Raises StorageError as `open_warehouse` does.
    """
    if not path.exists():
        return PassState()
    try:
        with open_warehouse(path, now=now, wait=wait) as warehouse:
            return _state(warehouse.connection, of)
    except StorageError:
        if published is None or not published.exists():
            raise
        with open_published(published) as connection:
            return _state(connection, of)


def published_state(published: Path) -> PassState:
    """What a read copy remembers. Raises StorageError when it cannot be read."""
    with open_published(published) as connection:
        return _state(connection, None)


def _state(connection: duckdb.DuckDBPyConnection, of: Collection[str] | None) -> PassState:
    imported = "SELECT source, first_imported_at FROM sources WHERE first_imported_at IS NOT NULL"
    return PassState(
        addresses={state.url: state for state in _addresses(connection)},
        articles={article.article_id: article for article in _articles(connection, of)},
        imported=dict(connection.execute(imported).fetchall()),
    )


def _addresses(connection: duckdb.DuckDBPyConnection) -> list[AddressState]:
    rows = connection.execute("SELECT url, source, next_due_at, state FROM address_states").fetchall()
    return [
        AddressState(url=url, source=source, next_due_at=next_due_at, memory=json.loads(state))
        for url, source, next_due_at, state in rows
    ]


def _articles(connection: duckdb.DuckDBPyConnection, of: Collection[str] | None) -> list[KnownArticle]:
    wanted: list[Any] = [] if of is None else [list(of)]
    cursor = connection.execute(
        f"""
        SELECT
            article_id, source, guid, url, entry_hash, text_hash, attempts, retry_at,
            without_text IS NULL AS has_text, revisions
        FROM article_facts
        {"" if of is None else "WHERE article_id IN (SELECT unnest(?::VARCHAR[]))"}
        """,
        wanted,
    )
    names = [column[0] for column in cursor.description or ()]
    return [KnownArticle(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
