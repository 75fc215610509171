"""A shift in words. What every channel says is composed here once; channels only lay it out."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import quote, urlsplit

import yaml

from extractors.records import Direction, Kind, Tier
from flows.headlines import headline
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
"""What a shift without an artefact is about."""

REPEAT = "Repeat: an earlier attempt may have reached you already."
SAMPLE = "Test: this is a sample. Nothing has happened."

_REVERSED: Mapping[Direction, Direction] = {"opening": "closing", "closing": "opening", "mixed": "mixed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingSource:
    """One outlet that reports the shift."""

    publisher: str
    tier: Tier
    url: str | None
    """Its article. None when the address is not one to click on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftMessage:
    """One alert in words, the same for every channel. All texts are one line without control characters;
    those that come from an article are still as wild as their author: each channel escapes them."""

    alert: PendingAlert
    """What it was made from."""
    thread: str
    """What the messages about one shift share, so that mail programs keep them together."""
    key: str
    """Differs for each message about it."""
    label: str
    """Repeat or test; empty for an ordinary alert."""
    headline: str
    """Who does what: `Arnor Labs opens Gondor-7B (weights)`."""
    state: str
    """Direction and stage: `Opening · done`."""
    effect: Direction
    """What it comes to: a delayed or denied opening counts as closing. Decides the colour."""
    follow_up: str
    """What changed since the last alert about the shift; empty for the first."""
    facts: tuple[tuple[str, str], ...]
    """Name and value: licence and level from → to, due date, territory, compelled by. Only what is known."""
    evidence: str
    """The sentence that proves it, verbatim."""
    article: str
    """Title of the article it stands in."""
    url: str | None
    """Address of that article. None when it is not one to click on."""
    sources: tuple[ReportingSource, ...]
    more_sources: int
    """Outlets beyond those named in `sources`."""
    rule: str
    """Title of the rule that found the evidence."""
    explain: str
    """The command that says why it was tagged; safe to paste into a shell."""
    reported: str
    """Day of the first report of the stage, ISO 8601."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMessage:
    """Several shifts in one message: those that were not worth an interruption."""

    key: str
    title: str
    label: str
    shifts: tuple[ShiftMessage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something about Ajar itself: silence, a source that is down."""

    key: str
    title: str
    lines: tuple[str, ...]


Message = ShiftMessage | DigestMessage | Notice


def compose_shift(alert: PendingAlert, *, label: str = "") -> ShiftMessage:
    """An alert in words. `label` goes before the one that says that it is a repeat."""
    url = clickable(alert.url)
    changed = legible(follow_up(alert))
    return ShiftMessage(
        alert=alert,
        thread=alert.thread or alert.shift_id,
        key=f"{alert.shift_id}.{alert.stage}.{alert.occurrence}" + (".repeat" if alert.repeat else ""),
        label=label or (REPEAT if alert.repeat else ""),
        headline=legible(headline(alert)),
        state=f"{alert.direction.capitalize()} · {alert.stage}",
        effect=effect(alert),
        follow_up=changed[:1].upper() + changed[1:],
        facts=tuple((name, legible(value)) for name, value in facts(alert)),
        evidence=legible(alert.evidence),
        article=legible(alert.headline),
        url=url,
        sources=tuple(
            ReportingSource(publisher=legible(each.publisher), tier=each.tier, url=clickable(each.url))
            for each in alert.sources[:4]
        ),
        more_sources=max(0, alert.outlets - len(alert.sources[:4])),
        rule=legible(rule_title(alert.rule)),
        explain=f"ajar explain {shlex.quote(url)}" if url else "",
        reported=f"{alert.since:%Y-%m-%d}",
    )


def compose_digest(alerts: Sequence[PendingAlert]) -> DigestMessage:
    """Many alerts in one message, the gravest effect first. A digest is a repeat when its alerts are."""
    order: Mapping[Direction, int] = {"closing": 0, "mixed": 1, "opening": 2}
    shifts = sorted(
        (compose_shift(alert) for alert in alerts), key=lambda each: (order[each.effect], each.headline)
    )
    number = len(shifts)
    days = sorted(each.reported for each in shifts)
    span = days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    return DigestMessage(
        key="digest." + shifts[0].key,
        title=f"{number} more openness shift{'s' if number != 1 else ''}, {span}",
        label=REPEAT if any(alert.repeat for alert in alerts) else "",
        shifts=tuple(shifts),
    )


