"""When an address is asked again: intervals, what servers and documents ask for, pauses (FETCHING B)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import pytest

from extractors.records import FetchFailure, Request
from extractors.schedule import plan_polls
from tests.extractors.simulated_days import (
    DAY,
    FEED,
    HOUR,
    MINUTE,
    START,
    Answer,
    Days,
    conditional,
    rss,
    said,
    says,
    script,
    source,
    unreachable,
)

NEWS = rss("one", "two")


def busy(request: Request, now: datetime) -> Answer:
    """A publisher that has only new entries at every visit."""
    return said(request, now, rss(*(f"{now:%d%H%M}-{number}" for number in range(5))))


# 13, 14 -- the default


def test_an_address_is_asked_hourly_unless_its_source_says_otherwise() -> None:
    days = Days([source()], busy).go(DAY)
    starts = [visit.at for visit in days.visits]
    assert min(later - earlier for earlier, later in pairwise(starts)) >= HOUR
    assert 17 <= len(starts) <= 24


@pytest.mark.parametrize("every", [15 * MINUTE, 6 * HOUR])
def test_a_source_sets_the_least_interval(every: timedelta) -> None:
    days = Days([source(every=every)], busy).go(2 * DAY, step=5 * MINUTE)
    assert min(days.waits()) >= every


def test_sources_asked_together_drift_apart() -> None:
    sources = [source(f"https://paper{n}.example/feed", id=f"p{n}") for n in range(100)]
    days = Days(sources, conditional(NEWS)).go(2 * DAY, step=5 * MINUTE)
    slots = Counter(visit.at.minute // 5 for visit in days.visits if visit.at >= START + DAY)
    assert max(slots.values()) < 2 * sum(slots.values()) / 12


def test_the_same_moment_gives_the_same_plan() -> None:
    one, two = Days([source()], busy).go(DAY), Days([source()], busy).go(DAY)
    assert [visit.state for visit in one.visits] == [visit.state for visit in two.visits]


def test_a_restart_asks_nothing_that_is_not_due() -> None:
    days = Days([source()], conditional(NEWS))
    days.pass_once()
    days.now += 10 * MINUTE
    assert days.pass_once() == []


def test_a_due_date_from_a_wrong_clock_does_not_silence_an_address() -> None:
    days = Days([source()], conditional(NEWS), now=START + 400 * DAY)
    days.pass_once()
    days.now = START
    assert len(days.pass_once()) == 1


def test_force_asks_everything() -> None:
    days = Days([source()], says(status=429, retry_after="3600"))
    days.pass_once()
    assert days.pass_once() == []
    assert len(days.pass_once(force=True)) == 1


# 15 -- headers


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"cache_control": "max-age=10800"}, 3 * HOUR),
        ({"cache_control": "public, max-age=10800", "age": "3600"}, 2 * HOUR),
        ({"cache_control": 'max-age="10800"'}, 3 * HOUR),
        ({"expires": format_datetime(START + 4 * HOUR, usegmt=True)}, 4 * HOUR),
        ({"cache_control": "max-age=31536000"}, DAY),
        ({"cache_control": "max-age=60"}, HOUR),
        ({"cache_control": "max-age=-5"}, HOUR),
        ({"cache_control": "max-age=soon"}, HOUR),
        ({"cache_control": "no-cache, max-age=10800"}, HOUR),
        ({"expires": "never"}, HOUR),
        ({"expires": format_datetime(START - DAY, usegmt=True)}, HOUR),
    ],
)
def test_freshness_is_waited_for_within_bounds(headers: dict[str, Any], expected: timedelta) -> None:
    days = Days([source()], lambda request, now: said(request, now, NEWS, **headers))
    (visit,) = days.pass_once()
    wait = visit.state.next_due_at - visit.at
    assert expected <= wait <= max(expected * 1.15, DAY if expected == DAY else expected)


def test_expires_counts_from_the_servers_own_clock() -> None:
    wrong = START - 30 * DAY
    headers: dict[str, Any] = {
        "date": format_datetime(wrong, usegmt=True),
        "expires": format_datetime(wrong + 5 * HOUR, usegmt=True),
    }
    (visit,) = Days([source()], lambda request, now: said(request, now, NEWS, **headers)).pass_once()
    assert 5 * HOUR <= visit.state.next_due_at - START <= 6 * HOUR


# 16 -- what the document asks for


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("<ttl>240</ttl>", 4 * HOUR),
        ("<ttl>525600</ttl>", DAY),
        ("<ttl>5</ttl>", HOUR),
        ("<ttl>-5</ttl>", HOUR),
        ("<ttl>often</ttl>", HOUR),
        ("<ttl></ttl>", HOUR),
    ],
)
def test_a_ttl_is_waited_for_within_bounds(channel: str, expected: timedelta) -> None:
    (visit,) = Days([source()], says(rss("one", channel=channel))).pass_once()
    assert expected <= visit.state.next_due_at - START <= max(expected * 1.15, expected)


def test_a_ttl_holds_for_304s_too() -> None:
    days = Days([source()], conditional(rss("one", channel="<ttl>240</ttl>"))).go(DAY)
    assert min(days.waits()) >= 4 * HOUR


def test_hours_a_document_excludes_are_left_out() -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(12, 24))
    body = rss("one", channel=f"<skipHours>{hours}</skipHours>")
    days = Days([source()], says(body)).go(3 * DAY)
    assert {visit.at.hour for visit in days.visits[1:]} <= set(range(12))
    assert len(days.visits) > 6


def test_days_a_document_excludes_are_left_out() -> None:
    body = rss("one", channel="<skipDays><day>Saturday</day><day>Sunday</day></skipDays>")
    days = Days([source()], says(body)).go(9 * DAY)
    assert {f"{visit.at:%A}" for visit in days.visits[1:]}.isdisjoint({"Saturday", "Sunday"})
    assert days.visits[-1].at > START + 8 * DAY


def test_a_pass_that_comes_late_keeps_out_of_excluded_hours() -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(12, 24))
    days = Days([source()], says(rss("one", channel=f"<skipHours>{hours}</skipHours>")))
    days.go(3 * DAY, step=170 * MINUTE)
    assert {visit.at.hour for visit in days.visits[1:]} <= set(range(12))
    assert len(days.visits) > 6


def test_where_every_pass_comes_in_an_excluded_hour_the_feed_is_asked_all_the_same() -> None:
    body = rss("one", channel=f"<skipHours><hour>{START.hour}</hour></skipHours>")
    days = Days([source()], says(body)).go(9 * DAY, step=DAY)
    assert 4 <= len(days.visits) <= 9


def test_a_document_that_excludes_every_hour_excludes_none() -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    days = Days([source()], says(rss("one", channel=f"<skipHours>{hours}</skipHours>"))).go(DAY)
    assert len(days.visits) > 5


# 17, 18 -- Retry-After


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        ("7200", 2 * HOUR, 3 * HOUR),
        ("10", HOUR, 3 * HOUR),
        ("-30", HOUR, 3 * HOUR),
        ("99999999", DAY, DAY),
        ("soon", HOUR, 3 * HOUR),
        ("", HOUR, 3 * HOUR),
        ("1e9", HOUR, 3 * HOUR),
    ],
)
def test_retry_after_is_waited_for_within_bounds(
    status: int, value: str, least: timedelta, most: timedelta
) -> None:
    (visit,) = Days([source()], says(status=status, retry_after=value)).pass_once()
    assert least <= visit.state.next_due_at - START <= most


@pytest.mark.parametrize("status", [429, 503])
def test_a_date_in_retry_after_counts_from_the_servers_own_clock(status: int) -> None:
    wrong = START + 90 * DAY
    headers: dict[str, Any] = {
        "date": format_datetime(wrong, usegmt=True),
        "retry_after": format_datetime(wrong + 5 * HOUR, usegmt=True),
    }
    days = Days([source()], lambda request, now: said(request, now, status=status, **headers))
    (visit,) = days.pass_once()
    assert 5 * HOUR <= visit.state.next_due_at - START <= 6 * HOUR


# 19 -- 429


def test_a_429_pauses_the_whole_domain_and_only_that() -> None:
    def publisher(request: Request, now: datetime) -> Answer:
        if request.url.endswith("/first"):
            return said(request, now, status=429, retry_after=str(6 * 3600))
        return said(request, now, NEWS)

    sources = [
        source("https://www.paper.example/first", id="first"),
        source("https://blog.paper.example/second", id="second"),
        source("https://other.example/feed", id="other"),
    ]
    days = Days(sources, publisher).go(5 * HOUR)
    asked = Counter(visit.poll.source.id for visit in days.visits)
    assert (asked["first"], asked["second"]) == (1, 1)
    assert asked["other"] >= 3
    days.go(6 * HOUR)
    assert Counter(visit.poll.source.id for visit in days.visits)["second"] > 1


def test_a_host_set_apart_does_not_share_the_pause_of_its_domain() -> None:
    def publisher(request: Request, now: datetime) -> Answer:
        return said(request, now, NEWS) if "//b." in request.url else said(request, now, status=429)

    sources = [source(f"https://{host}.blogs.example/feed", id=host) for host in "ab"]
    days = Days(sources, publisher)
    days.pass_once()
    days.now += 90 * MINUTE
    apart = {"a.blogs.example", "b.blogs.example"}
    assert plan_polls(sources, days.states, days.now) == []
    assert [poll.source.id for poll in plan_polls(sources, days.states, days.now, separate_hosts=apart)] == [
        "b"
    ]


def test_sites_below_a_shared_suffix_do_not_pause_each_other() -> None:
    def publisher(request: Request, now: datetime) -> Answer:
        return said(request, now, NEWS) if "//b." in request.url else said(request, now, status=429)

    days = Days([source(f"https://{host}.github.io/feed", id=host) for host in "ab"], publisher).go(6 * HOUR)
    assert Counter(visit.poll.source.id for visit in days.visits)["b"] > 2


def test_a_429_is_no_failure_of_the_feed() -> None:
    days = Days([source()], says(status=429)).go(2 * DAY)
    assert "failures" not in days.states[FEED].memory
    assert 3 <= len(days.visits) <= 8


def test_a_request_that_was_held_back_changes_nothing() -> None:
    def held_back(request: Request, now: datetime) -> Answer:
        return FetchFailure(
            url=request.url, at=now, kind="refused", reason="wants a pause", transient=True, seconds=0.0
        )

    days = Days([source()], script([conditional(NEWS), held_back]))
    (before,) = days.pass_once()
    days.now += 3 * HOUR
    (after,) = days.pass_once()
    assert after.row.outcome == "skipped"
    assert after.state.memory == before.state.memory
    assert after.state.next_due_at == days.now


# 20 -- 403


def test_a_403_is_taken_for_throttling_at_first_and_for_a_refusal_later() -> None:
    days = Days([source()], says(status=403)).go(6 * DAY)
    first = [visit for visit in days.visits if visit.at < START + 3 * DAY]
    assert all("failures" not in visit.state.memory for visit in first)
    assert days.visits[-1].state.memory["failures"] >= 1
    assert max(days.waits()) <= DAY * 1.15


# 22 -- the same address twice


def test_an_address_listed_twice_is_asked_once_for_both() -> None:
    sources = [source(id="press"), source(id="lab", tier="official")]
    days = Days(sources, conditional(NEWS))
    (visit,) = days.pass_once()
    assert (visit.poll.source.id, [other.id for other in visit.poll.also]) == ("lab", ["press"])


# 25 -- adaptive


def test_a_quiet_address_is_asked_less_often_within_bounds() -> None:
    days = Days([source()], conditional(NEWS)).go(4 * DAY)
    assert 2.5 * HOUR < days.waits()[-1] <= 3 * HOUR * 1.15


def test_news_brings_an_address_back_to_its_interval() -> None:
    def bursty(request: Request, now: datetime) -> Answer:
        quiet = now < START + 2 * DAY
        return said(request, now, NEWS) if quiet else busy(request, now)

    days = Days([source()], bursty).go(4 * DAY)
    at_end_of_quiet = max(
        w for visit, w in zip(days.visits, days.waits(), strict=True) if visit.at < START + 2 * DAY
    )
    assert at_end_of_quiet > 2.5 * HOUR
    assert days.waits()[-1] <= HOUR * 1.15


# 26 -- our own outage


def test_our_own_outage_is_blamed_on_nobody() -> None:
    sources = [source(f"https://paper{n}.example/feed", id=f"p{n}") for n in range(5)]

    def publisher(request: Request, now: datetime) -> Answer:
        if START + 5 * HOUR <= now < START + 11 * HOUR:
            return unreachable(request, now)
        return said(request, now, NEWS)

    days = Days(sources, publisher).go(12 * HOUR)
    assert all("failures" not in state.memory for state in days.states.values())
    recovered = {visit.poll.source.id for visit in days.visits if visit.at >= START + 11 * HOUR}
    assert len(recovered) == 5  # all within the hour after the outage


def test_one_host_that_is_down_is_blamed_itself() -> None:
    sources = [source(f"https://paper{n}.example/feed", id=f"p{n}") for n in range(5)]

    def publisher(request: Request, now: datetime) -> Answer:
        return unreachable(request, now) if "paper3" in request.url else said(request, now, NEWS)

    days = Days(sources, publisher).go(6 * HOUR)
    failing = [url for url, state in days.states.items() if "failures" in state.memory]
    assert failing == ["https://paper3.example/feed"]


def test_official_sources_are_asked_first() -> None:
    sources = [source(f"https://{n}.example/", id=n, tier=t) for n, t in (("a", "press"), ("b", "official"))]  # type: ignore[arg-type]
    assert [poll.source.id for poll in plan_polls(sources, {}, START)] == ["b", "a"]
