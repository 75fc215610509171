"""Bringing the schema of a file up to date: migrations, views and the bundled history."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import as_file
from importlib.resources.abc import Traversable
from pathlib import Path

import duckdb

from extractors.errors import StorageError
from warehouse.statements import bundled_files, transaction

_HISTORY = {
    "shifts.csv": (
        "history",
        "* REPLACE (coalesce(artefact, '') AS artefact, coalesce(family, '') AS family)",
    ),
    "licences.csv": ("licences", "*"),
    "organisations.csv": ("organisations", "*"),
}
"""Table of each bundled file, and how its columns are read: an empty field is NULL."""


def bring_up_to_date(connection: duckdb.DuckDBPyConnection, path: Path, now: datetime) -> None:
    """Apply the migrations, views and history this Ajar brings and the file has not.

    `path` is the file's, for messages; `now` dates the migrations. Raises StorageError when a newer
    Ajar has migrated the file further, or it is a DuckDB file of another program.
    """
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if tables and "schema_migrations" not in tables:
        raise StorageError(f"{path}: is a DuckDB file of something else than Ajar; name another file")
    if not tables:
        connection.execute(_SCHEMA_MIGRATIONS)
    migrate(connection, path, now, bundled_files("migrations"))
    _install_views(connection)
    _install_history(connection)


def migrate(
    connection: duckdb.DuckDBPyConnection, path: Path, now: datetime, migrations: Sequence[Traversable]
) -> None:
    """Apply the migrations not yet applied, in order of the numbers their names begin with.

    Each is one transaction and is checkpointed: a write-ahead log with changes of schema in it is what
    DuckDB has had trouble replaying.
    """
    numbered = {int(file.name.split("_", 1)[0]): file for file in migrations}
    if len(numbered) < len(migrations):
        raise ValueError(f"two migrations have one number: {', '.join(file.name for file in migrations)}")
    row = connection.execute("SELECT coalesce(max(version), 0) FROM schema_migrations").fetchone()
    version: int = row[0] if row else 0
    if version > max(numbered):
        raise StorageError(
            f"{path}: has schema {version}, made by a newer Ajar; this one knows {max(numbered)}. "
            "Upgrade Ajar or name another file"
        )
    for number in sorted(number for number in numbered if number > version):
        file = numbered[number]
        with transaction(connection):
            connection.execute(file.read_text(encoding="utf-8"))
            connection.execute("INSERT INTO schema_migrations VALUES (?, ?, ?)", [number, file.name, now])
        connection.execute("CHECKPOINT")


def _install_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Views hold no rows, so they are made anew whenever their files differ from the installed ones."""
    views = bundled_files("views")
    if is_installed(connection, "views", views):
        return
    with transaction(connection):
        for file in views:
            connection.execute(file.read_text(encoding="utf-8"))
        note_installed(connection, "views", views)
    connection.execute("CHECKPOINT")


def _install_history(connection: duckdb.DuckDBPyConnection) -> None:
    """The history and what it is grouped by are what their files say; columns are those of the tables."""
    bundled = [file for file in bundled_files("history", ".csv") if file.name in _HISTORY]
    if is_installed(connection, "history", bundled):
        return
    with transaction(connection):
        for file in bundled:
            table, columns = _HISTORY[file.name]
            connection.execute(f"DELETE FROM {table}")
            with as_file(file) as path:
                connection.execute(
                    f"""
                    INSERT INTO {table} BY NAME
                    SELECT {columns} FROM read_csv(?, header = true, all_varchar = true)
                    """,
                    [str(path)],
                )
        note_installed(connection, "history", bundled)


def is_installed(connection: duckdb.DuckDBPyConnection, folder: str, bundled: Sequence[Traversable]) -> bool:
    row = connection.execute("SELECT sha256 FROM bundled_files WHERE folder = ?", [folder]).fetchone()
    return row == (_digest(bundled),)


def note_installed(
    connection: duckdb.DuckDBPyConnection, folder: str, bundled: Sequence[Traversable]
) -> None:
    connection.execute("INSERT OR REPLACE INTO bundled_files VALUES (?, ?)", [folder, _digest(bundled)])


def _digest(bundled: Sequence[Traversable]) -> str:
    digest = hashlib.sha256()
    for file in bundled:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


_SCHEMA_MIGRATIONS = """
CREATE TABLE schema_migrations (
    version INTEGER PRIMARY KEY,
    name VARCHAR NOT NULL,
    applied_at TIMESTAMP WITH TIME ZONE NOT NULL
);
COMMENT ON TABLE schema_migrations IS 'Migrations applied to this file. Grain: migration.';
COMMENT ON COLUMN schema_migrations.version IS 'Number of the migration.';
COMMENT ON COLUMN schema_migrations.name IS 'Its file.';
COMMENT ON COLUMN schema_migrations.applied_at IS 'When it was applied.';
"""
