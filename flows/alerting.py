"""Sends what waits in the outbox. Every channel goes the same way: claim, send, settle.

The warehouse is open for the claim and for settling, never while something is sent; in between the journal
holds what became of each message. Killed anywhere, the next pass finds out from it what went out: an alert
is sent at least once, at most twice, and the second time it says that it is a repeat.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

import duckdb

from flows.alert_journal import AlertJournal, Tried, key_of
from flows.alert_rules import is_quiet
from flows.alert_settings import AlertSettings
from flows.channels.delivery import Channel, Delivered, Outcome, Undelivered
from flows.messages import compose_digest, compose_shift
from warehouse.alerts import (
    AfterFailure,
    Claim,
    PendingAlert,
    claim_pending,
    mark_failed,
    mark_sent,
    release,
    unsettled,
)
from warehouse.database import WAIT_SECONDS, open_warehouse
from warehouse.statements import transaction

BATCH = 100
"""Alerts claimed at once."""

DIGEST_BATCH = 40
"""Shifts in one digest; the rest makes another. Slack takes fifty blocks a message."""

FAILURES_IN_A_ROW = 5
"""After so many a channel is left alone until the next pass."""

SENDING_SECONDS = 300.0
"""No message is begun later in one pass; the rest waits for the next."""

_NOW_WHAT: Mapping[AfterFailure, str] = {
    "failed": "will be tried again",
    "unconfirmed": "sent twice by now and left alone; see `ajar alerts list`",
    "dead": "given up; see `ajar alerts list`",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingReport:
    """What became of the alerts that were due."""

    sent: int = 0
    """Alerts accepted; each shift of a digest counts."""
    remarks: tuple[str, ...] = ()
    """What went wrong, one line a channel and reason; without secrets."""


def send_alerts(
    warehouse: Path,
    channels: Sequence[Channel],
    *,
    now: datetime,
    rules: AlertSettings | None = None,
    wait: float = WAIT_SECONDS,
    seconds: float = SENDING_SECONDS,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
    reached: Callable[[str], None] = lambda point: None,
) -> SendingReport:
    """Send every alert and digest that is due and not kept back by quiet hours.

    The caller holds the lock of the pass. `wait` bounds the wait for a warehouse that is held, in seconds.
    `clock` and `sleep` are the time within the pass, `reached` is called with the name of each point
    passed, so that a test can stop the process there.
    Raises StorageError when the warehouse cannot be opened; what was sent by then is in the journal.
    """
    sending = _Sending(warehouse, channels, now, rules or AlertSettings(), wait, clock, sleep, reached)
    sending.recover()
    give_up_at = clock() + seconds
    sending.send_all(give_up_at)
    return sending.report()


def journal_of(warehouse: Path) -> AlertJournal:
    """The journal of a warehouse."""
    return AlertJournal(warehouse.with_name(f"{warehouse.stem}.sending.jsonl"))


class _Sending:
    """One pass of sending: which channels are well, and what happened so far."""

    def __init__(
        self,
        warehouse: Path,
        channels: Sequence[Channel],
        now: datetime,
        rules: AlertSettings,
        wait: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        reached: Callable[[str], None],
    ) -> None:
        self._warehouse = warehouse
        self._channels = {channel.name: channel for channel in channels}
        self._now = now
        self._rules = rules
        self._wait = wait
        self._clock = clock
        self._begun = clock()
        self._sleep = sleep
        self._reached = reached
        self._journal = journal_of(warehouse)
        self._failures: dict[str, int] = {}
        self._resumes: dict[str, float] = {}
        self._sent = 0
        self._remarks: dict[str, int] = {}

    def report(self) -> SendingReport:
        """What happened."""
        remarks = tuple(
            text if number == 1 else f"{text} ({number} alerts)" for text, number in self._remarks.items()
        )
        return SendingReport(sent=self._sent, remarks=remarks)

    def recover(self) -> None:
        """Settle what a killed sender has left, as far as its journal knows."""
        known = self._journal.read()
        if known is None:
            return
        with open_warehouse(self._warehouse, now=self._now, wait=self._wait) as opened:
            for claim in unsettled(opened.connection):
                # An attempt begun and not ended stays claimed: claiming counts it as an unknown outcome.
                noted = known.get(key_of(claim))
                if not isinstance(noted, Tried):
                    self._settle(opened.connection, claim, noted, self._moment())
        self._journal.finish()

    def send_all(self, give_up_at: float) -> None:
        """Send batch after batch until nothing is due or the time is up, waiting for throttled channels."""
        while self._clock() < give_up_at:
            if self._send_batch(give_up_at):
                continue
            waits = [at for name, at in self._resumes.items() if not self._is_out(name) and at <= give_up_at]
            if not waits:
                return
            self._sleep(max(0.0, min(waits) - self._clock()))
            self._resumes = {name: at for name, at in self._resumes.items() if at > self._clock()}

    def _send_batch(self, give_up_at: float) -> bool:
        """Claim, send and settle; returns whether anything was due."""
        moment = self._moment()
        names = [
            name
            for name in self._channels
            if not self._is_out(name)
            and name not in self._resumes
            and not is_quiet(self._rules.of(name), moment)
        ]
        if not names:
            return False
        self._journal.begin()
        with open_warehouse(self._warehouse, now=self._now, wait=self._wait) as opened:
            claimed = claim_pending(opened.connection, now=moment, limit=BATCH, channels=names)
            digest = not claimed
            if digest:
                claimed = self._claim_digest(opened.connection, names)
        self._reached("claimed")
        outcomes: list[tuple[PendingAlert, Outcome | None, datetime]] = []
        for alerts in _digests(claimed) if digest else ([alert] for alert in claimed):
            outcome = self._send(alerts, give_up_at, digest=digest)
            outcomes += [(alert, outcome, self._moment()) for alert in alerts]
        self._reached("sent")
        if claimed:
            with (
                open_warehouse(self._warehouse, now=self._now, wait=self._wait) as opened,
                transaction(opened.connection),
            ):
                for alert, outcome, ended_at in outcomes:
                    self._settle(opened.connection, alert, outcome, ended_at)
        self._reached("settled")
        self._journal.finish()
        return bool(claimed)

    def _claim_digest(self, connection: duckdb.DuckDBPyConnection, names: list[str]) -> list[PendingAlert]:
        """The digest of the first channel that has one due. One channel at a time: a claim settles those
        made before it."""
        for name in names:
            claimed = claim_pending(
                connection, now=self._moment(), limit=DIGEST_BATCH, channels=[name], digest=True
            )
            if claimed:
                return claimed
        return []

    def _send(self, alerts: Sequence[PendingAlert], give_up_at: float, *, digest: bool) -> Outcome | None:
        """Send one message about these alerts of one channel; None when it was not tried."""
        channel = self._channels[alerts[0].channel]
        if len(self._channels) == 1:
            # Nobody else is kept waiting, and claiming anew costs more.
            self._wait_for(channel.name, give_up_at)
        if self._is_out(channel.name) or channel.name in self._resumes or self._clock() >= give_up_at:
            return None
        message = compose_digest(alerts) if digest else compose_shift(alerts[0])
        self._journal.trying(alerts)
        self._reached("trying")
        outcome = channel.deliver(message)
        self._reached("delivered")
        self._journal.ended(alerts, outcome)
        self._reached("noted")
        self._judge(channel.name, outcome)
        return outcome

    def _judge(self, name: str, outcome: Outcome) -> None:
        """Whether the channel is well enough for the next message."""
        if isinstance(outcome, Delivered) or not outcome.channel_fails:
            self._failures[name] = 0
            return
        self._failures[name] = self._failures.get(name, 0) + 1
        if outcome.failure == "transient" and outcome.retry_after is not None:
            self._resumes[name] = self._clock() + outcome.retry_after.total_seconds()

    def _wait_for(self, name: str, give_up_at: float) -> None:
        """Wait until a throttled channel may be used again, unless that is too late for this pass."""
        at = self._resumes.get(name)
        if at is not None and at <= give_up_at and not self._is_out(name):
            self._sleep(max(0.0, at - self._clock()))
            del self._resumes[name]

    def _is_out(self, name: str) -> bool:
        return self._failures.get(name, 0) >= FAILURES_IN_A_ROW

    def _settle(
        self,
        connection: duckdb.DuckDBPyConnection,
        alert: PendingAlert | Claim,
        outcome: Outcome | None,
        moment: datetime,
    ) -> None:
        """Write down an outcome and when it came; None: the alert was not tried and goes back."""
        if isinstance(outcome, Delivered):
            mark_sent(connection, alert, now=moment)
            self._sent += 1
            if outcome.remark:
                self._remark(f"{alert.channel}: {outcome.remark}")
        elif isinstance(outcome, Undelivered):
            after = mark_failed(
                connection,
                alert,
                now=moment,
                error=outcome.reason,
                failure=outcome.failure,
                retry_after=outcome.retry_after,
            )
            self._remark(f"{alert.channel}: {outcome.reason}; {_NOW_WHAT[after]}")
        else:
            pause = max(0.0, self._resumes.get(alert.channel, 0.0) - self._clock())
            release(connection, alert, not_before=self._moment() + timedelta(seconds=pause))

    def _remark(self, text: str) -> None:
        self._remarks[text] = self._remarks.get(text, 0) + 1

    def _moment(self) -> datetime:
        return self._now + timedelta(seconds=self._clock() - self._begun)


def _digests(claimed: Sequence[PendingAlert]) -> Iterator[list[PendingAlert]]:
    """One digest of the new and one of the repeats, so that neither is labelled for the other's sake."""
    ordered = sorted(claimed, key=lambda alert: alert.repeat)
    for _, alerts in groupby(ordered, key=lambda alert: alert.repeat):
        yield list(alerts)
