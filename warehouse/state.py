"""What a pass must know of earlier ones."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from extractors.records import AddressState, KnownArticle
from warehouse.database import WAIT_SECONDS, open_warehouse


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
    path: Path, *, now: datetime, of: Collection[str] | None = None, wait: float = WAIT_SECONDS
) -> PassState:
    """Read what a pass must know; empty when there is no warehouse yet.

    `of` names the articles wanted, for a warehouse too large to hold all in memory; None: all of them.
    Raises StorageError as `open_warehouse` does.
    """
    if not path.exists():
        return PassState()
    with open_warehouse(path, now=now, wait=wait) as warehouse:
        connection = warehouse.connection
        return PassState(
            addresses={state.url: state for state in _addresses(connection)},
            articles={article.article_id: article for article in _articles(connection, of)},
            imported=dict(
                connection.execute(
                    "SELECT source, first_imported_at FROM sources WHERE first_imported_at IS NOT NULL"
                ).fetchall()
            ),
        )


def _addresses(connection: duckdb.DuckDBPyConnection) -> list[AddressState]:
    rows = connection.execute("SELECT url, source, next_due_at, state FROM address_states").fetchall()
    return [
        AddressState(url=url, source=source, next_due_at=next_due_at, memory=json.loads(state))
        for url, source, next_due_at, state in rows
    ]


def _articles(connection: duckdb.DuckDBPyConnection, of: Collection[str] | None) -> list[KnownArticle]:
    wanted: list[Any] = [] if of is None else [list(of)]
    rows = connection.execute(
        f"""
        SELECT
            article_id, source, guid, url, entry_hash, text_hash, attempts, retry_at,
            without_text IS NULL
        FROM article_facts
        {"" if of is None else "WHERE article_id IN (SELECT unnest(?::VARCHAR[]))"}
        """,
        wanted,
    ).fetchall()
    return [
        KnownArticle(
            article_id=article_id,
            source=source,
            guid=guid,
            url=url,
            entry_hash=entry_hash,
            text_hash=text_hash,
            attempts=attempts,
            retry_at=retry_at,
            has_text=has_text,
        )
        for article_id, source, guid, url, entry_hash, text_hash, attempts, retry_at, has_text in rows
    ]
