"""What a pass leaves for people to look at in Prefect's UI: the shifts it read, and the sources' health."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flows.passes import PassSummary
from flows.settings import Settings
from warehouse.database import open_published
from warehouse.latest import LatestShift, shifts_read_since
from warehouse.queries import run_query

SHOWN_SOURCES = 500
"""Rows of the table of sources; the worst come first."""


def latest_shifts(settings: Settings, *, since: datetime) -> list[LatestShift]:
    """The shifts of which a stage was first read at or after `since`, newest first."""
    with open_published(settings.published) as connection:
        return shifts_read_since(connection, since)


def shifts_as_markdown(summary: PassSummary, shifts: Sequence[LatestShift]) -> str:
    """The summary of a pass and each shift with its proof, as Markdown."""
    parts = [f"## Pass of {summary.at:%d %B %Y, %H:%M} UTC\n"]
    parts += [f"- {line.strip()}" for line in summary.lines()]
    parts.append("\n## Shifts\n" if shifts else "\nNo shift in this pass.")
    for shift in shifts:
        parts.append(f"**{shift.direction} · {shift.stage}** {_plain(shift.what)}\n")
        parts.append(f"> {_plain(shift.evidence)}\n")
        parts.append(f"<{shift.url}>\n")
    return "\n".join(parts)


def source_health(settings: Settings) -> list[dict[str, Any]]:
    """One row a source, the worst first, with values that JSON can hold."""
    with open_published(settings.published) as connection:
        health = run_query(connection, "source_health")
    return [
        {column: _shown(value) for column, value in zip(health.columns, row, strict=True)}
        for row in health.rows[:SHOWN_SOURCES]
    ]


def _shown(value: Any) -> Any:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value


def _plain(text: str) -> str:
    """On one line; a publisher's text must not become a link, a picture or a heading in the UI."""
    line = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#!|" else letter for letter in line)
