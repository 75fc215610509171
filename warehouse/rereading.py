"""What reading again needs: the stored articles, the shifts to compare, the runs already loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import duckdb

from extractors.records import Direction, Kind, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """A stored article as far as the tagger reads it."""

    article_id: str
    title: str
    text: str
    read_on: date
    """Date of publication, or of the first reading when none is stated: what relative dates count from."""
    language: str
    actor: str | None
    """Organisation whose official source this is; None for all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownShift:
    """What two readings of the archive may differ in."""

    shift_id: str
    actor: str
    artefact: str
    kind: Kind
    direction: Direction
    stage: Stage
    licence_to: str | None
    articles: int
    evidence: str
    url: str


def stored_articles(
    connection: duckdb.DuckDBPyConnection, *, batch: int = 2000
) -> Iterator[list[StoredArticle]]:
    """All stored articles in batches, in no order; texts are held for one batch only.

    Nothing else may be asked on `connection` until the last batch was taken.
    """
    cursor = connection.execute("""
        SELECT
            article_id, title, text, CAST(coalesce(published_at, first_seen_at) AS DATE) AS read_on,
            articles.language, sources.actor
        FROM articles LEFT JOIN sources USING (source)
    """)
    while rows := cursor.fetchmany(batch):
        yield [
            StoredArticle(
                article_id=article_id, title=title, text=text, read_on=read_on, language=language, actor=actor
            )
            for article_id, title, text, read_on, language, actor in rows
        ]


def count_articles(connection: duckdb.DuckDBPyConnection) -> int:
    """How many articles are stored."""
    row = connection.execute("SELECT count(*) FROM article_facts").fetchone()
    return int(row[0]) if row else 0


def known_shifts(connection: duckdb.DuckDBPyConnection) -> dict[str, KnownShift]:
    """All shifts by id."""
    cursor = connection.execute("""
        SELECT shift_id, actor, artefact, kind, direction, stage, licence_to, articles, evidence, url
        FROM shifts
        ORDER BY last_seen_at DESC, shift_id
    """)
    names = [column[0] for column in cursor.description or ()]
    return {row[0]: KnownShift(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()}


def renamed_shifts(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Former ids of shifts, with the ids of today."""
    return dict(connection.execute("SELECT alias, shift_id FROM shift_aliases").fetchall())


def loaded_runs(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Ids of all runs whose rows are in the warehouse."""
    return {row[0] for row in connection.execute("SELECT run_id FROM runs").fetchall()}
