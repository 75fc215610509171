"""The warehouse as Parquet files, for programs that read no DuckDB."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb

from extractors.errors import StorageError
from warehouse.durable import sync

EXPORTED = (
    "sources",
    "fetches",
    "articles",
    "mentions",
    "null_events",
    "shifts",
    "shift_stages",
    "promises",
    "alerts",
    "history",
)


def export_tables(connection: duckdb.DuckDBPyConnection, folder: Path, *, day: date) -> Path:
    """Write one Parquet file per table and view that users query into `<folder>/<day>`; returns that folder.

    `connection` reads a published copy. A folder of the same day is replaced. The folder is complete or
    is not there. Raises StorageError when it cannot be written.
    """
    target = folder / day.isoformat()
    aside = folder / f".{day.isoformat()}.new"
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        for name in EXPORTED:
            path = aside / f"{name}.parquet"
            connection.table(name).write_parquet(str(path), compression="zstd")
            sync(path)
        sync(aside)
        shutil.rmtree(target, ignore_errors=True)
        aside.rename(target)
        sync(folder)
    except (OSError, duckdb.Error) as error:
        shutil.rmtree(aside, ignore_errors=True)
        reason = str(error).split("\n", 1)[0]
        raise StorageError(f"{folder}: the tables cannot be exported here: {reason}") from error
    return target
