"""Corrections: what people know better about which reports belong together.

A CSV file that users edit, with a line for each report that was joined wrongly:

    report,story,because
    https://halden-post.example/lumen-2-mini,lumen-2-mini,Another model than Lumen 2.

`report` is the address of an article. Reports given one `story`, any name, are one shift for each actor and
direction, and join no other report. The file is the truth: a line that is taken out is undone.
"""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import duckdb

from extractors.errors import ConfigurationError
from warehouse.checks import run_checks
from warehouse.shifts import Refreshed, refresh_shifts
from warehouse.statements import bundled_text, transaction

COLUMNS = ["report", "story", "because"]


def read_corrections(path: Path) -> list[tuple[str, str, str]]:
    """The lines of a correction file, sorted; none when there is no file.

    Raises ConfigurationError naming the line that is wrong and what would be right.
    """
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"{path}: cannot be read as CSV: {error}") from error
    if not rows or [name.strip() for name in rows[0]] != COLUMNS:
        raise ConfigurationError(f"{path}: the first line must be {','.join(COLUMNS)}")
    corrections: dict[str, tuple[str, str, str]] = {}
    for number, row in enumerate(rows[1:], start=2):
        fields = [field.strip() for field in row]
        if not any(fields):
            continue
        if len(fields) != len(COLUMNS) or not all(fields):
            raise ConfigurationError(
                f"{path}: line {number} is {','.join(row)!r}; give {', '.join(COLUMNS)}, none of them empty"
            )
        report, story, because = fields
        if report in corrections:
            raise ConfigurationError(f"{path}: line {number} names {report} again; one line a report")
        corrections[report] = (report, story, because)
    return sorted(corrections.values())


def apply_corrections(
    connection: duckdb.DuckDBPyConnection, corrections: list[tuple[str, str, str]], *, now: datetime
) -> Refreshed | None:
    """Join the reports anew that the corrections concern; None when nothing has changed.

    A correction is not news: no alert comes of it.
    """
    stored = connection.execute("SELECT report, story, because FROM corrections ORDER BY ALL").fetchall()
    if stored == corrections:
        return None
    with transaction(connection):
        connection.execute("CREATE OR REPLACE TEMP TABLE concerned AS SELECT report FROM corrections")
        connection.execute("DELETE FROM corrections")
        if corrections:
            connection.executemany("INSERT INTO corrections VALUES (?, ?, ?)", corrections)
        connection.execute(bundled_text("loading", "corrected"))
        connection.execute(bundled_text("loading", "7_in_play"))
        refreshed = refresh_shifts(connection, now=now)
        run_checks(connection)
    return refreshed
