"""Claiming, sending and marking alerts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pytest

from tests.warehouse.newsroom import DAY, HOUR, NOW, Newsroom, mention, report
from warehouse.alerts import (
    ATTEMPTS_IN_A_ROW,
    AlertSource,
    claim_pending,
    count_alerts,
    list_alerts,
    mark_failed,
    mark_sent,
    retry_alerts,
)

STATUS = "SELECT status, attempts, unknown_outcomes, next_attempt_at, sent_at, error FROM alerts"


@pytest.fixture
def connection(newsroom: Newsroom) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with one pending alert."""
    promise = mention(stage="announced", due=date(2026, 3, 9), licence="MIT", level=6, evidence="In a week.")
    newsroom.run(
        report("promise", promise, source="wire-nine"),
        report("own-words", promise, source="corvane-blog", published=NOW),
    )
    with newsroom.open() as warehouse:
        yield warehouse.connection


def status(connection: duckdb.DuckDBPyConnection) -> tuple[object, ...]:
    """The one alert as it stands."""
    (row,) = connection.execute(STATUS).fetchall()
    return tuple(row)


def test_a_claimed_alert_carries_all_a_message_needs(connection: duckdb.DuckDBPyConnection) -> None:
    (alert,) = claim_pending(connection, now=NOW)
    assert (alert.actor, alert.artefact, alert.kind, alert.direction) == (
        "Corvane",
        "Lumen 2",
        "weights",
        "opening",
    )
    assert (alert.stage, alert.previous_stage, alert.due) == ("announced", None, date(2026, 3, 9))
    assert (alert.licence_to, alert.level_to, alert.official, alert.outlets) == ("MIT", 6, True, 2)
    assert (alert.headline, alert.evidence, alert.rule) == ("Own words", "In a week.", "weights.published")
    assert (alert.channel, alert.attempts, alert.repeat) == ("console", 1, False)
    assert alert.sources == (
        AlertSource(
            source="corvane-blog",
            publisher="Corvane",
            tier="official",
            url="https://corvane-blog.example/own-words",
            title="Own words",
        ),
        AlertSource(
            source="wire-nine",
            publisher="Wire Nine",
            tier="press",
            url="https://wire-nine.example/promise",
            title="Promise",
        ),
    )


def test_a_sent_alert_is_not_claimed_again(connection: duckdb.DuckDBPyConnection) -> None:
    (alert,) = claim_pending(connection, now=NOW)
    mark_sent(connection, alert, now=NOW + timedelta(seconds=2))
    assert status(connection) == ("sent", 1, 0, None, NOW + timedelta(seconds=2), None)
    assert claim_pending(connection, now=NOW + DAY) == []


