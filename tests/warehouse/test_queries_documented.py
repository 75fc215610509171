"""The documentation names every query, and shows how one is written. `tests/docs` runs what it shows."""

from __future__ import annotations

from pathlib import Path

from warehouse.queries import list_queries, read_query

DOCS = Path(__file__).parents[2] / "docs"


def test_every_query_is_named_in_the_documentation() -> None:
    page = (DOCS / "reading-the-warehouse.md").read_text("utf-8")
    assert [query.name for query in list_queries() if f"`{query.name}`" not in page] == []


def test_the_example_of_a_query_has_a_header_that_can_be_read() -> None:
    page = (DOCS / "adding-a-query.md").read_text("utf-8")
    query = read_query("example", page.split("```sql\n", 1)[1].split("```", 1)[0])
    assert [variable.name for variable in query.variables] == ["days", "kind", "history"]
    assert [column.name for column in query.columns] == ["actor", "shifts"]
