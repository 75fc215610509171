"""Forgetting what is too old to be asked for, and backups."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import duckdb

from extractors.errors import StorageError
from warehouse.database import open_published
from warehouse.durable import sync


def forget_fetches(connection: duckdb.DuckDBPyConnection, *, before: datetime) -> int:
    """Delete the rows of `fetches` from before a moment; returns how many.

    The newest row of each address stays, however old: it says how the address stands.
    """
    row = connection.execute(
        """
        DELETE FROM fetches
        WHERE "at" < $1 AND (source, url, "at") NOT IN (
            SELECT (source, url, max("at")) FROM fetches GROUP BY source, url
        )
        """,
        [before],
    ).fetchone()
    return int(row[0]) if row else 0


def back_up(published: Path, folder: Path, *, day: date) -> Path:
    """Copy the read copy, which is whole and at rest, to `<folder>/ajar-<day>.duckdb`; returns that file.

    The copy is opened once before it gets its name. A backup of the same day is replaced. Raises
    StorageError when nothing was published yet, or the copy cannot be written or read.
    """
    target = folder / f"ajar-{day.isoformat()}.duckdb"
    aside = target.with_name(f".{target.name}.new")
    open_published(published).close()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(published, aside)
        sync(aside)
        with open_published(aside) as copy:
            copy.execute("SELECT count(*) FROM runs")
        aside.replace(target)
        sync(folder)
    except (OSError, duckdb.Error, StorageError) as error:
        with suppress(OSError):
            aside.unlink()
        reason = str(error).split("\n", 1)[0]
        raise StorageError(f"{folder}: the backup cannot be written here: {reason}") from error
    return target


def keep_newest(folder: Path, pattern: str, keep: int) -> int:
    """Remove all but the `keep` newest files or folders whose names match; returns how many.

    They sort by the day in their names.
    """
    named = sorted(folder.glob(pattern), reverse=True)
    for path in named[keep:]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return len(named[keep:])
