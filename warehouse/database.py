"""Opening, migrating and publishing the warehouse: one DuckDB file."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import duckdb

from extractors.errors import StorageError
from warehouse.durable import sync
from warehouse.locking import PAUSE_SECONDS, writer_lock

STORAGE_VERSION = "v1.5.0"
"""Files stay readable for the DuckDB 1.5 shells people have; 2.0 reads them as well."""

WAIT_SECONDS = 30.0
"""How long to wait for another writer unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """An open warehouse. Only the process that holds it may write."""

    path: Path
    connection: duckdb.DuckDBPyConnection


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
        connection = _connect(path, deadline)
        try:
            connection.execute("SET TimeZone = 'UTC'")
            _migrate(connection, path, now)
            _install_views(connection)
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
        connection = duckdb.connect(path, read_only=True)
    except duckdb.Error as error:
        raise StorageError(f"{path}: cannot be read as a warehouse: {_first_line(error)}") from error
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def publish(path: Path, published: Path, *, wait: float = WAIT_SECONDS) -> None:
    """Put a copy of the warehouse where analysts read it; readers of the former copy are not disturbed.

    The copy is complete or is not there: written aside, synced, then renamed.
    """
    aside = published.with_name(f".{published.name}.{os.getpid()}")
    with writer_lock(path, wait=wait):
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
            aside.unlink(missing_ok=True)
            raise StorageError(f"{published}: cannot be written ({error.strerror})") from error


def _connect(path: Path, deadline: float) -> duckdb.DuckDBPyConnection:
    if path.is_dir():
        raise StorageError(f"{path}: is a folder; name a file, e.g. {path / 'ajar.duckdb'}")
    while True:
        try:
            return duckdb.connect(path, config={"storage_compatibility_version": STORAGE_VERSION})
        except duckdb.Error as error:
            message = _first_line(error)
            if "Could not set lock" not in message:
                raise StorageError(_why_not(path, message)) from error
            if time.monotonic() >= deadline:
                raise StorageError(_who_holds(path, message)) from error
        time.sleep(PAUSE_SECONDS)


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


def _migrate(connection: duckdb.DuckDBPyConnection, path: Path, now: datetime) -> None:
    if _is_foreign(connection):
        raise StorageError(f"{path}: is a DuckDB file of something else than Ajar; name another file")
    connection.execute(_SCHEMA_MIGRATIONS)
    migrations = {int(file.name.split("_", 1)[0]): file for file in bundled_sql("migrations")}
    row = connection.execute("SELECT coalesce(max(version), 0) FROM schema_migrations").fetchone()
    version: int = row[0] if row else 0
    if version > max(migrations):
        raise StorageError(
            f"{path}: has schema {version}, made by a newer Ajar; this one knows {max(migrations)}. "
            "Upgrade Ajar or name another file"
        )
    for number in sorted(number for number in migrations if number > version):
        file = migrations[number]
        with transaction(connection):
            connection.execute(file.read_text(encoding="utf-8"))
            connection.execute("INSERT INTO schema_migrations VALUES (?, ?, ?)", [number, file.name, now])
        # A write-ahead log with schema changes in it is what DuckDB has had trouble replaying.
        connection.execute("CHECKPOINT")


def _is_foreign(connection: duckdb.DuckDBPyConnection) -> bool:
    tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    return bool(tables) and "schema_migrations" not in tables


def _install_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Views hold no rows, so they are made anew whenever their files differ from the installed ones."""
    views = bundled_sql("views")
    digest = hashlib.sha256()
    for file in views:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    installed = connection.execute("SELECT sha256 FROM bundled_files WHERE folder = 'views'").fetchone()
    if installed == (digest.hexdigest(),):
        return
    with transaction(connection):
        for file in views:
            connection.execute(file.read_text(encoding="utf-8"))
        connection.execute(
            "INSERT OR REPLACE INTO bundled_files (folder, sha256) VALUES ('views', ?)", [digest.hexdigest()]
        )
    connection.execute("CHECKPOINT")


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


def bundled_sql(folder: str) -> list[Traversable]:
    """The SQL files of one folder of this package, by name."""
    found = (file for file in (files("warehouse") / folder).iterdir() if file.name.endswith(".sql"))
    return sorted(found, key=lambda file: file.name)


@cache
def bundled_text(folder: str, name: str) -> str:
    """The text of one SQL file of this package; `name` without `.sql`."""
    return (files("warehouse") / folder / f"{name}.sql").read_text(encoding="utf-8")


_SCHEMA_MIGRATIONS = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL,
    applied_at TIMESTAMP WITH TIME ZONE NOT NULL
);
COMMENT ON TABLE schema_migrations IS 'Migrations applied to this file. Grain: migration.';
COMMENT ON COLUMN schema_migrations.version IS 'Number of the migration.';
COMMENT ON COLUMN schema_migrations.name IS 'Its file.';
COMMENT ON COLUMN schema_migrations.applied_at IS 'When it was applied.';
"""
