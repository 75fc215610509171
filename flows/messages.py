"""A shift in words. What every channel says is composed here once; channels only lay it out."""

from __future__ import annotations

from collections.abc import Mapping

from extractors.records import Direction, Kind, Stage
from warehouse.alerts import PendingAlert

LEVELS: Mapping[int, str] = {
    0: "unreleased",
    1: "partners only",
    2: "hosted",
    3: "API",
    4: "weights, non-commercial",
    5: "weights, restricted",
    6: "open weights",
    7: "open tooling",
    8: "open science",
}
"""The ladder of levels in the words a busy reader understands."""

SUBJECTS: Mapping[Kind, str] = {
    "weights": "weights",
    "code": "code",
    "data": "data",
    "licence": "licence",
    "access": "access",
    "strategy": "its line on openness",
    "policy": "policy",
}

_NEWS: Mapping[tuple[Direction, Stage], str] = {
    ("opening", "rumoured"): "said to open",
    ("opening", "signalled"): "signals opening of",
    ("opening", "announced"): "promises to open",
    ("opening", "done"): "opens",
    ("opening", "delayed"): "delays opening",
    ("opening", "denied"): "cancels opening of",
    ("closing", "rumoured"): "said to close",
    ("closing", "signalled"): "signals closing of",
    ("closing", "announced"): "announces closing of",
    ("closing", "done"): "closes",
    ("closing", "delayed"): "delays closing of",
    ("closing", "denied"): "denies closing",
    ("mixed", "rumoured"): "said to change",
    ("mixed", "signalled"): "signals a change of",
    ("mixed", "announced"): "announces a change of",
    ("mixed", "done"): "changes",
    ("mixed", "delayed"): "delays a change of",
    ("mixed", "denied"): "denies a change of",
}


def headline(alert: PendingAlert) -> str:
    """Who does what, in one line: `Arnor Labs opens Gondor-7B (weights)`."""
    subject = SUBJECTS[alert.kind]
    what = f"{alert.artefact} ({subject})" if alert.artefact else subject
    return f"{alert.actor} {_NEWS[alert.direction, alert.stage]} {what}"


def change(alert: PendingAlert) -> str:
    """Licence and level from → to, due date and territory; empty when nothing of it is known."""
    parts = []
    if alert.licence_from or alert.licence_to:
        parts.append(f"licence {arrow(alert.licence_from, alert.licence_to)}")
    if alert.level_from is not None or alert.level_to is not None:
        parts.append(f"level {arrow(_level(alert.level_from), _level(alert.level_to))}")
    if alert.due is not None and alert.stage != "done":
        parts.append(f"due {alert.due:%Y-%m-%d}")
    if alert.territory:
        parts.append(f"territory: {alert.territory}")
    if alert.compelled_by:
        parts.append(f"compelled by {alert.compelled_by}")
    return " · ".join(parts)


def follow_up(alert: PendingAlert) -> str:
    """What was told before, when this is not the first alert about the shift; otherwise empty."""
    return f"was {alert.previous_stage}" if alert.previous_stage else ""


def reported_by(alert: PendingAlert) -> str:
    """Outlets with their tiers, the best first: `Arnor Labs (official), Halden Post (press) and 3 more`."""
    named = [f"{source.publisher} ({source.tier})" for source in alert.sources[:2]]
    more = alert.outlets - len(named)
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


def arrow(before: str | None, after: str | None) -> str:
    """`a → b`; the unknown end is a question mark, and only the known end stands when there is no before."""
    if before is None:
        return after or "?"
    return f"{before} → {after or '?'}"


def _level(level: int | None) -> str | None:
    return None if level is None else f"{level} {LEVELS[level]}"