def test_a_passing_failure_is_tried_again_after_a_growing_wait(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    (alert,) = claim_pending(connection, now=NOW)
    mark_failed(connection, alert, now=NOW, error="HTTP 503", failure="transient")
    assert status(connection) == ("failed", 1, 0, NOW + timedelta(minutes=1), None, "HTTP 503")
    assert claim_pending(connection, now=NOW + timedelta(seconds=59)) == []
    (alert,) = claim_pending(connection, now=NOW + timedelta(minutes=1))
    assert (alert.attempts, alert.repeat) == (2, False)
    mark_failed(connection, alert, now=NOW, error="HTTP 503", failure="transient")
    assert status(connection)[3] == NOW + timedelta(minutes=2)


def test_the_wait_a_channel_asks_for_is_kept(connection: duckdb.DuckDBPyConnection) -> None:
    (alert,) = claim_pending(connection, now=NOW)
    mark_failed(
        connection, alert, now=NOW, error="HTTP 429", failure="transient", retry_after=timedelta(seconds=7)
    )
    assert status(connection)[3] == NOW + timedelta(seconds=7)


def test_a_lasting_failure_is_a_dead_letter_with_its_reason(connection: duckdb.DuckDBPyConnection) -> None:
    (alert,) = claim_pending(connection, now=NOW)
    mark_failed(connection, alert, now=NOW, error="SMTP 550: no such mailbox", failure="permanent")
    assert status(connection) == ("dead", 1, 0, None, None, "SMTP 550: no such mailbox")


def test_an_alert_that_always_fails_is_given_up(connection: duckdb.DuckDBPyConnection) -> None:
    for attempt in range(ATTEMPTS_IN_A_ROW):
        (alert,) = claim_pending(connection, now=NOW + attempt * DAY)
        mark_failed(connection, alert, now=NOW + attempt * DAY, error="HTTP 503", failure="transient")
    assert status(connection)[:2] == ("dead", ATTEMPTS_IN_A_ROW)


def test_a_sender_that_died_is_followed_by_one_labelled_repeat(connection: duckdb.DuckDBPyConnection) -> None:
    claim_pending(connection, now=NOW)
    (again,) = claim_pending(connection, now=NOW + HOUR)
    assert again.repeat
    assert claim_pending(connection, now=NOW + 2 * HOUR) == []
    assert status(connection)[:3] == ("unconfirmed", 2, 2)


def test_an_unknown_outcome_is_followed_by_one_labelled_repeat(connection: duckdb.DuckDBPyConnection) -> None:
    (alert,) = claim_pending(connection, now=NOW)
    mark_failed(connection, alert, now=NOW, error="connection reset", failure="unknown")
    (again,) = claim_pending(connection, now=NOW + HOUR)
    assert again.repeat
    after = mark_failed(connection, again, now=NOW + HOUR, error="connection reset", failure="unknown")
    assert after == "unconfirmed"
    assert status(connection) == ("unconfirmed", 2, 2, None, None, "connection reset")
    assert claim_pending(connection, now=NOW + DAY) == []


def test_dead_alerts_can_be_given_another_chance(connection: duckdb.DuckDBPyConnection) -> None:
    (alert,) = claim_pending(connection, now=NOW)
    mark_failed(connection, alert, now=NOW, error="SMTP 550", failure="permanent")
    assert retry_alerts(connection, now=NOW + DAY) == 1
    assert [again.attempts for again in claim_pending(connection, now=NOW + DAY)] == [2]


def test_another_chance_is_a_whole_row_of_attempts(connection: duckdb.DuckDBPyConnection) -> None:
    for attempt in range(ATTEMPTS_IN_A_ROW):
        (alert,) = claim_pending(connection, now=NOW + attempt * DAY)
        mark_failed(connection, alert, now=NOW + attempt * DAY, error="HTTP 503", failure="transient")
    later = NOW + 30 * DAY
    retry_alerts(connection, now=later)
    (alert,) = claim_pending(connection, now=later)
    assert mark_failed(connection, alert, now=later, error="HTTP 503", failure="transient") == "failed"
    assert status(connection)[3] == later + timedelta(minutes=1)


def test_what_was_sent_twice_is_sent_again_only_when_asked(connection: duckdb.DuckDBPyConnection) -> None:
    for hour in range(2):
        (alert,) = claim_pending(connection, now=NOW + hour * HOUR)
        mark_failed(connection, alert, now=NOW + hour * HOUR, error="reset", failure="unknown")
    later = NOW + DAY
    assert retry_alerts(connection, now=later) == 0
    assert retry_alerts(connection, now=later, unconfirmed=True) == 1
    (again,) = claim_pending(connection, now=later)
    assert again.repeat


def test_a_list_is_as_long_as_asked_for(newsroom: Newsroom) -> None:
    newsroom.run(*(report(f"story-{number}", mention(artefact=f"Ember {number}")) for number in range(3)))
    with newsroom.open() as warehouse:
        assert len(list_alerts(warehouse.connection).rows) == 3
        assert len(list_alerts(warehouse.connection, limit=2).rows) == 2
        assert list_alerts(warehouse.connection, statuses=["dead"]).rows == []
        assert count_alerts(warehouse.connection) == {"pending": 3}


def test_only_the_channels_asked_for_are_claimed(connection: duckdb.DuckDBPyConnection) -> None:
    assert claim_pending(connection, now=NOW, channels=["slack"]) == []
    assert len(claim_pending(connection, now=NOW, channels=["slack", "console"])) == 1


def test_no_more_than_the_limit_is_claimed(newsroom: Newsroom) -> None:
    newsroom.run(*(report(f"story-{number}", mention(artefact=f"Ember {number}")) for number in range(5)))
    with newsroom.open() as warehouse:
        first = claim_pending(warehouse.connection, now=NOW, limit=3)
        for alert in first:
            mark_sent(warehouse.connection, alert, now=NOW)
        rest = claim_pending(warehouse.connection, now=NOW, limit=3)
    assert (len(first), len(rest)) == (3, 2)


def test_an_alert_whose_report_was_withdrawn_is_not_sent(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", mention()))
    newsroom.run(report("lumen", text="Withdrawn."), now=NOW + HOUR)
    with newsroom.open() as warehouse:
        assert claim_pending(warehouse.connection, now=NOW + HOUR) == []
        assert status(warehouse.connection)[0] == "suppressed"


def test_an_alert_of_a_renamed_shift_is_sent_with_what_is_known_today(newsroom: Newsroom) -> None:
    newsroom.run(report("first", mention()), report("second", mention(), source="wire-nine"))
    first = newsroom.rows("SELECT article_id FROM mentions ORDER BY article_id LIMIT 1")[0][0]
    name = newsroom.rows(f"SELECT url FROM articles WHERE article_id = '{first}'")[0][0].rsplit("/", 1)[1]
    source = "halden-post" if name == "first" else "wire-nine"
    newsroom.run(report(name, text="Withdrawn.", source=source), now=NOW + HOUR)
    assert newsroom.rows("SELECT count(*) FROM shift_aliases") == [(1,)]
    with newsroom.open() as warehouse:
        (alert,) = claim_pending(warehouse.connection, now=NOW + HOUR)
        assert alert.articles == 1
        mark_sent(warehouse.connection, alert, now=NOW + HOUR)
        assert status(warehouse.connection)[0] == "sent"
