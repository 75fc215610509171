"""What a pass must know of earlier ones."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
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
    guids: Collection[tuple[str, str]] = (),
    wait: float = WAIT_SECONDS,
) -> PassState:
    """Read what a pass must know; empty when there is no warehouse yet.

    `published` is read instead when the warehouse cannot be opened, so that a pass can still read the web
    and stage its rows; None: nothing is read instead. `of` names the articles wanted, for a warehouse too
    large to hold all in memory, and `guids` more of them, each by its source and guid; those whose page is due for
    another try come too. None: all articles.
    Raises StorageError as `open_warehouse` does.
    """
    if not path.exists():
        return PassState()
    with ExitStack() as opened:
        try:
            connection = opened.enter_context(open_warehouse(path, now=now, wait=wait)).connection
        except StorageError:
            if published is None or not published.exists():
                raise
            connection = opened.enter_context(open_published(published))
        return _state(connection, _articles(connection) if of is None else _some(connection, of, guids, now))


def published_state(published: Path) -> PassState:
    """What a read copy remembers. Raises StorageError when it cannot be read."""
    with open_published(published) as connection:
        return _state(connection, _articles(connection))


def _state(connection: duckdb.DuckDBPyConnection, articles: Sequence[KnownArticle]) -> PassState:
    imported = "SELECT source, first_imported_at FROM sources WHERE first_imported_at IS NOT NULL"
    return PassState(
        addresses={state.url: state for state in _addresses(connection)},
        articles={article.article_id: article for article in articles},
        imported=dict(connection.execute(imported).fetchall()),
    )


def _addresses(connection: duckdb.DuckDBPyConnection) -> list[AddressState]:
    rows = connection.execute("SELECT url, source, next_due_at, state FROM address_states").fetchall()
    return [
        AddressState(url=url, source=source, next_due_at=next_due_at, memory=json.loads(state))
        for url, source, next_due_at, state in rows
    ]


def _some(
    connection: duckdb.DuckDBPyConnection,
    ids: Collection[str],
    guids: Collection[tuple[str, str]],
    now: datetime,
) -> list[KnownArticle]:
    # Three joins: conditions joined by OR would be a hundred times as slow.
    which = """
        SEMI JOIN (
            SELECT unnest($ids::VARCHAR[]) AS article_id
            UNION ALL
            SELECT article_id
            FROM article_facts
            SEMI JOIN (SELECT unnest($sources::VARCHAR[]) AS source, unnest($guids::VARCHAR[]) AS guid) AS given
                USING (source, guid)
            UNION ALL
            SELECT article_id FROM article_facts WHERE without_text IS NOT NULL AND retry_at <= $now
        ) AS wanted USING (article_id)
    """
    sources = [source for source, _ in guids]
    named = {"ids": list(ids), "sources": sources, "guids": [guid for _, guid in guids], "now": now}
    return _articles(connection, which, named)


def _articles(
    connection: duckdb.DuckDBPyConnection, which: str = "", named: Mapping[str, Any] | None = None
) -> list[KnownArticle]:
    cursor = connection.execute(
        f"""
        SELECT
            article_id, source, guid, url, entry_hash, text_hash, attempts, retry_at,
            without_text IS NULL AS has_text, revisions
        FROM article_facts
        {which}
        """,
        named or {},
    )
    names = [column[0] for column in cursor.description or ()]
    return [KnownArticle(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
