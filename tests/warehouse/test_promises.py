"""The view of promises: kept, late, lapsed, open, kept with another licence."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from extractors.records import Stage
from tests.warehouse.newsroom import DAY, NOW, Newsroom, mention, report

DUE = date(2026, 3, 31)


def promise(newsroom: Newsroom, *told: tuple[int, Stage, dict[str, Any]], as_of: datetime) -> tuple[Any, ...]:
    """The row of one promise told in these stages, as it stands at a time."""
    newsroom.run(
        *(
            report(
                f"day-{day}", mention(stage=stage, **fields), published=NOW + day * DAY, seen=NOW + 300 * DAY
            )
            for day, stage, fields in told
        ),
        now=NOW + 300 * DAY,
    )
    with newsroom.open() as warehouse:
        warehouse.connection.execute("SET VARIABLE as_of = ?", [as_of.isoformat()])
        (row,) = warehouse.connection.execute(
            "SELECT status, days_late, delays, licence_promised, licence_delivered FROM promises"
        ).fetchall()
        return tuple(row)


ANNOUNCED: tuple[int, Stage, dict[str, Any]] = (0, "announced", {"due": DUE, "licence": "MIT"})


@pytest.mark.parametrize(
    ("kept_on", "status", "late"), [(29, "kept", 0), (30, "kept", 1), (31, "late", 2), (90, "late", 61)]
)
def test_a_kept_promise_is_judged_by_its_day(
    newsroom: Newsroom, kept_on: int, status: str, late: int
) -> None:
    row = promise(newsroom, ANNOUNCED, (kept_on, "done", {}), as_of=NOW + 200 * DAY)
    assert row[:2] == (status, late)


@pytest.mark.parametrize(("day", "status"), [(10, "open"), (30, "open"), (40, "late"), (121, "lapsed")])
def test_a_promise_that_is_not_kept_runs_late_and_then_lapses(
    newsroom: Newsroom, day: int, status: str
) -> None:
    assert promise(newsroom, ANNOUNCED, as_of=NOW + timedelta(days=day))[0] == status


def test_a_promise_without_a_date_stays_open(newsroom: Newsroom) -> None:
    row = promise(newsroom, (0, "announced", {}), as_of=NOW + 1000 * DAY)
    assert row[:2] == ("open", None)


def test_a_promise_taken_back_has_lapsed(newsroom: Newsroom) -> None:
    assert promise(newsroom, ANNOUNCED, (5, "denied", {}), as_of=NOW + 6 * DAY)[0] == "lapsed"


def test_another_licence_than_the_one_promised_is_told(newsroom: Newsroom) -> None:
    row = promise(newsroom, ANNOUNCED, (5, "done", {"licence": "Lumen License"}), as_of=NOW + 6 * DAY)
    assert (row[0], row[3], row[4]) == ("kept_with_other_licence", "MIT", "Lumen License")


def test_delays_are_counted(newsroom: Newsroom) -> None:
    later = {"due": date(2026, 5, 1)}
    row = promise(newsroom, ANNOUNCED, (20, "delayed", later), (50, "delayed", {}), as_of=NOW + 55 * DAY)
    assert (row[0], row[2]) == ("late", 2)


def test_what_was_never_promised_is_no_promise(newsroom: Newsroom) -> None:
    newsroom.run(report("sudden", mention(stage="done")))
    assert newsroom.rows("SELECT count(*) FROM promises") == [(0,)]
