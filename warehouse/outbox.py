"""Deciding which changes of stage are told, and queueing them in the transaction that stores them.

An alert tells that a shift has reached a stage. It is queued once for each shift, stage and channel, when

* the run that is loaded brought a report of the stage the shift has now, confident enough, and no report
  known before was;
* that report is news: a current mention in an article published within the news window before the run.
  On the first import of a source, which brings its whole back catalogue, the window is a day, and
  undated articles are no news;
* the run is a pass: reading stored articles again is not news.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

import duckdb

from extractors.records import Direction, Kind, Stage, Tier
from warehouse.shifts import Refreshed
from warehouse.statements import bundled_text
from warehouse.stories import Story

KNOWN_BEFORE = timedelta(days=45)
"""A report of what the history has at least so long ago is a retelling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftNews:
    """A change of stage as far as deciding whom to tell, and when, needs it."""

    shift_id: str
    stage: Stage
    occurrence: int
    actor: str
    kind: Kind
    direction: Direction
    level_from: int | None
    level_to: int | None
    outlets: int
    """Independent ones."""
    tiers: frozenset[Tier]
    """Of the sources that report the shift."""
    languages: frozenset[str]
    """ISO 639-1, of their articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """When one change of stage is told on one channel."""

    at: datetime
    """Not before this time."""
    because: str | None
    """Why it waits for a digest. None: it is told on its own."""


class PlanTellings(Protocol):
    """Decides when news is told on a channel: one Telling for each, in the order of `news`.

    `told_since` counts the alerts that were told on their own on this channel since a time, and those that
    wait to be.
    """

    def __call__(
        self,
        news: Sequence[ShiftNews],
        *,
        channel: str,
        now: datetime,
        told_since: Callable[[datetime], int],
    ) -> Sequence[Telling]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRules:
    """Which changes of stage become alerts."""

    channels: Sequence[str] = ("console",)
    """Empty: none are queued."""
    news_window: timedelta = timedelta(days=7)
    first_import_window: timedelta = timedelta(days=1)
    least_confidence: float = 0.5
    plan: PlanTellings | None = None
    """None: everything is told at once."""


def queue_alerts(
    connection: duckdb.DuckDBPyConnection,
    refreshed: Refreshed,
    rules: AlertRules,
    *,
    run_id: str,
    started_at: datetime,
    now: datetime,
) -> int:
    """Queue the alerts of one pass; returns how many. Call it inside the transaction of its load."""
    articles = _news(connection, rules, started_at)
    told = {
        story.shift_id: story for story in refreshed.stories if _is_told(story, refreshed, articles, rules)
    }
    statuses = {shift_id: _status(connection, story) for shift_id, story in told.items()}
    queued = 0
    for channel in rules.channels:
        queued_before = _queued_before(connection, refreshed, channel)
        fresh = {shift_id for shift_id in told if shift_id not in queued_before}
        waiting = {shift_id for shift_id, waits in queued_before.items() if waits}
        news = _facts(connection, fresh | waiting)
        tellings = _plan(connection, rules, news, channel=channel, now=now)
        rows = []
        for each, telling in zip(news, tellings, strict=True):
            if each.shift_id in fresh:
                rows.append(_row(each, channel, *statuses[each.shift_id], telling, now, run_id))
            elif telling.because is None:
                _tell_after_all(connection, each, channel, now)
        if rows:
            connection.executemany(_QUEUE, rows)
        queued += sum(row[4] == "pending" for row in rows)
    return queued


def _plan(
    connection: duckdb.DuckDBPyConnection,
    rules: AlertRules,
    news: Sequence[ShiftNews],
    *,
    channel: str,
    now: datetime,
) -> Sequence[Telling]:
    if rules.plan is None:
        return [Telling(at=now, because=None)] * len(news)

    def told_since(begin: datetime) -> int:
        row = connection.execute(
            """
            SELECT count(*) FROM alerts
            WHERE channel = $1 AND digest_because IS NULL AND (
                status IN ('pending', 'sending', 'failed')
                OR status IN ('sent', 'unconfirmed') AND coalesce(sent_at, claimed_at) >= $2
            )
            """,
            [channel, begin],
        ).fetchone()
        return int(row[0]) if row else 0

    return rules.plan(news, channel=channel, now=now, told_since=told_since)


def _facts(connection: duckdb.DuckDBPyConnection, shifts: set[str]) -> list[ShiftNews]:
    """What the plan needs of some shifts, in the order of their ids."""
    if not shifts:
        return []
    cursor = connection.execute(bundled_text("sending", "news"), {"shifts": sorted(shifts)})
    names = [column[0] for column in cursor.description or ()]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [
        ShiftNews(**{**each, "tiers": frozenset(each["tiers"]), "languages": frozenset(each["languages"])})
        for each in found
    ]


def _row(
    fact: ShiftNews,
    channel: str,
    status: str,
    error: str | None,
    telling: Telling,
    now: datetime,
    run_id: str,
) -> list[object]:
    at = telling.at if status == "pending" else None
    because = telling.because if status == "pending" else None
    return [fact.shift_id, fact.stage, fact.occurrence, channel, status, error, now, at, run_id, because]


_QUEUE = """
    INSERT INTO alerts
        (shift_id, stage, occurrence, channel, status, error, queued_at, next_attempt_at, run_id,
         digest_because)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""

