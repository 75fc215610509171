"""Who is told what, and when: pure decisions by the table `[alerts]` of ajar.toml.

What passes a channel's rules is told on its own, up to the budget of the day; everything else goes into
the channel's digest. Nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from extractors.records import Stage, Tier
from flows.alert_settings import AlertSettings, ChannelRules, lies_within
from warehouse.outbox import PlanTellings, ShiftNews, Telling

STAGE_WEIGHT: Mapping[Stage, float] = {
    "done": 1.0,
    "announced": 0.8,
    "denied": 0.8,
    "delayed": 0.6,
    "signalled": 0.4,
    "rumoured": 0.25,
}
"""How much a stage weighs in the severity."""

FIRMNESS: Mapping[Stage, int] = {
    "rumoured": 0,
    "signalled": 1,
    "announced": 2,
    "delayed": 2,
    "denied": 2,
    "done": 3,
}
"""The order of `least_stage`: who wants to hear of promises wants to hear when they are put off or broken."""

TIER_WEIGHT: Mapping[Tier, float] = {"official": 1.0, "press": 0.8, "policy": 0.8, "community": 0.5}

JUMP_KNOWN = 0.4
JUMP_PER_LEVEL = 0.15
JUMP_UNKNOWN = 0.5
"""Four levels or more, such as from an API to open weights and tooling, weigh 1."""


def plan_for(settings: AlertSettings) -> PlanTellings:
    """The decision the outbox asks for. The console has no digest: it is told everything at once."""

    def plan(
        news: Sequence[ShiftNews],
        *,
        channel: str,
        now: datetime,
        told_since: Callable[[datetime], int],
    ) -> Sequence[Telling]:
        if channel == "console":
            return [Telling(at=now, because=None)] * len(news)
        return plan_tellings(news, settings.of(channel), now=now, told_since=told_since)

    return plan


def plan_tellings(
    news: Sequence[ShiftNews],
    rules: ChannelRules,
    *,
    now: datetime,
    told_since: Callable[[datetime], int],
) -> list[Telling]:
    """One Telling for each, in the same order. The gravest get what is left of the budget of the day on which
    they would be told: what comes in quiet hours is told at their end."""
    at = end_of_quiet(rules, now)
    digest_at = next_digest(rules, now)
    left = rules.per_day - told_since(start_of_day(rules, at))
    tellings: dict[int, Telling] = {}
    gravest_first = sorted(range(len(news)), key=lambda index: (-severity(news[index]), news[index].shift_id))
    for index in gravest_first:
        because = why_not_now(news[index], rules)
        if because is None and left <= 0:
            because = f"the budget of {rules.per_day} a day is spent"
        if because is None:
            left -= 1
        tellings[index] = Telling(at=at if because is None else digest_at, because=because)
    return [tellings[index] for index in range(len(news))]


def why_not_now(news: ShiftNews, rules: ChannelRules) -> str | None:
    """The first condition it does not meet, in words; None when it is worth an interruption."""
    jump = _jump(news) or 0
    conditions: list[tuple[bool, str]] = [
        (
            rules.organisations is None or news.actor.casefold() in rules.organisations,
            f"{news.actor} is not among the organisations",
        ),
        (rules.kinds is None or news.kind in rules.kinds, f"kind {news.kind}"),
        (rules.directions is None or news.direction in rules.directions, f"direction {news.direction}"),
        (FIRMNESS[news.stage] >= FIRMNESS[rules.least_stage], f"stage {news.stage}"),
        (jump >= rules.least_jump, f"a jump of {jump} levels"),
        (rules.tiers is None or bool(rules.tiers & news.tiers), f"only {_listed(news.tiers)} sources"),
        (
            not rules.corroborated or news.outlets >= 2 or "official" in news.tiers,
            "one outlet and no official source",
        ),
        (
            rules.languages is None or bool(rules.languages & news.languages),
            f"only in {_listed(news.languages)}",
        ),
        (severity(news) >= rules.least_severity, f"severity {severity(news):.2f}"),
    ]
    return next((reason for met, reason in conditions if not met), None)


def severity(news: ShiftNews) -> float:
    """0 to 1: level jump × stage × tier of the best source."""
    jump = _jump(news)
    weight = JUMP_UNKNOWN if jump is None else min(1.0, JUMP_KNOWN + JUMP_PER_LEVEL * jump)
    best_tier = max((TIER_WEIGHT[tier] for tier in news.tiers), default=TIER_WEIGHT["community"])
    return weight * STAGE_WEIGHT[news.stage] * best_tier


def is_quiet(rules: ChannelRules, moment: datetime) -> bool:
    """Whether the moment lies within the quiet hours."""
    return rules.quiet_hours is not None and lies_within(
        rules.quiet_hours, moment.astimezone(rules.time_zone).time()
    )


def end_of_quiet(rules: ChannelRules, moment: datetime) -> datetime:
    """When the quiet hours that hold the moment end, in UTC; the moment itself outside of them."""
    if rules.quiet_hours is None or not is_quiet(rules, moment):
        return moment
    today = moment.astimezone(rules.time_zone).date()
    ends = [
        # Where clocks go back, a time of day comes twice: both folds.
        _at(today + timedelta(days=ahead), rules.quiet_hours[1].replace(fold=fold), rules.time_zone)
        for ahead in range(2)
        for fold in range(2)
    ]
    return min(end for end in ends if end > moment)


def next_digest(rules: ChannelRules, now: datetime) -> datetime:
    """When the next digest is due, strictly after now, in UTC."""
    today = now.astimezone(rules.time_zone).date()
    for ahead in range(9):
        day = today + timedelta(days=ahead)
        if rules.digest == "weekly" and day.weekday() != rules.digest_on:
            continue
        moment = _at(day, rules.digest_at, rules.time_zone)
        if moment > now:
            return moment
    raise AssertionError("every nine days hold each weekday, and a later one than today")


def start_of_day(rules: ChannelRules, now: datetime) -> datetime:
    """When the day of the budget began, in UTC."""
    return _at(now.astimezone(rules.time_zone).date(), time(0, 0), rules.time_zone)


def _at(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def _jump(news: ShiftNews) -> int | None:
    if news.level_from is None or news.level_to is None:
        return None
    return abs(news.level_to - news.level_from)


def _listed(words: frozenset[str]) -> str:
    return ", ".join(sorted(words)) or "no"
