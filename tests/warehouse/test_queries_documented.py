"""Every SQL statement and every query that the documentation shows does run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from warehouse.database import open_warehouse
from warehouse.queries import list_queries, read_query, run_query

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("reading-the-warehouse.md", "adding-a-query.md")


def blocks(language: str) -> list[tuple[str, str]]:
    """Page and content of each fenced block of a language."""
    return [
        (page, block)
        for page in PAGES
        for block in re.findall(rf"^```{language}\n(.*?)^```", (DOCS / page).read_text("utf-8"), re.M | re.S)
    ]


def commands() -> list[str]:
    lines = [line for _, block in blocks("console") for line in block.splitlines()]
    return [line.removeprefix("$ ").split(" > ")[0] for line in lines if line.startswith("$ ajar query ")]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("documented") / "ajar.duckdb"
    with open_warehouse(path, now=NOW):
        pass
    # As any DuckDB shell opens the file.
    with duckdb.connect(path) as connection:
        yield connection


@pytest.mark.parametrize(("page", "sql"), blocks("sql"))
def test_documented_sql_runs(
    connection: duckdb.DuckDBPyConnection,
    page: str,
    sql: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with connection.cursor() as shell:
        shell.execute(sql)
        assert shell.description, page


@pytest.mark.parametrize("command", commands())
def test_documented_queries_run(connection: duckdb.DuckDBPyConnection, command: str) -> None:
    words = shlex.split(command)
    given = [words[at + 1].partition("=") for at, word in enumerate(words) if word == "--set"]
    assert run_query(connection, words[2], {name: value for name, _, value in given}).columns


def test_every_query_is_named_in_the_documentation() -> None:
    page = (DOCS / "reading-the-warehouse.md").read_text("utf-8")
    assert [query.name for query in list_queries() if f"`{query.name}`" not in page] == []


def test_the_example_of_a_query_has_a_header_that_can_be_read() -> None:
    example = next(block for page, block in blocks("sql") if page == "adding-a-query.md")
    query = read_query("example", example)
    assert [variable.name for variable in query.variables] == ["days", "kind", "history"]
    assert [column.name for column in query.columns] == ["actor", "shifts"]
