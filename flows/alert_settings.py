"""What the table `[alerts]` of ajar.toml can say. Imports nothing heavy: every command reads settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, time, tzinfo
from typing import Literal

from extractors.records import Direction, Kind, Stage, Tier

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRules:
    """What is told on its own on one channel. None: no such condition."""

    organisations: frozenset[str] | None = None
    """Canonical names in lower case."""
    kinds: frozenset[Kind] | None = None
    directions: frozenset[Direction] | None = None
    least_stage: Stage = "rumoured"
    least_jump: int = 0
    """Levels between before and after; with 1 or more, shifts whose levels are not known wait."""
    tiers: frozenset[Tier] | None = None
    """One source of these tiers is enough."""
    corroborated: bool = False
    """Only what two independent outlets or one official source report."""
    languages: frozenset[str] | None = None
    """One article in these languages is enough."""
    least_severity: float = 0.0
    per_day: int = 20
    """Most alerts a day on their own; the gravest go first."""
    quiet_hours: tuple[time, time] | None = None
    """Nothing is sent from the one time to the other; it waits for the end."""
    time_zone: tzinfo = UTC
    """Of quiet hours, of the digest's time and of the day of the budget."""
    digest: Literal["daily", "weekly"] = "daily"
    digest_at: time = time(8, 0)
    digest_on: int = 0
    """Day of a weekly digest; 0 is Monday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """The whole table `[alerts]`."""

    rules: ChannelRules = ChannelRules()
    channels: Mapping[str, ChannelRules] = field(default_factory=dict)
    """Rules of single channels, complete."""
    first_import_hours: float = 24.0
    """On the first import of a source only what was published so lately is told; 0: nothing."""
    silence_hours: float = 24.0
    """No new article for so long is told; 0: never."""
    source_down_days: float = 3.0
    """A source that could not be read for so long is told; 0: never."""
    source_stale_days: float = 60.0
    """A source that is read well and has brought nothing new for so long is told; 0: never."""
    missed_passes_hours: float = 6.0
    """No pass for so long is told by `ajar alerts check`; 0: never."""

    def of(self, channel: str) -> ChannelRules:
        """The rules of a channel."""
        return self.channels.get(channel, self.rules)


def lies_within(hours: tuple[time, time], at: time) -> bool:
    """Whether a time of day lies within the hours, which may go over midnight; the end is outside."""
    begin, end = hours
    return begin <= at < end if begin < end else at >= begin or at < end
