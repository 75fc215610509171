"""The schema as users meet it: names, comments, times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import duckdb
import pytest

from warehouse.database import open_warehouse

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

CONTRACT = {
    "sources": "source publisher language tier actor",
    "fetches": "source url at outcome status reason bytes seconds entries",
    "articles": (
        "article_id url canonical_url source tier title author published_at first_seen_at updated_at "
        "language text text_hash extracted_by"
    ),
    "mentions": (
        "article_id actor artefact family kind direction stage due licence_from licence_to level_from "
        "level_to current confidence evidence start end rule ruleset"
    ),
    "shifts": (
        "shift_id actor artefact kind direction stage due licence_from licence_to level_from level_to "
        "first_seen_at last_seen_at stage_since articles outlets official headline evidence url"
    ),
    "shift_stages": "shift_id stage since",
    "promises": "shift_id actor promised_at due status kept_at",
    "alerts": "shift_id stage channel status attempts sent_at error",
    "history": "event_id happened_on actor artefact kind direction stage url",
    "articles_without_text": "article_id url reason",
    "load_failures": "folder reason",
    "address_states": "url source next_due_at state",
    "null_events": "article_id id evidence",
}


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("schema") / "ajar.duckdb"
    with open_warehouse(path, now=NOW) as warehouse:
        yield warehouse.connection


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_every_name_of_the_contract_exists(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    columns = {row[0] for row in connection.execute(f"DESCRIBE {name}").fetchall()}
    assert set(CONTRACT[name].split()) <= columns


def test_every_table_and_view_has_a_comment(connection: duckdb.DuckDBPyConnection) -> None:
    silent = connection.execute("""
        SELECT table_name FROM duckdb_tables() WHERE comment IS NULL
        UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL
    """).fetchall()
    assert silent == []


def test_every_column_has_a_comment(connection: duckdb.DuckDBPyConnection) -> None:
    silent = connection.execute("""
        SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL
    """).fetchall()
    assert silent == []


def test_every_timestamp_carries_its_time_zone(connection: duckdb.DuckDBPyConnection) -> None:
    naive = connection.execute("""
        SELECT table_name, column_name FROM duckdb_columns()
        WHERE NOT internal AND data_type LIKE 'TIMESTAMP%' AND data_type <> 'TIMESTAMP WITH TIME ZONE'
    """).fetchall()
    assert naive == []


def test_times_are_shown_in_utc(connection: duckdb.DuckDBPyConnection) -> None:
    assert connection.execute("SELECT current_setting('TimeZone')").fetchone() == ("UTC",)
