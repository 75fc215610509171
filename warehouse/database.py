"""Opening, migrating and publishing the warehouse: one DuckDB file."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from extractors.errors import StorageError
from warehouse.durable import sync
from warehouse.locking import PAUSE_SECONDS, program_that_holds, writer_lock
from warehouse.schema import bring_up_to_date

STORAGE_VERSION = "v1.5.0"
"""Files stay readable for the DuckDB 1.5 shells people have; 2.0 reads them as well."""

ROW_GROUP = 30_720
"""Rows that are compressed and written as one part. A part is the work of one thread, and one that is full goes
to the file at once instead of through the log: with DuckDB's 122,880 a load of 100,000 articles takes twice as
long."""

MEMORY_LIMIT = "1500MB"
"""What DuckDB may hold of tables and of what it is sorting; more goes to a folder beside the file."""

WAIT_SECONDS = 30.0
"""How long to wait for another writer unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """An open warehouse. Only the process that holds it may write."""

    path: Path
    connection: duckdb.DuckDBPyConnection
    """The one connection there is; a cursor of it would not find the tables without `USE ajar`."""


@contextmanager
def open_warehouse(path: Path, *, now: datetime, wait: float = WAIT_SECONDS) -> Iterator[Warehouse]:
    """Open for writing, bring the schema up to date, and close again.

    Open late and close early: while it is open nobody else can read the file. `now` dates the
    migrations applied; `wait` bounds the wait for another writer or reader, in seconds.

    Raises StorageError when the warehouse is held by another process, cannot be written, is no
    DuckDB file, or was made by a newer Ajar.
    """
    deadline = time.monotonic() + wait
    with writer_lock(path, wait=wait):
        if not path.exists():
            _create(path, now)
        connection = _connect(path, deadline)
        try:
            _prepare(connection, path, now)
            yield Warehouse(path, connection)
        finally:
            connection.close()


def open_published(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a published copy for reading; many may do so at once, all day.

    Raises StorageError when there is none or it cannot be read.
    """
    if not path.is_file():
        raise StorageError(f"{path}: there is no published warehouse yet; `ajar run` makes one")
    try:
        connection = duckdb.connect(path, read_only=True, config={"memory_limit": MEMORY_LIMIT})
    except duckdb.Error as error:
        raise StorageError(f"{path}: cannot be read as a warehouse: {_first_line(error)}") from error
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def publish(path: Path, published: Path, *, wait: float = WAIT_SECONDS) -> None:
    """Put a copy of the warehouse where analysts read it; readers of the former copy are not disturbed.

    The copy is complete or is not there: written aside, synced, then renamed. Raises StorageError when
    there is no warehouse, it is held by another process, or the copy cannot be written.
    """
    if not path.exists():
        raise StorageError(f"{path}: there is no warehouse to publish yet; `ajar run` makes one")
    aside = published.with_name(f".{published.name}.new")
    with writer_lock(path, wait=wait):
        # Whoever closes it leaves no log behind; then the file is all there is, and opening it shows nothing new.
        if path.with_name(f"{path.name}.wal").exists() or program_that_holds(path) is not None:
            connection = _connect(path, time.monotonic() + wait)
            try:
                connection.execute("CHECKPOINT")
            finally:
                connection.close()
        try:
            published.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, aside)
            sync(aside)
            aside.replace(published)
            sync(published.parent)
        except OSError as error:
            with suppress(OSError):
                aside.unlink()
            raise StorageError(f"{published}: cannot be written ({error.strerror})") from error


def _create(path: Path, now: datetime) -> None:
    """Make an empty warehouse: whole, or not at all.

    DuckDB writes the headers of a new file one by one; one left without all of them, by a full disk or a
    kill, could never be opened again.
    """
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)
    aside.with_name(f"{aside.name}.wal").unlink(missing_ok=True)
    try:
        connection = _attached(aside)
        try:
            _prepare(connection, path, now)
        finally:
            connection.close()
        sync(aside)
        aside.rename(path)
        sync(path.parent)
    except (duckdb.Error, OSError) as error:
        raise StorageError(f"{path}: cannot be made: {_first_line(error)}") from error


def _prepare(connection: duckdb.DuckDBPyConnection, path: Path, now: datetime) -> None:
    connection.execute("SET TimeZone = 'UTC'")
    try:
        bring_up_to_date(connection, path, now)
    except duckdb.Error as error:
        raise StorageError(f"{path}: cannot be brought up to date: {_first_line(error)}") from error


def _connect(path: Path, deadline: float) -> duckdb.DuckDBPyConnection:
    if path.is_dir():
        raise StorageError(f"{path}: is a folder; name a file, e.g. {path / 'ajar.duckdb'}")
    while True:
        try:
            return _attached(path)
        except duckdb.Error as error:
            message = _first_line(error)
            if "Could not set lock" not in message:
                raise StorageError(_why_not(path, message)) from error
            if time.monotonic() >= deadline:
                raise StorageError(_who_holds(path, message)) from error
        time.sleep(PAUSE_SECONDS)


def _attached(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection to a file, which is made when there is none. Only ATTACH takes the size of a row group."""
    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": f"{path}.tmp"})
    name = str(path).replace("'", "''")
    # A file that is there keeps its own version: of another program's it may be a later one.
    version = "" if path.exists() else f", STORAGE_VERSION '{STORAGE_VERSION}'"
    try:
        connection.execute(f"ATTACH '{name}' AS ajar (ROW_GROUP_SIZE {ROW_GROUP}{version})")
        connection.execute("USE ajar")
    except duckdb.Error:
        connection.close()
        raise
    return connection


def _who_holds(path: Path, message: str) -> str:
    found = re.search(r"held in (\S+) \(PID (\d+)\)", message)
    holder = f"{Path(found[1]).name}, PID {found[2]}" if found else "unknown"
    return (
        f"{path}: open in another program ({holder}); close it there, "
        "and read the published copy instead of the warehouse"
    )


def _why_not(path: Path, message: str) -> str:
    if "not a valid DuckDB database file" in message:
        return f"{path}: is no DuckDB file; move it away or name another file"
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        return f"{path}: cannot be written (permission denied); name another with AJAR_WAREHOUSE"
    return f"{path}: cannot be opened: {message}"


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]
