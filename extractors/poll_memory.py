"""What is remembered of a polled address between two passes, as one record and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class PollMemory:
    """Everything `extractors.schedule` knows of an address. All of it may be missing: then it is new."""

    etag: str | None = None
    """As sent, read as Latin-1."""
    last_modified: str | None = None
    """As sent; never parsed."""
    body_hash: str | None = None
    """Of the last body that was read."""
    full_at: datetime | None = None
    """When a whole body came last; a 304 does not count."""
    lies: bool = False
    """True once the body changed under an unchanged validator: such a server is never asked conditionally."""
    read_at: datetime | None = None
    """The last answer that was good, a 304 included."""
    failures: int = 0
    """Failures since then."""
    failing_since: datetime | None = None
    down: bool = False
    """True once the address failed so often and so long that people are told, once."""
    failed_by: str | None = None
    """Kind of the last failure, as in `FetchFailure.kind`."""
    reason: str | None = None
    """Of the last failure or complaint, for people."""
    throttled_since: datetime | None = None
    """When the server began to answer 403 or 429."""
    throttled: int = 0
    """Such answers since then."""
    paused_until: datetime | None = None
    """Until when the whole registrable domain asked to be left alone."""
    gone: int = 0
    """Answers of 410 in a row."""
    interval_minutes: float | None = None
    """The wait that fits how often news comes; None: the source's own."""
    hints: dict[str, Any] = field(default_factory=dict)
    """What the document itself asked for, as in `ParsedFeed.hints`."""
    moved_to: str | None = None
    """Target of the permanent redirects seen lately."""
    moved_since: datetime | None = None
    moved_times: int = 0
    location: str | None = None
    """The address asked instead of the catalogue's; None: the catalogue's own."""
    https_tried_at: datetime | None = None
    newest_at: datetime | None = None
    """Date of the newest entry ever listed: a feed can go stale while answering 200 every time."""
    entries: int | None = None
    """Entries in the last body that was read."""
    seen: tuple[str, ...] = ()
    """Short hashes of the entries in the last body that was read."""

    def to_json(self) -> dict[str, Any]:
        """Only what differs from a new address."""
        written: dict[str, Any] = {}
        fresh = PollMemory()
        for name in _NAMES:
            value = getattr(self, name)
            if value == getattr(fresh, name):
                continue
            if isinstance(value, datetime):
                value = value.isoformat()
            elif isinstance(value, tuple):
                value = list(value)
            written[name] = value
        return written

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> PollMemory:
        """Reads what `to_json` wrote; what is unknown or of another type counts as never written."""
        values: dict[str, Any] = {}
        for name, value in written.items():
            if name in _TIMES:
                value = _moment(value)
            elif name == "seen":
                value = tuple(str(key) for key in value) if isinstance(value, list | tuple) else None
            if name in _NAMES and isinstance(value, _TYPES[name]):
                values[name] = value
        return cls(**values)


_NAMES = tuple(each.name for each in fields(PollMemory))
_TIMES = {name for name in _NAMES if name.endswith(("_at", "_since", "_until"))}
_TYPES: dict[str, Any] = {
    **dict.fromkeys(_NAMES, str),
    **dict.fromkeys(_TIMES, datetime),
    **dict.fromkeys(("failures", "throttled", "gone", "moved_times", "entries"), int),
    "lies": bool,
    "down": bool,
    "interval_minutes": (int, float),
    "hints": dict,
    "seen": tuple,
}


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
