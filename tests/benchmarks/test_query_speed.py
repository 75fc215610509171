"""How fast the named questions are answered from a year of 100,000 articles and 1,000,000 mentions.

The year stands in year.sql. Figures go to the report of pytest-benchmark.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from warehouse.database import open_warehouse
from warehouse.queries import NamedQuery, list_queries, run_query

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path: Path = tmp_path_factory.mktemp("year") / "ajar.duckdb"
    with open_warehouse(path, now=NOW) as warehouse:
        warehouse.connection.execute(Path(__file__).with_name("year.sql").read_text("utf-8"))
    with duckdb.connect(path, read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("query", list_queries(), ids=lambda query: query.name)
def test_a_question_of_a_year(
    benchmark: BenchmarkFixture, year: duckdb.DuckDBPyConnection, query: NamedQuery
) -> None:
    result = benchmark(run_query, year, query.name)
    assert result.columns == tuple(column.name for column in query.columns)
