"""The silence alarm: what is wrong is told once, to each channel, until it is over."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Literal

import pytest

from flows.alarms import Alarm, find_alarms, tell_alarms
from flows.alert_settings import AlertSettings, ChannelRules
from flows.channels.delivery import Delivered, Outcome, Undelivered
from flows.messages import Message, Notice
from tests.warehouse.newsroom import DAY, NOW, Newsroom, mention, report
from warehouse.alerts import claim_pending, mark_failed
from warehouse.silence import SourceSupply, Supply, UndeliveredAlerts, read_supply

HOUR = timedelta(hours=1)
SETTINGS = AlertSettings()


class Recorder:
    """A channel that accepts, or not, and remembers."""

    name = "slack"

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.notices: list[Notice] = []

    def deliver(self, message: Message) -> Outcome:
        assert isinstance(message, Notice)
        self.notices.append(message)
        return self.outcomes.pop(0) if self.outcomes else Delivered()

    def close(self) -> None:
        """Nothing is open."""


def supply(**facts: object) -> Supply:
    """All is well: a pass and an article an hour ago."""
    well: dict[str, object] = {"last_pass_at": NOW - HOUR, "newest_article_at": NOW - HOUR, "sources": ()}
    return Supply(**{**well, **facts})  # type: ignore[arg-type]


def source(**facts: object) -> SourceSupply:
    well: dict[str, object] = {
        "source": "halden-post",
        "publisher": "Halden Post",
        "well_at": NOW - HOUR,
        "failing": False,
        "last_reason": None,
        "newest_article_at": NOW - HOUR,
        "longest_pause": None,
    }
    return SourceSupply(**{**well, **facts})  # type: ignore[arg-type]


def undelivered(
    status: Literal["dead", "unconfirmed"], alerts: int, last_tried_at: datetime
) -> UndeliveredAlerts:
    return UndeliveredAlerts(
        channel="slack",
        status=status,
        alerts=alerts,
        last_tried_at=last_tried_at,
        last_error="Slack refuses this message",
    )


@pytest.mark.parametrize(
    ("state", "passes", "texts"),
    [
        (supply(sources=(source(),)), True, []),
        (supply(last_pass_at=None, newest_article_at=None), False, []),
        (
            supply(last_pass_at=None, newest_article_at=None),
            True,
            ["No pass was made yet: is the scheduler running?"],
        ),
        (supply(last_pass_at=NOW - 7 * HOUR), False, []),
        (
            supply(last_pass_at=NOW - 7 * HOUR),
            True,
            ["No pass since 2026-03-02 02:00 UTC: is the scheduler running?"],
        ),
        (
            supply(newest_article_at=NOW - DAY),
            False,
            ["No new article from any source since 2026-03-01 09:00 UTC."],
        ),
        (
            supply(sources=(source(failing=True, well_at=NOW - 3 * DAY, last_reason="HTTP 503"),)),
            False,
            ["Halden Post (halden-post) cannot be read since 2026-02-27 09:00 UTC: HTTP 503"],
        ),
        (supply(sources=(source(failing=True, well_at=NOW - 2 * DAY),)), False, []),
        (
            supply(sources=(source(newest_article_at=NOW - 60 * DAY),)),
            False,
            [
                "Halden Post (halden-post) answers and has brought nothing new since 2026-01-01 09:00 UTC: "
                "has it moved?"
            ],
        ),
        (supply(sources=(source(newest_article_at=None),)), False, []),
        (supply(sources=(source(newest_article_at=NOW - 5 * DAY, longest_pause=2 * DAY),)), False, []),
        (
            supply(sources=(source(newest_article_at=NOW - 6 * DAY, longest_pause=2 * DAY),)),
            False,
            [
                "Halden Post (halden-post) answers and has brought nothing new since 2026-02-24 09:00 UTC, "
                "after no pause longer than 2 days: has it moved?"
            ],
        ),
        # However busy it was, a weekend is no silence; however quiet, two months are.
        (supply(sources=(source(newest_article_at=NOW - 2 * DAY, longest_pause=HOUR),)), False, []),
        (
            supply(sources=(source(newest_article_at=NOW - 3 * DAY, longest_pause=HOUR),)),
            False,
            [
                "Halden Post (halden-post) answers and has brought nothing new since 2026-02-27 09:00 UTC, "
                "after no pause longer than a day: has it moved?"
            ],
        ),
        (
            supply(sources=(source(newest_article_at=NOW - 60 * DAY, longest_pause=40 * DAY),)),
            False,
            [
                "Halden Post (halden-post) answers and has brought nothing new since 2026-01-01 09:00 UTC, "
                "after no pause longer than 40 days: has it moved?"
            ],
        ),
        (
            supply(undelivered=(undelivered("dead", 1, NOW - HOUR), undelivered("unconfirmed", 2, NOW))),
            False,
            [
                "slack: 1 alert given up, lately because Slack refuses this message. "
                "`ajar alerts list` names them.",
                "slack: 2 alerts sent twice and never answered; look whether it is all there. "
                "`ajar alerts list` names them.",
            ],
        ),
        (supply(undelivered=(undelivered("dead", 1, NOW - DAY),)), False, []),
    ],
)
def test_what_is_wrong_is_found(state: Supply, passes: bool, texts: list[str]) -> None:
    assert [alarm.text for alarm in find_alarms(state, SETTINGS, now=NOW, passes=passes)] == texts


def test_every_alarm_can_be_switched_off() -> None:
    off = AlertSettings(silence_hours=0, source_down_days=0, source_stale_days=0, missed_passes_hours=0)
    worst = supply(
        last_pass_at=None,
        newest_article_at=NOW - 99 * DAY,
        sources=(source(failing=True, well_at=NOW - 99 * DAY), source(newest_article_at=NOW - 999 * DAY)),
    )
    assert find_alarms(worst, off, now=NOW, passes=True) == []


def tell(
    keys: str, channel: Recorder, state: Path, now: datetime = NOW, settings: AlertSettings = SETTINGS
) -> list[str]:
    """Tell the alarms named by single letters."""
    alarms = [Alarm(key, f"{key} is silent") for key in keys]
    return tell_alarms(alarms, [channel], state, rules=settings, now=now)


def test_an_alarm_is_told_once_until_it_is_over(tmp_path: Path) -> None:
    channel, state = Recorder(), tmp_path / "alarms.json"
    for keys in ("a", "a", "ab", "b", "", "ab"):
        assert tell(keys, channel, state) == []
    assert [notice.lines for notice in channel.notices] == [
        ("a is silent",),
        ("b is silent",),
        ("a is silent", "b is silent"),
    ]
    assert channel.notices[2].title == "Ajar: 2 things need a look"


def test_a_notice_that_was_not_accepted_is_sent_again(tmp_path: Path) -> None:
    channel = Recorder(Undelivered(reason="Slack is not well", failure="transient"))
    assert tell("a", channel, tmp_path / "alarms.json") == [
        "slack: Slack is not well; the notice will be sent again"
    ]
    assert tell("a", channel, tmp_path / "alarms.json") == []
    assert len(channel.notices) == 2


def test_quiet_hours_hold_for_alarms_too(tmp_path: Path) -> None:
    settings = AlertSettings(rules=ChannelRules(quiet_hours=(time(8), time(10))))
    channel, state = Recorder(), tmp_path / "alarms.json"
    tell("a", channel, state, settings=settings)
    assert channel.notices == []
    tell("a", channel, state, now=NOW + HOUR, settings=settings)
    assert len(channel.notices) == 1


def test_a_damaged_memory_tells_once_too_often_rather_than_never(tmp_path: Path) -> None:
    channel, state = Recorder(), tmp_path / "alarms.json"
    for damage in ("", "[]", '{"slack": 7}', "\x00"):
        state.write_text(damage)
        tell("a", channel, state)
    assert len(channel.notices) == 4


def test_many_alarms_make_one_notice_that_fits(tmp_path: Path) -> None:
    channel = Recorder()
    tell("abcdefghijklmnopqrstuvwxyzABCDEFGHIJ", channel, tmp_path / "alarms.json")
    (notice,) = channel.notices
    assert notice.lines[-1] == "and 6 more: `ajar query source_health`"


def test_the_warehouse_knows_its_supply(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    newsroom.run(report("lumen", mention()), now=NOW)
    newsroom.run(now=NOW + DAY)
    with newsroom.open() as opened:
        known = read_supply(opened.connection)
    assert (known.last_pass_at, known.newest_article_at) == (NOW + DAY, NOW)
    by_id = {each.source: each for each in known.sources}
    assert by_id["halden-post"] == source(well_at=NOW + DAY, newest_article_at=NOW - HOUR)
    assert by_id["wire-nine"].newest_article_at is None
    assert known.undelivered == ()


def test_a_feed_that_was_dead_when_first_read_is_as_old_as_its_newest_article(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    newsroom.run(
        report("old", published=NOW - 400 * DAY), report("undated", published=None, source="wire-nine")
    )
    with newsroom.open() as opened:
        known = {each.source: each for each in read_supply(opened.connection).sources}
    assert known["halden-post"].newest_article_at == NOW - 400 * DAY
    assert known["wire-nine"].newest_article_at == NOW


def test_a_source_has_a_rhythm_after_a_month_of_ten_days_with_articles(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    days = [*range(0, 32, 4), *range(33, 37)]
    newsroom.run(
        *(report(f"day-{day}", published=NOW - day * DAY) for day in days),
        *(report(f"at-once-{n}", published=None, source="wire-nine") for n in range(20)),
        *(report(f"few-{n}", published=NOW - n * 15 * DAY, source="tinkerers") for n in range(4)),
    )
    with newsroom.open() as opened:
        known = {each.source: each.longest_pause for each in read_supply(opened.connection).sources}
    assert known["halden-post"] == 5 * DAY
    assert known["wire-nine"] is None and known["tinkerers"] is None


def test_the_warehouse_knows_what_did_not_arrive(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    newsroom.run(now=NOW - DAY)
    newsroom.run(report("lumen", mention()), report("zephyr", mention(artefact="Zephyr")))
    with newsroom.open() as opened:
        first, second = claim_pending(opened.connection, now=NOW)
        mark_failed(opened.connection, first, now=NOW, error="no", failure="permanent")
        mark_failed(opened.connection, second, now=NOW, error="no", failure="transient")
        known = read_supply(opened.connection).undelivered
    assert known == (
        UndeliveredAlerts(channel="console", status="dead", alerts=1, last_tried_at=NOW, last_error="no"),
    )
