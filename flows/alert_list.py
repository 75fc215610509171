"""What `ajar alerts list` shows to people: one line a shift, what needs a hand first, and what the numbers mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

MOST_LINES = 50
"""Of one list that somebody reads."""

COLUMNS = ("status", "shift", "stage", "channels", "tries", "queued", "next or sent", "remark")

_MEANINGS = {
    "dead": "{} given up: put right what the remark says, then `ajar alerts retry`",
    "unconfirmed": (
        "{} unconfirmed: sent twice and never answered, so look whether it is there; "
        "`ajar alerts retry --unconfirmed` sends it once more"
    ),
    "failed": "{} failed, to be tried again at the time shown: `ajar alerts retry` tries now",
    "sending": "{} on its way, or left by a pass that was killed: the next pass settles it",
    "pending": "{} waiting: the first pass after the time shown sends it",
    "sent": "{} sent",
    "suppressed": "{} suppressed: no news, or no article reports it any more",
}
"""Of each status, what needs a hand first."""

_ORDER = {status: number for number, status in enumerate(_MEANINGS)}


def list_for_people(alerts: Sequence[Mapping[str, Any]]) -> list[tuple[Any, ...]]:
    """Rows under COLUMNS. `alerts` are those of `warehouse.alerts.list_alerts`, the newest first; what is the
    same on several channels is one line."""
    together: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for alert in sorted(alerts, key=lambda alert: (_ORDER[alert["status"]], _waits_for_digest(alert))):
        same = tuple(alert[key] for key in ("status", "shift_id", "stage", "queued_at", "remark"))
        together.setdefault(same, []).append(alert)
    return [_row(same) for same in together.values()]


def in_words(numbers: Mapping[str, int], *, everything: bool) -> list[str]:
    """What the numbers of each status mean, and what to do."""
    lines = [
        words.format(f"{numbers[status]:,}")
        for status, words in _MEANINGS.items()
        if numbers.get(status) and (everything or status not in ("sent", "suppressed"))
    ]
    if lines:
        return lines
    if everything:
        return ["No alerts yet."]
    return [f"Nothing waits and nothing was given up; {numbers.get('sent', 0):,} sent so far."]


def left_behind(alerts: Sequence[Mapping[str, Any]], channels: Collection[str]) -> list[str]:
    """What waits for channels that are not among those in force: nobody sends it."""
    waiting = Counter(
        alert["channel"]
        for alert in alerts
        if alert["status"] in ("pending", "failed") and alert["channel"] not in channels
    )
    return [
        f"{number:,} of them for {channel}, which is not set now: they wait until it is again"
        for channel, number in sorted(waiting.items())
    ]


def _waits_for_digest(alert: Mapping[str, Any]) -> bool:
    return str(alert["remark"] or "").startswith("digest: ")


def _row(alerts: Sequence[Mapping[str, Any]]) -> tuple[Any, ...]:
    first = alerts[0]
    known = first["actor"] is not None
    named = (first["actor"], first["artefact"], f"({first['kind']})") if known else ("no longer reported",)
    times = [alert["sent_at"] or alert["next_attempt_at"] for alert in alerts]
    return (
        first["status"],
        " ".join(part for part in named if part),
        f"{first['direction']} · {first['stage']}" if known else first["stage"],
        ", ".join(alert["channel"] for alert in alerts),
        max(alert["attempts"] for alert in alerts),
        _minute(first["queued_at"]),
        _minute(min((moment for moment in times if moment), default=None)),
        first["remark"],
    )


def _minute(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else None
