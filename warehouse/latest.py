"""What was read lately, for those who look at a single pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestShift:
    """A stage of a shift and the best report of it."""

    shift_id: str
    direction: str
    stage: str
    what: str
    """Headline of the best report."""
    evidence: str
    """Its sentence, verbatim."""
    url: str


def shifts_read_since(connection: duckdb.DuckDBPyConnection, since: datetime) -> list[LatestShift]:
    """The shifts with a stage whose best report was first read at or after `since`, newest first.

    Each comes with the latest such stage.
    """
    rows = connection.execute(
        """
        SELECT shift_stages.shift_id, direction, shift_stages.stage, shift_stages.headline,
            shift_stages.evidence, shift_stages.url
        FROM shift_stages
        JOIN shifts USING (shift_id)
        WHERE shift_stages.article_id IN (SELECT article_id FROM article_facts WHERE first_seen_at >= ?)
        QUALIFY row_number() OVER (PARTITION BY shift_stages.shift_id ORDER BY step DESC) = 1
        ORDER BY since DESC, shift_stages.shift_id
        """,
        [since],
    ).fetchall()
    return [
        LatestShift(shift_id=row[0], direction=row[1], stage=row[2], what=row[3], evidence=row[4], url=row[5])
        for row in rows
    ]
