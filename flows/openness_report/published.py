"""A report that lies in a folder: where, and what it says first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from extractors.records import Direction
from flows.headlines import say
from flows.messages import clickable, legible
from flows.openness_report.findings import Findings

PAGE_NAME = "ajar-report.html"
PICTURE_NAME = "ajar-report.png"


NEWEST = 8
"""Shifts that stand in the mail itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShift:
    """One of the newest shifts, in words."""

    on: date
    """Day it reached its stage."""
    headline: str
    effect: Direction
    words: str
    """The sentence that proves it; of a cited shift what happened."""
    url: str | None
    """Its address. None when there is none to click on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report that was published."""

    page: Path
    """The HTML file; it needs nothing beside it."""
    picture: Path
    """The main chart as PNG."""
    findings: Findings
    shifts: int
    """Shifts it tells of."""
    as_of: date
    """Day of the newest pass."""
    newest: tuple[NewShift, ...]
    """The newest shifts, newest first."""


def new_shift(shift: Mapping[str, Any]) -> NewShift:
    """A row of the query `every_shift` in words."""
    return NewShift(
        on=shift["stage_on"],
        headline=legible(
            say(shift["actor"], shift["artefact"], shift["kind"], shift["direction"], shift["stage"])
        ),
        effect=shift["effect"],
        words=legible(shift["evidence"] or shift["what"]),
        url=clickable(shift["url"]) if shift["url"] else None,
    )
