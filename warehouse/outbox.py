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

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from warehouse.shifts import Refreshed
from warehouse.stories import Story

KNOWN_BEFORE = timedelta(days=45)
"""A report of what the history has at least so long ago is a retelling."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRules:
    """Which changes of stage become alerts."""

    channels: Sequence[str] = ("console",)
    """Empty: none are queued."""
    news_window: timedelta = timedelta(days=7)
    first_import_window: timedelta = timedelta(days=1)
    least_confidence: float = 0.5


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
    news = _news(connection, rules, started_at)
    told = [story for story in refreshed.stories if _is_told(story, refreshed, news, rules)]
    rows = [
        [
            story.shift_id,
            story.stage,
            story.steps[-1].occurrence,
            channel,
            *_status(connection, story),
            now,
            run_id,
        ]
        for story in told
        for channel in rules.channels
        if not _queued_before(connection, story, channel)
    ]
    if rows:
        connection.executemany(
            """
            INSERT INTO alerts
                (shift_id, stage, occurrence, channel, status, error, queued_at, next_attempt_at, run_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $5 = 'pending' THEN $7 END, $8)
            """,
            rows,
        )
    return sum(row[4] == "pending" for row in rows)


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


def _queued_before(connection: duckdb.DuckDBPyConnection, story: Story, channel: str) -> bool:
    """Whether this stage was queued already, under this id of the shift or a former one."""
    return (
        connection.execute(
            """
            SELECT 1 FROM alerts
            WHERE stage = $2 AND occurrence = $3 AND channel = $4
                AND shift_id IN (SELECT $1 UNION ALL SELECT alias FROM shift_aliases WHERE shift_id = $1)
            LIMIT 1
            """,
            [story.shift_id, story.stage, story.steps[-1].occurrence, channel],
        ).fetchone()
        is not None
    )


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
