"""Every named query documents itself, runs by itself, and answers the cases beside its name in queries/."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from extractors.errors import ConfigurationError, StorageError
from warehouse.database import open_warehouse
from warehouse.queries import NamedQuery, list_queries, read_query, run_query
from warehouse.search_index import index_articles
from warehouse.statements import bundled_text, transaction

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CASES = Path(__file__).with_name("queries")

SEEN = datetime(2026, 1, 1, tzinfo=UTC)
DEFAULTS: dict[str, dict[str, Any]] = {
    "organisations": {"type": "lab"},
    "licences": {"name": "", "class": "osi_open_source"},
    "sources": {
        "publisher": "Halden Post", "language": "en", "tier": "press", "addresses": [],
        "every_seconds": 3600, "updated_at": SEEN,
    },
    "fetches": {
        "url": "https://halden-post.example/feed", "outcome": "read", "bytes": 0, "seconds": 0.1,
        "run_id": "1",
    },
    "article_facts": {
        "url": "https://halden-post.example/1", "canonical_url": "", "source": "halden-post", "tier": "press",
        "title": "", "first_seen_at": SEEN, "seen_at": SEEN, "language": "en", "text_hash": "",
        "entry_hash": "", "extracted_by": "feed", "attempts": 1, "ruleset": "1",
    },
    "article_texts": {"text_hash": "", "text": "", "extracted_by": "feed", "seen_at": SEEN},
    "mentions": {
        "article_id": "1", "position": 0, "actor": "Arnor Labs", "artefact": "Gondor 7B", "family": "gondor",
        "kind": "weights", "direction": "opening", "stage": "done", "current": True, "confidence": 0.9,
        "evidence": "", "start": 0, "end": 0, "where": "text", "rule": "weights-released", "ruleset": "1",
    },
    "null_events": {
        "article_id": "1", "evidence": "", "start": 0, "end": 0, "where": "text", "ruleset": "1",
    },
    "shifts": {
        "actor": "Arnor Labs", "artefact": "Gondor 7B", "family": "gondor", "kind": "weights",
        "direction": "opening", "stage": "done", "first_seen_at": SEEN, "articles": 1, "outlets": 1,
        "official": False, "confidence": 0.9, "headline": "", "evidence": "", "url": "",
        "source": "halden-post", "article_id": "1",
    },
    "shift_aliases": {"since": SEEN},
    "shift_sources": {}, "search_terms": {}, "search_documents": {}, "search_postings": {},
    "shift_stages": {
        "step": 1, "stage": "done", "occurrence": 1, "since": SEEN, "confidence": 0.9, "official": False,
        "headline": "", "evidence": "", "url": "", "source": "halden-post", "article_id": "1",
    },
    "history": {
        "actor": "Arnor Labs", "artefact": "Gondor 7B", "family": "gondor", "kind": "weights",
        "direction": "opening", "stage": "done", "what": "", "certainty": "confirmed",
    },
}  # fmt: skip
"""What a case need not say of the rows it is given."""


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("queries") / "ajar.duckdb"
    with open_warehouse(path, now=NOW):
        pass
    # As any DuckDB shell opens the file.
    with duckdb.connect(path) as connection:
        yield connection


@pytest.fixture
def empty(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    with transaction(connection):
        for table in DEFAULTS:
            connection.execute(f"DELETE FROM {table}")
    return connection


def insert(connection: duckdb.DuckDBPyConnection, table: str, given: dict[str, Any]) -> None:
    row = {**DEFAULTS[table], **given}
    if table == "shifts":
        row = {"last_seen_at": row["first_seen_at"], "stage_since": row["first_seen_at"], **row}
    if table == "history":
        row = {"shift_id": row["event_id"], **row}
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" for _ in row)
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))


def derive(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill in what a load derives from the rows given."""
    connection.execute("""
        UPDATE mentions SET told_at = least(facts.published_at, facts.first_seen_at)
        FROM article_facts AS facts WHERE facts.article_id = mentions.article_id;
        UPDATE article_facts SET reports = (
            SELECT count(*) FROM mentions WHERE mentions.article_id = article_facts.article_id AND current
        );
        CREATE OR REPLACE TEMP TABLE replaced AS SELECT DISTINCT shift_id FROM mentions
    """)
    connection.execute(bundled_text("loading", "shift_sources"))
    connection.execute("INSERT INTO search_waiting SELECT article_id FROM article_facts")
    index_articles(connection)


def cases() -> list[Any]:
    return [
        pytest.param(path.stem, case, id=f"{path.stem}: {case['fact']}")
        for path in sorted(CASES.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text("utf-8"))
    ]


@pytest.mark.parametrize(("name", "case"), cases())
def test_the_case_holds(empty: duckdb.DuckDBPyConnection, name: str, case: dict[str, Any]) -> None:
    with transaction(empty):
        for table, rows in case["given"].items():
            for row in rows:
                insert(empty, table, row)
    derive(empty)
    given = {key: str(value) for key, value in case.get("set", {}).items()}
    result = run_query(empty, name, given)
    assert result.rows == asked_in_a_shell(empty, name, given)
    found = [dict(zip(result.columns, row, strict=True)) for row in result.rows]
    told = [{key: row[key] for key in wanted} for row, wanted in zip(found, case["expect"], strict=False)]
    assert told == [{key: comparable(value) for key, value in row.items()} for row in case["expect"]]
    assert len(found) == len(case["expect"]), found


def asked_in_a_shell(
    connection: duckdb.DuckDBPyConnection, name: str, given: dict[str, str]
) -> list[tuple[Any, ...]]:
    """What the file gives when it is pasted into a DuckDB shell, fourteen hours ahead of UTC."""
    (query,) = (query for query in list_queries() if query.name == name)
    with connection.cursor() as shell:
        shell.execute("SET TimeZone = 'Pacific/Kiritimati'")
        for variable, value in given.items():
            shell.execute(f"SET VARIABLE {variable} = ?", [value])
        return shell.execute(query.sql).fetchall()


