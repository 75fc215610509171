"""Sending side of the outbox: claim, send, mark.

A sender claims alerts (they become `sending`), closes the warehouse, sends, and marks each. When it dies
in between nobody knows whether the message went out; such an alert is sent once more, labelled as a
repeat, and after a second unknown outcome it is `unconfirmed` and left alone. So each is sent at least
once, at most twice, and never twice without saying so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import duckdb

from extractors.records import Direction, Kind, Stage, Tier
from warehouse.results import QueryResult, fetch_result
from warehouse.statements import bundled_text, transaction

ATTEMPTS_IN_A_ROW = 12
"""Then an alert is dead, until somebody asks for another round: with the waits below that is more than two
days after the first attempt."""

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=12)

Failure = Literal["transient", "permanent", "unknown"]
"""`transient`: try again; `permanent`: it will never be accepted; `unknown`: it may have been accepted."""

AfterFailure = Literal["failed", "unconfirmed", "dead"]
"""What an alert is after a failure: tried again later, sent twice without an answer, or given up."""

UNSETTLED = ("pending", "sending", "failed", "unconfirmed", "dead")
"""The statuses of alerts that are neither known to be delivered nor never to be sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSource:
    """One source that reports the shift, with its first article about it."""

    source: str
    publisher: str
    tier: Tier
    url: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierAlert:
    """The last alert about the same shift that the channel accepted."""

    stage: Stage
    due: date | None
    licence_to: str | None
    level_to: int | None
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claimed alert as far as settling it needs it."""

    shift_id: str
    stage: Stage
    occurrence: int
    channel: str
    attempts: int
    """This attempt included."""
    repeat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingAlert:
    """A claimed alert with all a message needs. Field names are those of `shifts` and `shift_stages`."""

    shift_id: str
    """As the alert is keyed; the shift may have another id by now."""
    stage: Stage
    occurrence: int
    """2 for a second delay, and so on."""
    channel: str
    attempts: int
    """This attempt included."""
    repeat: bool
    """True when an earlier attempt may have gone through; the message must say so."""
    actor: str
    artefact: str
    """Empty for a general line."""
    kind: Kind
    direction: Direction
    previous_stage: Stage | None
    """None when the shift is new."""
    since: datetime
    due: date | None
    licence_from: str | None
    licence_to: str | None
    level_from: int | None
    level_to: int | None
    territory: str | None
    compelled_by: str | None
    official: bool
    confidence: float
    articles: int
    outlets: int
    headline: str
    evidence: str
    url: str
    rule: str
    """Id of the rule that found the evidence."""
    sources: tuple[AlertSource, ...]
    """Best tier first, then the earliest; at most ten."""
    earlier: EarlierAlert | None = None
    """None when this channel was told nothing of the shift before."""
    thread: str = ""
    """Id of the shift in the first alert about it that the channel accepted; empty: there was none."""


def claim_pending(
    connection: duckdb.DuckDBPyConnection,
    *,
    now: datetime,
    limit: int = 100,
    channels: Sequence[str] | None = None,
    digest: bool = False,
) -> list[PendingAlert]:
    """Take up to `limit` alerts that are due, oldest first, for sending. None for `channels`: any channel.
    With `digest` those that wait for a digest, otherwise those that are told on their own.

    The caller holds the lock of the pass, so whoever claimed an alert before and has not marked it is
    dead. The claim is committed on return.
    """
    values = {
        "now": now,
        "limit": limit,
        "channels": None if channels is None else list(channels),
        "digest": digest,
    }
    with transaction(connection):
        for statement in ("1_settle", "2_due", "3_suppress", "4_claim"):
            text = bundled_text("sending", statement)
            connection.execute(text, {name: value for name, value in values.items() if f"${name}" in text})
        cursor = connection.execute(bundled_text("sending", "5_claimed"))
        names = [column[0] for column in cursor.description or ()]
        return [_pending(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def any_unsent(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether an alert waits to be sent, whenever that may be, or was left half sent by a sender that died."""
    statement = "SELECT 1 FROM alerts WHERE status IN ('pending', 'failed', 'sending') LIMIT 1"
    return connection.execute(statement).fetchone() is not None


def unsettled(connection: duckdb.DuckDBPyConnection) -> list[Claim]:
    """What a sender claimed that died before it could mark it. Ask before claiming, which settles them."""
    rows = connection.execute("""
        SELECT shift_id, stage, occurrence, channel, attempts, unknown_outcomes > 0
        FROM alerts WHERE status = 'sending'
    """).fetchall()
    return [
        Claim(
            shift_id=shift_id,
            stage=stage,
            occurrence=occurrence,
            channel=channel,
            attempts=attempts,
            repeat=repeat,
        )
        for shift_id, stage, occurrence, channel, attempts, repeat in rows
    ]


