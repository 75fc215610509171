"""What the report asks of the read copy, all by named queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from warehouse.queries import QueryResult, run_query, run_sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Everything the report tells."""

    as_of: date
    """Day of the newest pass: what happened later is not known. Today when there was none yet."""
    last_pass_at: datetime | None
    """When the newest pass began, UTC. None: only the cited history is known."""
    shifts: QueryResult
    stages: QueryResult
    reports: QueryResult
    lately: QueryResult
    change_points: QueryResult
    ledger: QueryResult
    promises: QueryResult
    sources: QueryResult
    grounds: QueryResult
    reading: QueryResult


def ask(connection: duckdb.DuckDBPyConnection, *, today: date) -> Answers:
    """Ask the standing questions as of the newest pass, or as of `today` when there was none."""
    last_pass_at: datetime | None = run_sql(connection, _LAST_PASS).rows[0][0]
    as_of = last_pass_at.date() if last_pass_at else today
    until = {"until": as_of.isoformat()}
    judged = {"as_of": as_of.isoformat()}
    return Answers(
        as_of=as_of,
        last_pass_at=last_pass_at,
        shifts=run_query(connection, "every_shift", until),
        stages=run_query(connection, "stages", until),
        reports=run_query(connection, "reports", until),
        lately=run_query(connection, "lately", until),
        change_points=run_query(connection, "change_points", until),
        ledger=run_query(connection, "ledger", judged),
        promises=run_query(connection, "promises", judged),
        sources=run_query(connection, "source_health"),
        grounds=run_query(connection, "grounds", until),
        reading=run_query(connection, "reading", until),
    )


def records(result: QueryResult) -> Iterator[dict[str, Any]]:
    """The rows of an answer, each by the names of its columns."""
    return (dict(zip(result.columns, row, strict=True)) for row in result.rows)


_LAST_PASS = "SELECT max(started_at) FROM runs WHERE kind = 'pass'"
