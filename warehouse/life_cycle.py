"""The stages a shift goes through, and which changes of stage are allowed.

                     ┌────────────┬───────────┬──────────┐
    rumoured ──▶ signalled ──▶ announced ──▶ done        │
        │            │            │  ▲         ▲          │
        └────────────┴──────▶ delayed ⟲ ───────┤          │
                                  │  denied ───┘ ◀────────┘

A report of an earlier stage never moves a shift back: late outlets retell the announcement after the
release. `done` is final; a withdrawal is a shift of its own, in the other direction.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from extractors.records import Stage

ALLOWED: dict[Stage, frozenset[Stage]] = {
    "rumoured": frozenset({"signalled", "announced", "done", "delayed", "denied"}),
    "signalled": frozenset({"announced", "done", "delayed", "denied"}),
    "announced": frozenset({"done", "delayed", "denied"}),
    "delayed": frozenset({"done", "delayed", "denied"}),
    "denied": frozenset({"announced", "done"}),
    "done": frozenset(),
}
"""From a stage to those that may follow it."""

ORDER: dict[Stage, int] = {
    "rumoured": 0,
    "signalled": 1,
    "announced": 2,
    "delayed": 3,
    "denied": 4,
    "done": 5,
}
"""How far along a stage is; settles the order of reports of one and the same time."""

SETTLING = timedelta(days=3)
"""So long slower outlets go on retelling what was known before a delay or a denial."""

DELAY_APART = timedelta(days=14)
"""A delay reported after so long a silence about the former one is another delay."""


def moves(
    stage: Stage,
    *,
    to: Stage,
    at: datetime,
    since: datetime,
    last_report: datetime,
    due: date | None,
    new_due: date | None,
) -> bool:
    """Whether a report takes a shift from `stage` to stage `to`.

    `since` and `last_report` are the times of the first and the newest report of the present stage,
    `due` its promised date and `new_due` the one the report names.
    """
    if to not in ALLOWED[stage]:
        return False
    if stage == "delayed" and to == "delayed":
        postponed_again = due is not None and new_due is not None and new_due > due
        return at - last_report > DELAY_APART or (postponed_again and at - since > SETTLING)
    if stage == "denied" and to == "announced":
        return at - since > SETTLING
    return True
