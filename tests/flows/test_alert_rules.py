"""Who is told what, and when; and that nothing is lost by it."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import ConfigurationError
from flows.alert_rules import (
    end_of_quiet,
    is_quiet,
    next_digest,
    plan_for,
    plan_tellings,
    severity,
    start_of_day,
    why_not_now,
)
from flows.alert_settings import AlertSettings, ChannelRules
from flows.alert_table import read_alert_table
from warehouse.outbox import ShiftNews

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def news(**facts: Any) -> ShiftNews:
    """A release of weights, reported by the actor and one outlet."""
    told: dict[str, Any] = {
        "shift_id": "94f0f59c26fd5deb",
        "stage": "done",
        "occurrence": 1,
        "actor": "Corvane",
        "kind": "weights",
        "direction": "opening",
        "level_from": 3,
        "level_to": 6,
        "outlets": 2,
        "tiers": frozenset({"official", "press"}),
        "languages": frozenset({"en"}),
    }
    return ShiftNews(**{**told, **facts})


def test_without_rules_everything_is_worth_telling() -> None:
    assert (
        why_not_now(news(stage="rumoured", tiers=frozenset({"community"}), outlets=1), ChannelRules()) is None
    )


@pytest.mark.parametrize(
    ("rules", "facts", "because"),
    [
        ({"organisations": frozenset({"meta"})}, {}, "Corvane is not among the organisations"),
        ({"kinds": frozenset({"policy"})}, {}, "kind weights"),
        ({"directions": frozenset({"closing"})}, {}, "direction opening"),
        ({"least_stage": "announced"}, {"stage": "signalled"}, "stage signalled"),
        ({"least_stage": "done"}, {"stage": "delayed"}, "stage delayed"),
        ({"least_jump": 4}, {}, "a jump of 3 levels"),
        ({"least_jump": 1}, {"level_from": None}, "a jump of 0 levels"),
        ({"tiers": frozenset({"official"})}, {"tiers": frozenset({"press"})}, "only press sources"),
        (
            {"corroborated": True},
            {"outlets": 1, "tiers": frozenset({"press"})},
            "one outlet and no official source",
        ),
        ({"languages": frozenset({"ko"})}, {}, "only in en"),
        ({"least_severity": 0.9}, {"stage": "rumoured"}, "severity 0.21"),
    ],
)
def test_what_does_not_meet_a_rule_says_which(rules: Any, facts: Any, because: str) -> None:
    assert why_not_now(news(**facts), ChannelRules(**rules)) == because


@pytest.mark.parametrize(
    ("rules", "facts"),
    [
        ({"organisations": frozenset({"corvane"})}, {}),
        ({"least_stage": "announced"}, {"stage": "denied"}),
        ({"least_stage": "announced"}, {"stage": "delayed"}),
        ({"least_jump": 3}, {"level_from": 6, "level_to": 3}),
        ({"corroborated": True}, {"outlets": 1}),
        ({"corroborated": True}, {"tiers": frozenset({"press"})}),
        ({"languages": frozenset({"ko", "en"})}, {"languages": frozenset({"en", "fr"})}),
    ],
)
def test_what_meets_a_rule_is_told(rules: Any, facts: Any) -> None:
    assert why_not_now(news(**facts), ChannelRules(**rules)) is None


def test_a_greater_jump_a_firmer_stage_and_a_better_source_weigh_more() -> None:
    assert severity(news(level_to=8)) > severity(news()) > severity(news(level_to=4))
    assert severity(news()) > severity(news(stage="announced")) > severity(news(stage="rumoured"))
    assert (
        severity(news())
        > severity(news(tiers=frozenset({"press"})))
        > severity(news(tiers=frozenset({"community"})))
    )


def test_the_budget_goes_to_the_gravest() -> None:
    listed = [news(shift_id=str(n), level_to=4 + n) for n in range(4)]
    tellings = plan_tellings(listed, ChannelRules(per_day=2), now=NOW, told_since=lambda begin: 0)
    assert [telling.because is None for telling in tellings] == [False, False, True, True]
    assert tellings[0].because == "the budget of 2 a day is spent"


def test_what_was_told_today_counts_against_the_budget() -> None:
    asked: list[datetime] = []

    def told_since(begin: datetime) -> int:
        asked.append(begin)
        return 2

    (telling,) = plan_tellings(
        [news()], ChannelRules(per_day=2, time_zone=BERLIN), now=NOW, told_since=told_since
    )
    assert telling.because is not None
    assert asked == [datetime(2026, 3, 1, 23, 0, tzinfo=UTC)]


ANY_NEWS = st.builds(
    news,
    stage=st.sampled_from(["rumoured", "signalled", "announced", "done", "delayed", "denied"]),
    kind=st.sampled_from(["weights", "policy", "licence"]),
    direction=st.sampled_from(["opening", "closing", "mixed"]),
    level_from=st.none() | st.integers(0, 8),
    level_to=st.none() | st.integers(0, 8),
    outlets=st.integers(1, 5),
    tiers=st.frozensets(st.sampled_from(["official", "press", "policy", "community"]), min_size=1),
    actor=st.sampled_from(["Corvane", "Halvard", "Tingsong"]),
)
ANY_RULES = st.builds(
    ChannelRules,
    organisations=st.none() | st.just(frozenset({"corvane"})),
    kinds=st.none() | st.just(frozenset({"weights"})),
    least_stage=st.sampled_from(["rumoured", "announced", "done"]),
    least_jump=st.integers(0, 3),
    corroborated=st.booleans(),
    least_severity=st.floats(0, 1),
    per_day=st.integers(0, 4),
    time_zone=st.sampled_from([UTC, BERLIN, ZoneInfo("Asia/Seoul"), ZoneInfo("America/Los_Angeles")]),
    digest=st.sampled_from(["daily", "weekly"]),
    digest_at=st.times(),
    digest_on=st.integers(0, 6),
)


@given(
    st.lists(ANY_NEWS, max_size=12),
    ANY_RULES,
    # Hypothesis wants its bounds without a time zone.
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(0, 5),
)
def test_nothing_is_lost_and_the_budget_holds(
    listed: list[ShiftNews], rules: ChannelRules, now: datetime, told: int
) -> None:
    tellings = plan_tellings(listed, rules, now=now, told_since=lambda begin: told)
    assert len(tellings) == len(listed)
    at_once = [each for each in tellings if each.because is None]
    later = [each for each in tellings if each.because is not None]
    assert len(at_once) <= max(0, rules.per_day - told)
    assert all(each.at == now for each in at_once)
    longest = timedelta(days=7 if rules.digest == "weekly" else 1, hours=1)
    assert all(now < each.at <= now + longest for each in later)
    assert start_of_day(rules, now) <= now


def test_the_console_is_told_everything_at_once() -> None:
    plan = plan_for(AlertSettings(rules=ChannelRules(per_day=0)))
    (telling,) = plan([news()], channel="console", now=NOW, told_since=lambda begin: 99)
    assert (telling.at, telling.because) == (NOW, None)


@pytest.mark.parametrize(
    ("rules", "now", "expected"),
    [
        ({}, NOW, datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        ({}, NOW.replace(hour=7), datetime(2026, 3, 2, 8, 0, tzinfo=UTC)),
        ({}, NOW.replace(hour=8), datetime(2026, 3, 3, 8, 0, tzinfo=UTC)),
        ({"digest": "weekly"}, NOW, datetime(2026, 3, 9, 8, 0, tzinfo=UTC)),
        ({"digest": "weekly", "digest_on": 4}, NOW, datetime(2026, 3, 6, 8, 0, tzinfo=UTC)),
        # The clocks go forward on 29 March 2026: the same time of day is an hour earlier in UTC.
        (
            {"time_zone": BERLIN},
            datetime(2026, 3, 28, 12, 0, tzinfo=UTC),
            datetime(2026, 3, 29, 6, 0, tzinfo=UTC),
        ),
        # 02:30 does not exist that night; it is told an hour later rather than not at all.
        (
            {"time_zone": BERLIN, "digest_at": time(2, 30)},
            datetime(2026, 3, 29, 0, 0, tzinfo=UTC),
            datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        ),
    ],
)
def test_a_digest_comes_at_its_time_of_day(rules: Any, now: datetime, expected: datetime) -> None:
    assert next_digest(ChannelRules(**rules), now) == expected


@pytest.mark.parametrize(
    ("hours", "zone", "moment", "quiet"),
    [
        ((time(22), time(7)), UTC, NOW.replace(hour=23), True),
        ((time(22), time(7)), UTC, NOW.replace(hour=6), True),
        ((time(22), time(7)), UTC, NOW.replace(hour=7), False),
        ((time(22), time(7)), BERLIN, NOW.replace(hour=21), True),
        ((time(12), time(14)), UTC, NOW.replace(hour=13), True),
        ((time(12), time(14)), UTC, NOW.replace(hour=14), False),
        (None, UTC, NOW, False),
    ],
)
def test_quiet_hours_are_local_and_may_go_over_midnight(
    hours: Any, zone: Any, moment: datetime, quiet: bool
) -> None:
    assert is_quiet(ChannelRules(quiet_hours=hours, time_zone=zone), moment) is quiet


@pytest.mark.parametrize(
    ("hours", "zone", "moment", "end"),
    [
        ((time(22), time(7)), UTC, NOW.replace(hour=23), datetime(2026, 3, 3, 7, 0, tzinfo=UTC)),
        ((time(22), time(7)), UTC, NOW.replace(hour=6), NOW.replace(hour=7)),
        ((time(22), time(7)), BERLIN, NOW.replace(hour=21), datetime(2026, 3, 3, 6, 0, tzinfo=UTC)),
        ((time(22), time(7)), UTC, NOW, NOW),
        (None, UTC, NOW, NOW),
        # The clocks go back on 25 October 2026: 02:10 and 02:30 come twice.
        (
            (time(22), time(2, 30)),
            BERLIN,
            datetime(2026, 10, 25, 1, 10, tzinfo=UTC),
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        ),
    ],
)
def test_quiet_hours_end_at_the_next_such_time_of_day(
    hours: Any, zone: Any, moment: datetime, end: datetime
) -> None:
    assert end_of_quiet(ChannelRules(quiet_hours=hours, time_zone=zone), moment) == end


def test_what_comes_in_quiet_hours_counts_for_the_day_on_which_it_is_told() -> None:
    asked: list[datetime] = []

    def told_since(begin: datetime) -> int:
        asked.append(begin)
        return 0

    rules = ChannelRules(quiet_hours=(time(22), time(7)), time_zone=BERLIN)
    (telling,) = plan_tellings([news()], rules, now=NOW.replace(hour=21, minute=30), told_since=told_since)
    assert telling.at == datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
    assert asked == [datetime(2026, 3, 2, 23, 0, tzinfo=UTC)]


def test_a_table_is_read_and_a_channel_changes_what_it_names() -> None:
    settings = read_alert_table(
        {
            "organisations": ["Meta", "OpenAI"],
            "quiet_hours": "22:00-07:00",
            "time_zone": "Europe/Berlin",
            "per_day": 5,
            "silence_hours": 12,
            "slack": {"per_day": 50, "digest": "weekly", "digest_on": "friday", "digest_at": time(9, 30)},
        },
        "ajar.toml",
        ["email", "slack"],
    )
    assert settings.silence_hours == 12
    assert settings.of("email").per_day == 5
    assert settings.of("slack").per_day == 50
    assert settings.of("slack").organisations == frozenset({"meta", "openai"})
    assert (settings.of("slack").digest_on, settings.of("slack").digest_at) == (4, time(9, 30))
    assert settings.of("email").quiet_hours == (time(22), time(7))


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("all", "write a table [alerts]"),
        ({"kind": ["weights"]}, "ajar.toml: alerts: unknown key 'kind'; use one of corroborated, digest"),
        ({"kinds": ["wheights"]}, "ajar.toml: alerts.kinds holds 'wheights'; use some of weights, code"),
        ({"kinds": "weights"}, "alerts.kinds is 'weights'; use a list of texts"),
        ({"directions": []}, "alerts.directions is []; use a list of texts"),
        ({"least_stage": "finished"}, "alerts.least_stage is 'finished'; use one of rumoured, signalled"),
        ({"least_jump": 9}, "alerts.least_jump is 9; use a whole number from 0 to 8"),
        ({"least_jump": True}, "alerts.least_jump is True; use a whole number"),
        ({"least_severity": 2}, "alerts.least_severity is 2; use a number from 0 to 1"),
        ({"corroborated": "yes"}, "alerts.corroborated is 'yes'; use true or false"),
        ({"languages": ["english"]}, "holds 'english'; use ISO 639-1 codes such as en, ko, zh"),
        ({"quiet_hours": "10 pm"}, 'use two times of day, e.g. "22:00-07:00"'),
        ({"quiet_hours": "22:00-25:00"}, 'use a time of day, e.g. "08:00"'),
        ({"quiet_hours": "08:00-08:00"}, "is no time at all"),
        ({"time_zone": "Berlin"}, "alerts.time_zone is 'Berlin'; use a name such as \"Europe/Berlin\""),
        ({"digest": "hourly"}, "alerts.digest is 'hourly'; use one of daily, weekly"),
        ({"digest_on": "Mon"}, "use one of monday, tuesday"),
        ({"digest_at": 8}, 'use a time of day, e.g. "08:00"'),
        (
            {"quiet_hours": "22:00-09:00"},
            "digest_at 08:00 lies in the quiet hours 22:00-09:00; use e.g. 09:00",
        ),
        ({"slak": {}}, "[alerts.slak]: no such channel; use one of email, slack"),
        ({"slack": {"silence_hours": 3}}, "alerts.slack: unknown key 'silence_hours'"),
    ],
)
def test_a_mistake_in_the_table_is_named_with_what_would_be_right(table: Any, complaint: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_alert_table(table, "ajar.toml", ["email", "slack"])
    assert complaint in str(caught.value)


def test_the_table_in_the_documentation_is_read() -> None:
    document = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")
    table = tomllib.loads(document.split("```toml\n", 1)[1].split("```", 1)[0])["alerts"]
    settings = read_alert_table(table, "ajar.toml", ["email", "slack"])
    assert settings.of("email").per_day == 0
    named = {*table, "digest_on"} - {"email"}
    known = {each.name for each in [*fields(ChannelRules), *fields(AlertSettings)]} - {"rules", "channels"}
    assert named == known
