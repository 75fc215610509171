"""Checks are queries that should find nothing. They run after every load, before its commit."""

from __future__ import annotations

import duckdb

from extractors.errors import StorageError
from warehouse.statements import bundled_files


def run_checks(connection: duckdb.DuckDBPyConnection) -> None:
    """Raise StorageError naming the first check that finds something, with the first row found."""
    for file in bundled_files("checks"):
        found = connection.execute(file.read_text(encoding="utf-8")).fetchone()
        if found is not None:
            raise StorageError(
                f"checks/{file.name} found {found}; nothing of this run was stored, its rows stay staged"
            )