_SAME_STAGE = """
    stage = $2 AND occurrence = $3 AND channel = $4
    AND shift_id IN (SELECT $1 UNION ALL SELECT alias FROM shift_aliases WHERE shift_id = $1)
"""
"""The alert on one channel about one stage, under this id of the shift or a former one."""


def _tell_after_all(
    connection: duckdb.DuckDBPyConnection, fact: ShiftNews, channel: str, now: datetime
) -> None:
    """Further reports have made it worth an interruption."""
    connection.execute(
        f"""
        UPDATE alerts SET digest_because = NULL, queued_at = $5, next_attempt_at = $5
        WHERE {_SAME_STAGE} AND status = 'pending'
        """,
        [fact.shift_id, fact.stage, fact.occurrence, channel, now],
    )


def _news(connection: duckdb.DuckDBPyConnection, rules: AlertRules, started_at: datetime) -> set[str]:
    """Ids of the articles read by this run that are news."""
    rows = connection.execute(
        """
        SELECT article_id
        FROM article_facts AS facts
        SEMI JOIN retagged USING (article_id)
        JOIN sources USING (source)
        WHERE CASE
            WHEN sources.first_imported_at < $1 THEN coalesce(facts.published_at >= $2, TRUE)
            ELSE coalesce(facts.published_at >= $3, FALSE)
        END
        """,
        [started_at, started_at - rules.news_window, started_at - rules.first_import_window],
    ).fetchall()
    return {article_id for (article_id,) in rows}


def _is_told(story: Story, refreshed: Refreshed, news: set[str], rules: AlertRules) -> bool:
    step = story.steps[-1]
    known = refreshed.known.get((story.shift_id, step.stage, step.occurrence), 0.0)
    return known < rules.least_confidence and any(
        report.article_id in news and report.confidence >= rules.least_confidence for report in step.reports
    )


def _queued_before(
    connection: duckdb.DuckDBPyConnection, refreshed: Refreshed, channel: str
) -> dict[str, bool]:
    """Shifts joined anew whose last stage was queued already, under this id or a former one, and whether
    it waits for a digest that has not gone out yet."""
    rows = connection.execute(
        """
        SELECT
            coalesce(shift_aliases.shift_id, alerts.shift_id),
            stage,
            occurrence,
            bool_or(status = 'pending' AND digest_because IS NOT NULL)
        FROM alerts
        LEFT JOIN shift_aliases ON shift_aliases.alias = alerts.shift_id
        WHERE channel = ?
        GROUP BY ALL
        """,
        [channel],
    ).fetchall()
    queued = {(shift_id, stage, occurrence): waits for shift_id, stage, occurrence, waits in rows}
    return {
        story.shift_id: queued[key]
        for story in refreshed.stories
        if (key := (story.shift_id, story.stage, story.steps[-1].occurrence)) in queued
    }


def _status(connection: duckdb.DuckDBPyConnection, story: Story) -> tuple[str, str | None]:
    """Pending, unless the history has had this very change for long."""
    if not story.family or story.vague:
        return "pending", None
    actor, direction = story.reports[0].actor, story.reports[0].direction
    row: tuple[date] | None = connection.execute(
        """
        SELECT max(happened_on) FROM history
        WHERE actor = ? AND family = ? AND kind = ? AND direction = ? AND stage = ? AND happened_on <= ?
        """,
        [
            actor,
            story.family,
            story.kind,
            direction,
            story.stage,
            (story.steps[-1].since - KNOWN_BEFORE).date(),
        ],
    ).fetchone()
    if row is None or row[0] is None:
        return "pending", None
    return "suppressed", f"known since {row[0]:%Y-%m-%d} (history)"
