"""What a day leaves behind: the trend report, as one Markdown page, and the tables as Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

from flows.settings import Settings
from warehouse.database import open_published
from warehouse.export import export_tables
from warehouse.queries import list_queries, run_query, write_result

STANDING: Sequence[str] = (
    "balance",
    "shifts_by_month",
    "by_organisation",
    "licences",
    "newest_shifts",
    "promises",
)
"""The questions a report answers, in this order."""


def trend_report(settings: Settings, *, now: datetime) -> Path:
    """Ask the standing questions of the read copy and keep the answers; returns the file written.

    Raises StorageError when nothing was published yet.
    """
    questions = {query.name: query.question for query in list_queries()}
    parts = [f"# The openness of AI, {now:%d %B %Y}\n"]
    with open_published(settings.published) as connection:
        for name in STANDING:
            answer = BytesIO()
            write_result(run_query(connection, name), "md", answer)
            parts.append(f"## {questions[name]}\n\n{answer.getvalue().decode()}")
    reports = settings.warehouse.parent / "reports"
    reports.mkdir(parents=True, exist_ok=True)
    path = reports / f"trends-{now:%Y-%m-%d}.md"
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


def daily_export(settings: Settings, *, now: datetime) -> Path:
    """Export the tables users query as Parquet files, one folder a day; returns the folder.

    Raises StorageError when nothing was published yet or the folder cannot be written.
    """
    with open_published(settings.published) as connection:
        return export_tables(connection, settings.exports, day=now.date())
