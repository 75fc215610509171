"""The SQL that comes with this package, and transactions to run it in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import duckdb


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing: committed at the end of the block, rolled back when it raises."""
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def bundled_files(folder: str, suffix: str = ".sql") -> list[Traversable]:
    """The files of one folder of this package, by name; none when it has no such folder."""
    place = files("warehouse") / folder
    found = (file for file in (place.iterdir() if place.is_dir() else ()) if file.name.endswith(suffix))
    return sorted(found, key=lambda file: file.name)


@cache
def bundled_text(folder: str, name: str) -> str:
    """The text of one SQL file of this package; `name` without `.sql`."""
    return (files("warehouse") / folder / f"{name}.sql").read_text(encoding="utf-8")