def release(
    connection: duckdb.DuckDBPyConnection, alert: PendingAlert | Claim, *, not_before: datetime
) -> None:
    """Give a claimed alert back that was never tried; the claim does not count as an attempt."""
    connection.execute(
        f"""
        UPDATE alerts SET
            status = CASE WHEN attempts > 1 THEN 'failed' ELSE 'pending' END,
            attempts = attempts - 1, next_attempt_at = $5
        WHERE {_KEY}
        """,
        [*_key(alert), not_before],
    )


def mark_sent(connection: duckdb.DuckDBPyConnection, alert: PendingAlert | Claim, *, now: datetime) -> None:
    """Note that the channel accepted the message."""
    connection.execute(
        f"""
        UPDATE alerts SET status = 'sent', sent_at = $5, next_attempt_at = NULL, error = NULL
        WHERE {_KEY}
        """,
        [*_key(alert), now],
    )


def mark_failed(
    connection: duckdb.DuckDBPyConnection,
    alert: PendingAlert | Claim,
    *,
    now: datetime,
    error: str,
    failure: Failure,
    retry_after: timedelta | None = None,
) -> AfterFailure:
    """Note why an attempt failed, and when to try again; returns what the alert is now.

    `error` is one sentence without secrets. `retry_after` is what the channel asked for; None: the wait
    doubles with each attempt of a row.
    """
    tried = (alert.attempts - 1) % ATTEMPTS_IN_A_ROW + 1
    after: AfterFailure = "failed"
    if failure == "unknown" and alert.repeat:
        after = "unconfirmed"
    elif failure == "permanent" or tried == ATTEMPTS_IN_A_ROW:
        after = "dead"
    again = now + (retry_after if retry_after is not None else _wait(tried))
    connection.execute(
        f"""
        UPDATE alerts SET
            status = $5, next_attempt_at = $6, error = $7, unknown_outcomes = unknown_outcomes + $8
        WHERE {_KEY}
        """,
        [*_key(alert), after, again if after == "failed" else None, error, int(failure == "unknown")],
    )
    return after


def list_alerts(
    connection: duckdb.DuckDBPyConnection, *, statuses: Sequence[str] = (), limit: int | None = None
) -> QueryResult:
    """Alerts of some statuses, none named: of all, the newest first. `limit` None: all of them. Works on
    the published copy too."""
    connection.execute(bundled_text("sending", "list"), {"statuses": list(statuses), "limit": limit})
    return fetch_result(connection)


def newest_stages(connection: duckdb.DuckDBPyConnection, *, limit: int) -> list[PendingAlert]:
    """The newest changes of stage as alerts on the channel `feed`. Works on the published copy too."""
    cursor = connection.execute(bundled_text("sending", "newest"), {"limit": limit})
    names = [column[0] for column in cursor.description or ()]
    return [_pending(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def shifts_with_stages(connection: duckdb.DuckDBPyConnection, *, limit: int) -> QueryResult:
    """The shifts last reported, each with its life cycle. Works on the published copy too."""
    connection.execute(bundled_text("sending", "shifts"), {"limit": limit})
    return fetch_result(connection)


def retry_alerts(connection: duckdb.DuckDBPyConnection, *, now: datetime, unconfirmed: bool = False) -> int:
    """Try what was given up, or waits for its next attempt, again now; returns how many.

    `unconfirmed`: also what was sent twice already, which makes a third message of it.
    """
    row = connection.execute(
        """
        UPDATE alerts SET status = 'failed', next_attempt_at = $1
        WHERE status IN ('dead', 'failed') OR ($2 AND status = 'unconfirmed')
        """,
        [now, unconfirmed],
    ).fetchone()
    return int(row[0]) if row else 0


def count_alerts(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many there are of each status. Works on the published copy too."""
    return dict(connection.execute("SELECT status, count(*) FROM alerts GROUP BY status").fetchall())


def _wait(attempts: int) -> timedelta:
    doubled = FIRST_WAIT * int(2 ** (attempts - 1))
    return min(doubled, LONGEST_WAIT)


_KEY = "shift_id = $1 AND stage = $2 AND occurrence = $3 AND channel = $4"


def _key(alert: PendingAlert | Claim) -> list[Any]:
    return [alert.shift_id, alert.stage, alert.occurrence, alert.channel]


def _pending(row: dict[str, Any]) -> PendingAlert:
    sources = tuple(AlertSource(**source) for source in row.pop("sources"))
    earlier = row.pop("earlier")
    return PendingAlert(**row, sources=sources, earlier=None if earlier is None else EarlierAlert(**earlier))