def effect(alert: PendingAlert) -> Direction:
    """The direction, turned round when the shift is delayed or denied."""
    return _REVERSED[alert.direction] if alert.stage in ("delayed", "denied") else alert.direction


def facts(alert: PendingAlert) -> list[tuple[str, str]]:
    """Licence and level from → to, due date and territory, each with its name; only what is known."""
    known = []
    if alert.licence_from or alert.licence_to:
        known.append(("Licence", arrow(alert.licence_from, alert.licence_to)))
    if alert.level_from is not None or alert.level_to is not None:
        known.append(("Level", arrow(_level(alert.level_from), _level(alert.level_to))))
    if alert.due is not None and alert.stage != "done":
        known.append(("Due", f"{alert.due:%Y-%m-%d}"))
    if alert.territory:
        known.append(("Territory", alert.territory))
    if alert.compelled_by:
        known.append(("Compelled by", alert.compelled_by))
    return known


def change(alert: PendingAlert) -> str:
    """The facts in one line; empty when nothing is known."""
    return " · ".join(f"{name.lower()} {value}" for name, value in facts(alert))


def follow_up(alert: PendingAlert) -> str:
    """What changed since the last alert about this shift; empty for the first one."""
    earlier = alert.earlier
    if earlier is None:
        return f"{alert.previous_stage} → {alert.stage}" if alert.previous_stage else ""
    changes = [f"{earlier.stage} → {alert.stage}" if earlier.stage != alert.stage else f"{alert.stage} again"]
    if earlier.licence_to and alert.licence_to and earlier.licence_to != alert.licence_to:
        changes.append(f"licence {earlier.licence_to} → {alert.licence_to}")
    if earlier.level_to is not None and alert.level_to is not None and earlier.level_to != alert.level_to:
        changes.append(f"level {earlier.level_to} → {alert.level_to}")
    if earlier.due and alert.stage == "done":
        changes.append(f"was due {earlier.due:%Y-%m-%d}")
    elif earlier.due and alert.due and earlier.due != alert.due:
        changes.append(f"due {earlier.due:%Y-%m-%d} → {alert.due:%Y-%m-%d}")
    return f"since the alert of {earlier.sent_at:%Y-%m-%d}: {', '.join(changes)}"


def reported_by(alert: PendingAlert) -> str:
    """Outlets with their tiers, the best first: `Arnor Labs (official), Halden Post (press) and 3 more`."""
    named = [f"{source.publisher} ({source.tier})" for source in alert.sources[:2]]
    more = alert.outlets - len(named)
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


def arrow(before: str | None, after: str | None) -> str:
    """`a → b`; the unknown end is a question mark, and only one end stands when there is no before, or it is
    the same."""
    if before is None or before == after:
        return after or "?"
    return f"{before} → {after or '?'}"


# Ten times as fast as SafeLoader; every change of stage in the feeds of shifts names a rule.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def rule_title(rule: str) -> str:
    """The title of a bundled rule; its id when there is no such rule (any more)."""
    if not re.fullmatch(r"[a-z0-9]+(?:[/_-][a-z0-9]+)*", rule):
        return rule
    file = files("extractors.openness").joinpath("rules", *f"{rule}.yaml".split("/"))
    try:
        return str(yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)["title"])
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        return rule


def legible(text: str) -> str:
    """One line that shows what it says: no line ends, control characters, half characters, or marks that
    turn the reading direction (with which a title could pretend to be something else)."""
    shown = (
        "\ufffd" if unicodedata.category(each) == "Cs" else each
        for each in text
        if each.isspace() or (unicodedata.category(each) != "Cc" and each not in _DIRECTION_MARKS)
    )
    return " ".join("".join(shown).split())


_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clickable(url: str) -> str | None:
    """The address with everything but its own characters percent-encoded; None unless it is plain web."""
    if not url.isascii() and any(unicodedata.category(each) == "Cs" for each in url):
        return None
    # RFC 3986 §2: what is left unquoted here neither ends an attribute nor a link in any channel.
    quoted = quote(url.strip(), safe="%/:?#[]@!$&()*+,;=-._~")
    try:
        parts = urlsplit(quoted)
        plain = parts.scheme in ("http", "https") and parts.hostname is not None and "@" not in parts.netloc
    except ValueError:
        return None
    return quoted if plain and len(quoted) <= 2048 else None


def _level(level: int | None) -> str | None:
    return None if level is None else f"{level} ({LEVELS[level]})"
