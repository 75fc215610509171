"""The silence alarm: nothing new, a source down or stale, no pass, alerts that did not arrive. Each is told
once, until it is over.

A pass checks its own supply. That no pass is made at all a pass cannot tell: `ajar alerts check`, called by
cron or a timer that has nothing to do with the scheduler, can.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from flows.alert_rules import is_quiet
from flows.alert_settings import AlertSettings
from flows.channels.delivery import Channel, Delivered
from flows.messages import Notice
from warehouse.durable import sync
from warehouse.silence import SourceSupply, Supply, UndeliveredAlerts

PAUSES = 3
"""A source is stale after so many of its longest pauses."""

LEAST_STALE = timedelta(days=3)
"""However busy a source is: weekends and holidays are no silence."""

RECENT = timedelta(days=1)
"""Alerts that did not arrive are an alarm so long after the last attempt; the list keeps them."""

MOST_LINES = 30
"""Of one notice; Slack takes 3,000 characters a text."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is not as it should be."""

    key: str
    """What it is about; the same as long as it lasts."""
    text: str


def find_alarms(
    supply: Supply, settings: AlertSettings, *, now: datetime, passes: bool = False
) -> list[Alarm]:
    """What is wrong now. `passes`: whether the lack of passes counts, which a pass itself cannot judge."""
    alarms = []
    missed = timedelta(hours=settings.missed_passes_hours)
    if passes and missed:
        if supply.last_pass_at is None:
            alarms.append(Alarm("passes", "No pass was made yet: is the scheduler running?"))
        elif now - supply.last_pass_at >= missed:
            alarms.append(
                Alarm("passes", f"No pass since {_when(supply.last_pass_at)}: is the scheduler running?")
            )
    silence = timedelta(hours=settings.silence_hours)
    newest = supply.newest_article_at
    if silence and newest is not None and now - newest >= silence:
        alarms.append(Alarm("silence", f"No new article from any source since {_when(newest)}."))
    alarms += [_channel_alarm(each) for each in supply.undelivered if now - each.last_tried_at < RECENT]
    for source in supply.sources:
        alarms += _source_alarms(source, settings, now)
    return alarms


def _channel_alarm(undelivered: UndeliveredAlerts) -> Alarm:
    number = f"{undelivered.alerts} alert" + ("s" if undelivered.alerts != 1 else "")
    if undelivered.status == "dead":
        text = f"{undelivered.channel}: {number} given up, lately because {undelivered.last_error}"
    else:
        text = f"{undelivered.channel}: {number} sent twice and never answered; look whether it is all there"
    return Alarm(f"{undelivered.status}:{undelivered.channel}", f"{text}. `ajar alerts list` names them.")


def _source_alarms(source: SourceSupply, settings: AlertSettings, now: datetime) -> list[Alarm]:
    down = timedelta(days=settings.source_down_days)
    stale = timedelta(days=settings.source_stale_days)
    if down and source.failing and now - source.well_at >= down:
        why = f": {source.last_reason}" if source.last_reason else ""
        return [
            Alarm(
                f"down:{source.source}",
                f"{source.publisher} ({source.source}) cannot be read since {_when(source.well_at)}{why}",
            )
        ]
    newest, pause = source.newest_article_at, source.longest_pause
    if not stale or source.failing or newest is None:
        return []
    if now - newest < (stale if pause is None else min(stale, max(LEAST_STALE, PAUSES * pause))):
        return []
    before = "" if pause is None else f", after no pause longer than {_days(pause)}"
    return [
        Alarm(
            f"stale:{source.source}",
            f"{source.publisher} ({source.source}) answers and has brought nothing new since "
            f"{_when(newest)}{before}: has it moved?",
        )
    ]


def tell_alarms(
    alarms: Sequence[Alarm],
    channels: Sequence[Channel],
    state: Path,
    *,
    rules: AlertSettings,
    now: datetime,
) -> list[str]:
    """Send the alarms that were not told yet, in one notice a channel; returns what went wrong.

    `state` is the file that remembers, for each channel, what it was told and is not over. An alarm that a
    channel did not accept, or that came in its quiet hours, is told to it the next time.
    """
    told = _read(state)
    current = {alarm.key for alarm in alarms}
    remarks = []
    after: dict[str, list[str]] = {}
    for channel in channels:
        known = current & set(told.get(channel.name, ()))
        new = [alarm for alarm in alarms if alarm.key not in known]
        if new and not is_quiet(rules.of(channel.name), now):
            outcome = channel.deliver(_notice(new, now))
            if isinstance(outcome, Delivered):
                known |= {alarm.key for alarm in new}
            else:
                remarks.append(f"{channel.name}: {outcome.reason}; the notice will be sent again")
        after[channel.name] = sorted(known)
    if after != told:
        _write(state, after)
    return remarks


def _notice(alarms: Sequence[Alarm], now: datetime) -> Notice:
    lines = [alarm.text for alarm in alarms[:MOST_LINES]]
    if len(alarms) > MOST_LINES:
        lines.append(f"and {len(alarms) - MOST_LINES} more: `ajar query source_health`")
    digest = blake2b("\n".join(alarm.key for alarm in alarms).encode(), digest_size=6).hexdigest()
    number = len(alarms)
    title = "Ajar: one thing needs a look" if number == 1 else f"Ajar: {number} things need a look"
    return Notice(key=f"notice.{now:%Y%m%dT%H%M%S}.{digest}", title=title, lines=tuple(lines))


def _read(state: Path) -> Mapping[str, list[str]]:
    try:
        told = json.loads(state.read_text(encoding="utf-8"))
        return {str(channel): [str(key) for key in keys] for channel, keys in told.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError, TypeError):
        # Told once too often is better than never again.
        return {}


def _write(state: Path, told: Mapping[str, list[str]]) -> None:
    aside = state.with_name(f".{state.name}.{os.getpid()}")
    aside.write_text(json.dumps(told, indent=1), encoding="utf-8")
    sync(aside)
    aside.replace(state)


def _days(pause: timedelta) -> str:
    """`a day`, `4 days`, rounded up."""
    days = -(-pause // timedelta(days=1))
    return "a day" if days <= 1 else f"{days} days"


def _when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
