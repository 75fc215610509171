"""The user's own SQL over a published copy: everything can be read, nothing changed, no file reached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from extractors.errors import ConfigurationError
from warehouse.database import open_published, open_warehouse, publish
from warehouse.queries import run_sql

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own-sql")
    with open_warehouse(folder / "ajar.duckdb", now=NOW):
        pass
    publish(folder / "ajar.duckdb", folder / "ajar-latest.duckdb")
    return folder / "ajar-latest.duckdb"


@pytest.fixture
def connection(published: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(published) as connection:
        yield connection


def test_an_answer_has_columns_types_and_rows(connection: duckdb.DuckDBPyConnection) -> None:
    result = run_sql(connection, "SELECT 1 AS one, 'a' AS letter")
    assert (result.columns, result.types, result.rows) == (
        ("one", "letter"),
        ("INTEGER", "VARCHAR"),
        [(1, "a")],
    )


def test_times_come_in_utc(connection: duckdb.DuckDBPyConnection) -> None:
    rows = run_sql(connection, "SELECT CAST(TIMESTAMPTZ '2026-01-01 01:00:00+01' AS VARCHAR)").rows
    assert rows == [("2026-01-01 00:00:00+00",)]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("SELECT * FROM shift", "shift"),
        ("DELETE FROM history", "read-only"),
        ("SELEC 1", "syntax error"),
    ],
)
def test_what_cannot_be_run_is_refused_with_the_reason(
    connection: duckdb.DuckDBPyConnection, statement: str, message: str
) -> None:
    with pytest.raises(ConfigurationError, match=f"(?s)^sql: .*{message}"):
        run_sql(connection, statement)


def test_files_are_out_of_reach(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    for statement in (
        f"FROM '{secret}'",
        f"COPY history TO '{tmp_path / 'out.csv'}'",
        f"ATTACH '{tmp_path / 'x'}'",
    ):
        with pytest.raises(ConfigurationError):
            run_sql(connection, statement)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]
