"""How fast the named questions are answered from a year of articles with ten mentions each.

The year stands in year.sql: 100,000 articles for `make bench`, a million in the long test. Figures go to the report
of pytest-benchmark.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from warehouse.database import open_published, open_warehouse
from warehouse.queries import NamedQuery, list_queries, run_query
from warehouse.search_index import index_articles
from warehouse.statements import bundled_text

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


COMMON = {
    "balance", "by_country", "by_kind", "by_organisation", "first_movers", "ledger", "licences", "newest_shifts",
    "openness_index", "reversals", "shifts_by_month", "story", "surprises", "year_over_year",
}  # fmt: skip
"""Asked every day: these should take no more than 0.3 s."""


def made_up(path: Path, articles: int) -> None:
    """Fill a new warehouse with a year of so many articles, and derive from it what a load derives."""
    with open_warehouse(path, now=NOW) as warehouse:
        connection = warehouse.connection
        connection.execute("SET VARIABLE articles = ?", [articles])
        connection.execute(Path(__file__).with_name("year.sql").read_text("utf-8"))
        connection.execute(bundled_text("loading", "shift_sources"))
        connection.execute("INSERT INTO search_waiting SELECT article_id FROM article_facts")
        index_articles(connection)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path = tmp_path_factory.mktemp("year") / "ajar.duckdb"
    made_up(path, 100_000)
    with open_published(path) as connection:
        yield connection


@pytest.mark.parametrize("query", list_queries(), ids=lambda query: query.name)
def test_a_question_of_a_year(
    benchmark: BenchmarkFixture, year: duckdb.DuckDBPyConnection, query: NamedQuery
) -> None:
    result = benchmark(run_query, year, query.name)
    assert result.columns == tuple(column.name for column in query.columns)


ASK = """
import resource, sys, time
from pathlib import Path
from warehouse.database import open_published
from warehouse.queries import list_queries, run_query

with open_published(Path(sys.argv[1])) as connection:
    for query in list_queries():
        taken = []
        for _ in range(3):
            before, started = time.process_time(), time.monotonic()
            run_query(connection, query.name)
            taken.append((time.process_time() - before, time.monotonic() - started))
        print(query.name, *min(taken))
print("memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 0)
"""


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_every_question_of_a_year_of_a_million_articles_is_answered_at_once(tmp_path: Path) -> None:
    path = tmp_path / "ajar.duckdb"
    made_up(path, 1_000_000)
    # In a process of its own: the peak of memory counts, and this one has made up the year.
    answer = subprocess.run(
        [sys.executable, "-c", ASK, str(path)], check=True, capture_output=True, text=True
    ).stdout
    print(answer)  # noqa: T201
    figures = {name: float(first) for name, first, _ in map(str.split, answer.splitlines())}
    # Processor seconds of both cores together, so that others at work on the machine do not matter.
    assert figures.pop("memory") < 2
    assert {name: taken for name, taken in figures.items() if taken > 2} == {}
    assert {name: figures[name] for name in COMMON if figures[name] > 0.6} == {}
