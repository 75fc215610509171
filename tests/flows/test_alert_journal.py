"""The journal of a batch on its way, as a killed sender leaves it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from flows.alert_journal import AlertJournal, Tried, key_of
from flows.channels.delivery import Delivered, Undelivered
from tests.flows.receivers import pending_alert

FIRST, SECOND = pending_alert(), pending_alert(shift_id="ffffffffffffffff")
THROTTLED = Undelivered(reason="Slack asks to wait", failure="transient", retry_after=timedelta(seconds=7))


@pytest.fixture
def journal(tmp_path: Path) -> AlertJournal:
    started = AlertJournal(tmp_path / "sending.jsonl")
    started.begin()
    return started


def test_no_journal_knows_nothing(tmp_path: Path) -> None:
    assert AlertJournal(tmp_path / "sending.jsonl").read() is None


def test_an_empty_journal_knows_that_nothing_was_tried(journal: AlertJournal) -> None:
    assert journal.read() == {}


def test_outcomes_are_read_as_they_were_noted(journal: AlertJournal) -> None:
    for alert, outcome in ((FIRST, Delivered()), (SECOND, THROTTLED)):
        journal.trying([alert])
        journal.ended([alert], outcome)
    assert journal.read() == {key_of(FIRST): Delivered(), key_of(SECOND): THROTTLED}


def test_an_attempt_without_an_end_is_known_as_such(journal: AlertJournal) -> None:
    journal.trying([FIRST])
    journal.ended([FIRST], Delivered())
    journal.trying([SECOND])
    assert journal.read() == {key_of(FIRST): Delivered(), key_of(SECOND): Tried()}


def test_a_line_cut_off_leaves_its_attempt_without_an_end(journal: AlertJournal, tmp_path: Path) -> None:
    journal.trying([FIRST])
    journal.ended([FIRST], Delivered())
    path = tmp_path / "sending.jsonl"
    path.write_bytes(path.read_bytes()[:-5])
    assert journal.read() == {key_of(FIRST): Tried()}


@pytest.mark.parametrize(
    "damage", [b"\x00\x00\n", b"[]\n", b'{"keys": 7}\n', b'{"keys": [["a"]], "failure": "x"}\n']
)
def test_a_damaged_journal_knows_nothing_rather_than_something_wrong(
    journal: AlertJournal, tmp_path: Path, damage: bytes
) -> None:
    journal.trying([FIRST])
    with (tmp_path / "sending.jsonl").open("ab") as file:
        file.write(damage)
    assert journal.read() is None


def test_a_finished_journal_is_gone(journal: AlertJournal) -> None:
    journal.finish()
    journal.finish()
    assert journal.read() is None
