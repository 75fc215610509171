"""Reading the table `[alerts]` of ajar.toml. Every mistake is named with its key and the valid values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from extractors.errors import ConfigurationError
from extractors.records import Direction, Kind, Stage, Tier
from flows.alert_settings import WEEKDAYS, AlertSettings, ChannelRules, lies_within

Reader = Callable[[Any, str], Any]
"""Value and its place, e.g. `ajar.toml: alerts.slack.per_day`, to what is kept."""


def read_alert_table(written: Any, where: str, channels: Sequence[str]) -> AlertSettings:
    """The settings of a table. `channels` are the names that may have a table of their own.

    Raises ConfigurationError.
    """
    if not isinstance(written, Mapping):
        raise ConfigurationError(f"alerts in {where} is {written!r}; write a table [alerts] in ajar.toml")
    tables = {key: value for key, value in written.items() if isinstance(value, Mapping)}
    for name in tables:
        if name not in channels:
            raise ConfigurationError(
                f"{where}: [alerts.{name}]: no such channel; use one of {', '.join(sorted(channels))}"
            )
    general = {key: written[key] for key in _GENERAL if key in written}
    own = {key: value for key, value in written.items() if key not in tables and key not in general}
    rules = _read_rules(own, ChannelRules(), f"{where}: alerts", also=tuple(_GENERAL))
    return AlertSettings(
        rules=rules,
        channels={
            name: _read_rules(table, rules, f"{where}: alerts.{name}") for name, table in tables.items()
        },
        **{key: _GENERAL[key](value, f"{where}: alerts.{key}") for key, value in general.items()},
    )


def _read_rules(
    written: Mapping[str, Any], base: ChannelRules, place: str, also: Sequence[str] = ()
) -> ChannelRules:
    read: dict[str, Any] = {}
    for key, value in written.items():
        if key not in _RULES:
            raise ConfigurationError(
                f"{place}: unknown key '{key}'; use one of {', '.join(sorted([*_RULES, *also]))}"
            )
        read[key] = _RULES[key](value, f"{place}.{key}")
    rules = replace(base, **read)
    if rules.quiet_hours and lies_within(rules.quiet_hours, rules.digest_at):
        begin, end = rules.quiet_hours
        raise ConfigurationError(
            f"{place}: digest_at {rules.digest_at:%H:%M} lies in the quiet hours {begin:%H:%M}-{end:%H:%M}; "
            f"use e.g. {end:%H:%M}"
        )
    return rules


def _one_of(*valid: str) -> Reader:
    def read(value: Any, place: str) -> str:
        if value not in valid:
            raise ConfigurationError(f"{place} is {value!r}; use one of {', '.join(valid)}")
        return str(value)

    return read


def _some_of(*valid: str) -> Reader:
    def read(value: Any, place: str) -> frozenset[str]:
        chosen = _words(value, place)
        for word in chosen:
            if word not in valid:
                raise ConfigurationError(f"{place} holds {word!r}; use some of {', '.join(valid)}")
        return chosen

    return read


def _words(value: Any, place: str) -> frozenset[str]:
    if not isinstance(value, list) or not value or not all(isinstance(word, str) for word in value):
        raise ConfigurationError(f'{place} is {value!r}; use a list of texts, e.g. ["…", "…"]')
    return frozenset(value)


def _organisations(value: Any, place: str) -> frozenset[str]:
    return frozenset(word.strip().casefold() for word in _words(value, place))


def _languages(value: Any, place: str) -> frozenset[str]:
    chosen = _words(value, place)
    for word in chosen:
        if not re.fullmatch(r"[a-z]{2,3}", word):
            raise ConfigurationError(f"{place} holds {word!r}; use ISO 639-1 codes such as en, ko, zh")
    return chosen


def _number(least: float, most: float) -> Reader:
    def read(value: Any, place: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            raise ConfigurationError(f"{place} is {value!r}; use a number from {least:g} to {most:g}")
        return float(value)

    return read


def _whole(least: int, most: int) -> Reader:
    def read(value: Any, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ConfigurationError(f"{place} is {value!r}; use a whole number from {least} to {most}")
        return value

    return read


def _yes_or_no(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise ConfigurationError(f"{place} is {value!r}; use true or false")
    return value


def _time(value: Any, place: str) -> time:
    if isinstance(value, time):
        return value
    try:
        return time.fromisoformat(value) if re.fullmatch(r"\d\d:\d\d", value) else _no_time(value, place)
    except (ValueError, TypeError):
        return _no_time(value, place)


def _no_time(value: Any, place: str) -> time:
    raise ConfigurationError(f'{place} is {value!r}; use a time of day, e.g. "08:00"')


def _hours(value: Any, place: str) -> tuple[time, time]:
    begin, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    if not dash:
        raise ConfigurationError(f'{place} is {value!r}; use two times of day, e.g. "22:00-07:00"')
    span = (_time(begin.strip(), place), _time(end.strip(), place))
    if span[0] == span[1]:
        raise ConfigurationError(f'{place} is {value!r}, which is no time at all; use e.g. "22:00-07:00"')
    return span


def _zone(value: Any, place: str) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise ConfigurationError(f'{place} is {value!r}; use a name such as "Europe/Berlin"') from error


def _weekday(value: Any, place: str) -> int:
    return WEEKDAYS.index(_one_of(*WEEKDAYS)(value, place))


_RULES: dict[str, Reader] = {
    "organisations": _organisations,
    "kinds": _some_of(*get_args(Kind)),
    "directions": _some_of(*get_args(Direction)),
    "least_stage": _one_of(*get_args(Stage)),
    "least_jump": _whole(0, 8),
    "tiers": _some_of(*get_args(Tier)),
    "corroborated": _yes_or_no,
    "languages": _languages,
    "least_severity": _number(0, 1),
    "per_day": _whole(0, 1000),
    "quiet_hours": _hours,
    "time_zone": _zone,
    "digest": _one_of("daily", "weekly"),
    "digest_at": _time,
    "digest_on": _weekday,
}
_GENERAL: dict[str, Reader] = {
    "first_import_hours": _number(0, 24 * 365),
    "silence_hours": _number(0, 24 * 365),
    "source_down_days": _number(0, 365),
    "source_stale_days": _number(0, 3650),
    "missed_passes_hours": _number(0, 24 * 365),
}
