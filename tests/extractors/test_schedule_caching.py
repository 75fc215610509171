"""Conditional requests and what is remembered for them (FETCHING A)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest

from extractors.feeds import parse_feed
from extractors.records import AddressState, ParsedFeed, Request
from extractors.schedule import follow_up, needs_parsing, plan_polls
from tests.extractors.simulated_days import (
    DAY,
    FEED,
    HOUR,
    START,
    Answer,
    Days,
    conditional,
    rss,
    said,
    says,
    script,
    sent,
    source,
)

NEWS = rss("one", "two")


def test_only_the_first_request_is_unconditional() -> None:
    days = Days([source()], conditional(NEWS)).go(20 * HOUR)
    conditions = [sent(visit.poll.request, "If-None-Match") for visit in days.visits]
    assert conditions[0] is None
    assert len(conditions) > 5
    assert set(conditions[1:]) == {'"1"'}


def test_a_restart_stays_conditional() -> None:
    days = Days([source()], conditional(NEWS)).go(HOUR)
    stored = json.loads(json.dumps(days.states[FEED].memory))  # as a database gives it back
    state = AddressState(url=FEED, source="paper", next_due_at=days.now, memory=stored)
    (poll,) = plan_polls([source()], {FEED: state}, days.now)
    assert poll.request.headers == (("If-None-Match", b'"1"'),)


def test_a_manual_refresh_is_conditional_too() -> None:
    days = Days([source()], conditional(NEWS))
    days.pass_once()
    (visit,) = days.pass_once(force=True)
    assert visit.poll.why == "forced"
    assert sent(visit.poll.request, "If-None-Match") == '"1"'
    assert visit.row.outcome == "unchanged"


@pytest.mark.parametrize(
    "etag", ['"strong"', 'W/"weak"', "unquoted", '"a", "b"', '"caf\xe9"', '""', "'single'"]
)
def test_an_etag_comes_back_as_it_was_sent(etag: str) -> None:
    days = Days([source()], conditional(NEWS, etag)).go(3 * HOUR)
    (_, value) = days.visits[1].poll.request.headers[0]
    assert value == etag.encode("latin-1")
    assert days.outcomes()[1] == "unchanged"


@pytest.mark.parametrize("date", ["2026-01-05 00:00:00 +0100", "Mon, 5 Jan 2026 00:00:00 GMT", "yesterday"])
def test_a_last_modified_comes_back_as_it_was_sent(date: str) -> None:
    days = Days([source()], says(NEWS, last_modified=date)).go(3 * HOUR)
    assert days.visits[1].poll.request.headers == (("If-Modified-Since", date.encode()),)


def test_no_validator_is_invented_and_a_dropped_one_is_dropped() -> None:
    publisher = script([says(NEWS, etag='"1"'), says(rss("three"))])
    days = Days([source()], publisher).go(4 * HOUR)
    assert [visit.poll.request.headers for visit in days.visits[:3]] == [(), (("If-None-Match", b'"1"'),), ()]


def test_a_304_updates_what_it_repeats_and_keeps_the_rest() -> None:
    publisher = script(
        [
            says(NEWS, etag='"1"', last_modified="Monday"),
            says(status=304, etag='"2"'),
            says(status=304),
        ]
    )
    days = Days([source()], publisher).go(8 * HOUR)
    assert days.visits[2].poll.request.headers == (
        ("If-None-Match", b'"2"'),
        ("If-Modified-Since", b"Monday"),
    )
    assert days.visits[3].poll.request.headers == days.visits[2].poll.request.headers


def test_a_new_etag_counts_although_the_body_is_the_same() -> None:
    publisher = script([says(NEWS, etag='"1"'), says(NEWS, etag='"2"')])
    days = Days([source()], publisher).go(5 * HOUR)
    assert days.outcomes()[:2] == ["read", "unchanged"]
    assert sent(days.visits[2].poll.request, "If-None-Match") == '"2"'


def test_validators_of_an_error_page_are_not_kept() -> None:
    page = b"<html><body>Back soon</body></html>"
    publisher = script([says(page, etag='"same"'), conditional(NEWS, '"same"')])
    days = Days([source()], publisher).go(6 * HOUR)
    assert days.outcomes()[:2] == ["failed", "read"]


def test_a_feed_is_read_again_after_an_error_page_with_its_etag() -> None:
    page = b"<html><body>Back soon</body></html>"
    newer = rss("one", "two", "three")
    publisher = script([says(NEWS, etag='"e"'), says(page, etag='"e"'), conditional(newer, '"e"')])
    days = Days([source()], publisher).go(8 * HOUR)
    assert days.outcomes()[:3] == ["read", "failed", "read"]


def test_validators_of_a_feed_that_breaks_off_are_not_kept() -> None:
    publisher = says(NEWS[:-30], etag='"1"')
    days = Days([source()], publisher).go(3 * HOUR)
    assert days.visits[0].row.outcome == "read"
    assert days.visits[1].poll.request.headers == ()


def test_a_server_that_says_304_for_ever_is_asked_for_everything_once_a_day() -> None:
    def lying(request: Request, now: datetime) -> Answer:
        if request.headers:
            return said(request, now, status=304)
        return said(request, now, rss(f"news-of-day-{now:%d-%H}"), etag='"stuck"')

    days = Days([source()], lying).go(3 * DAY)
    reads = [visit.at for visit in days.visits if visit.row.outcome == "read"]
    assert len(reads) >= 3
    assert max(later - earlier for earlier, later in pairwise(reads)) <= 28 * HOUR


def test_a_server_caught_lying_is_not_asked_conditionally_again() -> None:
    def lying(request: Request, now: datetime) -> Answer:
        if request.headers:
            return said(request, now, status=304)
        return said(request, now, rss(f"news-of-{now:%d-%H}"), etag='"stuck"')

    days = Days([source()], lying).go(4 * DAY)
    last = days.visits[-5:]
    assert all(visit.poll.request.headers == () and visit.row.outcome == "read" for visit in last)


@pytest.mark.parametrize(
    "headers", [{"expires": "0"}, {"expires": "-1"}, {"cache_control": "private, no-store"}]
)
def test_what_must_not_be_kept_is_not_kept(headers: dict[str, Any]) -> None:
    days = Days([source()], says(NEWS, etag='"1"', **headers)).go(3 * HOUR)
    assert [visit.poll.request.headers for visit in days.visits] == [()] * len(days.visits)


def test_an_unchanged_body_is_not_parsed_and_changes_only_when_it_was_checked() -> None:
    days = Days([source()], says(NEWS)).go(3 * HOUR)
    first, second = days.visits[:2]
    assert second.parsed is None
    assert (second.row.outcome, second.row.status, second.row.entries) == ("unchanged", 200, None)
    kept = {key: value for key, value in first.state.memory.items() if not key.endswith("_at")}
    assert kept == {
        key: value
        for key, value in second.state.memory.items()
        if not key.endswith("_at") and key != "interval_minutes"
    }
    assert not needs_parsing(second.poll, second.answer)  # type: ignore[arg-type]


@pytest.mark.parametrize("answer", [says(status=304), says(rss(), etag='"2"')], ids=["304", "no entries"])
def test_nothing_new_is_no_error_and_ends_a_row_of_failures(answer: object) -> None:
    publisher = script([says(NEWS, etag='"1"'), says(status=500), says(status=500), answer])  # type: ignore[list-item]
    days = Days([source()], publisher).go(24 * HOUR)
    assert days.outcomes()[:3] == ["read", "failed", "failed"]
    assert days.outcomes()[3] in {"unchanged", "read"}
    assert "failures" not in days.visits[3].state.memory


def test_a_304_to_an_unconditional_request_is_a_failure() -> None:
    days = Days([source()], says(status=304))
    (visit,) = days.pass_once()
    assert visit.row.outcome == "failed"
    assert "304" in (visit.row.reason or "")


def test_a_memory_of_another_version_is_read_as_far_as_it_goes() -> None:
    days = Days([source()], conditional(NEWS)).go(HOUR)
    state = days.states[FEED]
    odd = {**state.memory, "failures": "many", "invented": 1, "full_at": 17, "seen": None}
    (poll,) = plan_polls([source()], {FEED: replace(state, memory=odd)}, days.now + DAY)
    assert poll.memory.etag == '"1"'
    assert (poll.memory.failures, poll.memory.full_at) == (0, None)


@pytest.mark.parametrize("status", [400, 412, 431])
def test_conditions_a_server_cannot_stand_are_left_out_the_next_time(status: int) -> None:
    def touchy(request: Request, now: datetime) -> Answer:
        if request.headers:
            return said(request, now, status=status)
        return said(request, now, NEWS, etag='"1"')

    days = Days([source()], touchy).go(12 * HOUR)
    assert days.outcomes()[:3] == ["read", "failed", "unchanged"]


def test_an_overlong_validator_is_not_kept() -> None:
    days = Days([source()], says(NEWS, etag='"' + "x" * 2000 + '"')).go(3 * HOUR)
    assert days.visits[1].poll.request.headers == ()


def page_that_lists(entries: int, **hints: str) -> ParsedFeed:
    feed = parse_feed(
        rss(*(f"e{n}" for n in range(entries))), url=FEED, source_id="paper", language="en", now=START
    )
    assert isinstance(feed, ParsedFeed)
    return replace(feed, hints=hints)


@pytest.mark.parametrize("target", ["https://paper.example/map-2.xml", "https://www.paper.example/map-2.xml"])
def test_an_index_without_entries_leads_to_its_newest_part(target: str) -> None:
    (poll,) = plan_polls([source()], {}, START)
    request = follow_up(poll, page_that_lists(0, next_page=target))
    assert request is not None
    assert (request.url, request.headers) == (target, ())


@pytest.mark.parametrize(
    ("entries", "hints"),
    [
        (0, {}),
        (3, {"next_page": "https://paper.example/older"}),
        (0, {"next_page": FEED}),
        (0, {"next_page": "https://elsewhere.example/map.xml"}),
        (0, {"next_page": "file:///etc/hosts"}),
    ],
    ids=["no hint", "has entries", "itself", "another domain", "another scheme"],
)
def test_other_pages_lead_nowhere(entries: int, hints: dict[str, str]) -> None:
    (poll,) = plan_polls([source()], {}, START)
    assert follow_up(poll, page_that_lists(entries, **hints)) is None
    assert follow_up(poll, None) is None
