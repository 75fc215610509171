"""What became of each claimed alert, written down while the warehouse is closed.

A batch of alerts is claimed in the warehouse, sent, and settled there. The journal notes before each
attempt that it is made, and after it what came of it. A sender that is killed leaves it behind, and the
next one reads from it which alerts went out, which never left, and the at most one of which nobody knows.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from flows.channels.delivery import Delivered, Outcome, Undelivered
from warehouse.alerts import Claim, PendingAlert
from warehouse.durable import sync

Key = tuple[str, str, int, str]
"""Shift, stage, occurrence, channel: the key of the table `alerts`."""


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt was begun and nothing is known of its outcome."""


def key_of(alert: PendingAlert | Claim) -> Key:
    """The key of an alert."""
    return (alert.shift_id, alert.stage, alert.occurrence, alert.channel)


class AlertJournal:
    """A file beside the warehouse; it is there only while a batch is on its way."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self) -> None:
        """Start an empty journal. Call it before the claim is committed."""
        self._path.write_bytes(b"")
        sync(self._path)
        sync(self._path.parent)

    def trying(self, alerts: Iterable[PendingAlert]) -> None:
        """Note that one message about these alerts is sent now."""
        self._write({"keys": [key_of(alert) for alert in alerts]})

    def ended(self, alerts: Iterable[PendingAlert], outcome: Outcome) -> None:
        """Note what came of it."""
        line: dict[str, Any] = {"keys": [key_of(alert) for alert in alerts], "failure": None}
        if isinstance(outcome, Undelivered):
            seconds = None if outcome.retry_after is None else outcome.retry_after.total_seconds()
            line |= {"failure": outcome.failure, "reason": outcome.reason, "retry_after": seconds}
        self._write(line)

    def read(self) -> Mapping[Key, Tried | Outcome] | None:
        """What is known of each alert that was tried; None when there is no journal."""
        try:
            lines = self._path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return None
        known: dict[Key, Tried | Outcome] = {}
        for line in lines[:-1]:
            # What stands behind the last line end was cut off by the kill: its attempt stays `Tried`.
            try:
                noted = json.loads(line)
                known.update(dict.fromkeys((cast(Key, tuple(key)) for key in noted["keys"]), _meaning(noted)))
            except (ValueError, KeyError, TypeError):
                # Damaged by more than a kill: better one labelled repeat too many than a silent one.
                return None
        return known

    def finish(self) -> None:
        """Remove it. Call it after the outcomes are committed."""
        self._path.unlink(missing_ok=True)

    def _write(self, line: Mapping[str, Any]) -> None:
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND)
        try:
            os.write(handle, json.dumps(line).encode() + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)


def _meaning(noted: Mapping[str, Any]) -> Tried | Outcome:
    if "failure" not in noted:
        return Tried()
    if noted["failure"] is None:
        return Delivered()
    seconds = noted["retry_after"]
    return Undelivered(
        reason=noted["reason"],
        failure=noted["failure"],
        retry_after=None if seconds is None else timedelta(seconds=seconds),
    )