def comparable(value: Any) -> Any:
    """YAML reads a time without a zone as naive; every time of a case is UTC."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def test_every_query_has_cases() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} == {query.name for query in list_queries()}


@pytest.mark.parametrize("query", list_queries(), ids=lambda query: query.name)
def test_a_query_pasted_into_a_shell_runs_with_nothing_set(
    empty: duckdb.DuckDBPyConnection, query: NamedQuery
) -> None:
    with empty.cursor() as shell:
        shell.execute(query.sql)
        assert shell.description is not None


@pytest.mark.parametrize("query", list_queries(), ids=lambda query: query.name)
def test_a_header_names_the_columns_and_types_the_query_gives(
    empty: duckdb.DuckDBPyConnection, query: NamedQuery
) -> None:
    result = run_query(empty, query.name)
    assert [(column.name, column.type) for column in query.columns] == list(
        zip(result.columns, result.types, strict=True)
    )


@pytest.mark.parametrize("query", list_queries(), ids=lambda query: query.name)
def test_a_header_names_the_variables_the_query_reads(query: NamedQuery) -> None:
    body = query.sql
    read = {part.split("'", 1)[0] for part in body.split("getvariable('")[1:]}
    through_view = {"as_of"} if "all_promises" in body else set()
    assert {variable.name for variable in query.variables} == read | through_view


def test_a_published_copy_answers_too(tmp_path: Path) -> None:
    path = tmp_path / "ajar.duckdb"
    with open_warehouse(path, now=NOW):
        pass
    with duckdb.connect(path, read_only=True) as reader:
        assert run_query(reader, "newest_shifts", {"top": "1"}).columns[0] == "stage_on"


def test_a_copy_of_another_version_is_named_as_such(tmp_path: Path) -> None:
    with duckdb.connect(tmp_path / "older.duckdb") as older:
        older.execute("CREATE VIEW all_shifts AS SELECT 1 AS shift_id")
        with pytest.raises(
            StorageError, match="published by another version of Ajar; `ajar run` publishes a new"
        ):
            run_query(older, "newest_shifts")


def test_a_variable_holds_for_one_question_only(empty: duckdb.DuckDBPyConnection) -> None:
    insert(empty, "shifts", {"shift_id": "1"})
    assert run_query(empty, "newest_shifts", {"actor": "nobody"}).rows == []
    assert len(run_query(empty, "newest_shifts").rows) == 1


def test_a_query_may_be_named_with_dashes(empty: duckdb.DuckDBPyConnection) -> None:
    assert run_query(empty, "newest-shifts").rows == []


def test_a_value_reaches_the_query_as_a_value(empty: duckdb.DuckDBPyConnection) -> None:
    insert(empty, "shifts", {"shift_id": "1"})
    assert run_query(empty, "newest_shifts", {"actor": "'; DROP TABLE shifts; --"}).rows == []
    assert empty.execute("SELECT count(*) FROM shifts").fetchone() == (1,)


@pytest.mark.parametrize(
    ("name", "variables", "message"),
    [
        ("newest", {}, "query is 'newest'; did you mean newest_shifts? `ajar queries` lists all "),
        ("newest_shifts", {"form": "2026-01-01"}, "variable is 'form'; use one of since, actor, "),
        ("newest_shifts", {"since": "yesterday"}, "since is 'yesterday'; use a day such as 2026-01-31"),
        ("newest_shifts", {"top": "-1"}, "top is '-1'; use a whole number such as 20"),
        ("newest_shifts", {"history": "maybe"}, "history is 'maybe'; use true or false"),
        ("newest_shifts", {"direction": "shuts"}, "direction is 'shuts'; use one of opening, closing, mixed"),
    ],
)
def test_a_wrong_name_or_value_is_refused_with_the_right_ones(
    empty: duckdb.DuckDBPyConnection, name: str, variables: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        run_query(empty, name, variables)
    assert message in str(caught.value)


def test_a_header_is_read_into_its_parts() -> None:
    query = read_query(
        "doors",
        "-- Which doors stand open?\n--\n-- Variables\n--   since  DATE  today  First day.\n--\n"
        "-- Gives one row per door, newest first\n--   door  VARCHAR  Its name.\n--\n"
        "-- A remark.\nSELECT 1;\n",
    )
    assert query.question == "Which doors stand open?"
    assert [(v.name, v.type, v.default, v.meaning) for v in query.variables] == [
        ("since", "DATE", "today", "First day.")
    ]
    assert query.grain == "one row per door, newest first"
    assert [(c.name, c.type, c.meaning) for c in query.columns] == [("door", "VARCHAR", "Its name.")]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("-- Doors.\n-- Gives one row per door\n", "line 1 must be the question"),
        ("-- Which doors?\n-- One row per door\n", "the header must say 'Gives one row per …'"),
        (
            "-- Which doors?\n-- Gives one row per door\n--   door VARCHAR\n",
            "'door VARCHAR' has 1 columns; write 3",
        ),
    ],
)
def test_a_header_out_of_shape_is_refused(header: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_query("doors", header + "SELECT 1;\n")
    assert str(caught.value).startswith("queries/doors.sql: ")
    assert message in str(caught.value)


def test_days_are_given_as_days(empty: duckdb.DuckDBPyConnection) -> None:
    insert(empty, "shifts", {"shift_id": "1", "first_seen_at": datetime(2026, 3, 4, 23, 30, tzinfo=UTC)})
    assert run_query(empty, "newest_shifts").rows[0][0] == date(2026, 3, 4)
