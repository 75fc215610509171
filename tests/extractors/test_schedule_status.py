"""What failures, redirects and recoveries change for an address (FETCHING C)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest

from extractors.records import Request
from extractors.schedule import went_down
from tests.extractors.simulated_days import (
    DAY,
    FEED,
    HOUR,
    START,
    Answer,
    Days,
    Publisher,
    Visit,
    conditional,
    rss,
    said,
    says,
    script,
    source,
    unreachable,
)

NEWS = rss("one", "two")
MOVED = "https://new.example/feed"


def told(visits: list[Visit]) -> list[str]:
    """The alerts these visits raise."""
    sentences = (went_down(visit.poll.state, visit.state, visit.at) for visit in visits)
    return [sentence for sentence in sentences if sentence is not None]


# 27, 28, 29 -- redirects


def redirecting(status: int, target: str = MOVED, body: bytes = NEWS) -> Publisher:
    def publisher(request: Request, now: datetime) -> Answer:
        if request.url == target:
            return said(request, now, body)
        return said(request, now, body, redirects=[(status, target)])

    return publisher


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_believed_after_days(status: int) -> None:
    days = Days([source()], redirecting(status)).go(5 * DAY)
    asked = [visit.poll.request.url for visit in days.visits]
    first_move = asked.index(MOVED)
    assert first_move >= 5
    assert days.visits[first_move].at >= START + 3 * DAY
    assert set(asked[first_move:]) == {MOVED}
    assert {visit.state.url for visit in days.visits} == {FEED}  # the catalogue's address stays the key


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_temporary_redirect_moves_nothing(status: int) -> None:
    days = Days([source()], redirecting(status)).go(8 * DAY)
    assert {visit.poll.request.url for visit in days.visits} == {FEED}


def test_a_chain_moves_as_far_as_it_is_permanent() -> None:
    chain = [(301, MOVED), (302, "https://cdn.example/today")]

    def publisher(request: Request, now: datetime) -> Answer:
        return said(request, now, NEWS, redirects=chain if request.url == FEED else chain[1:])

    days = Days([source()], publisher).go(5 * DAY)
    assert days.visits[-1].poll.request.url == MOVED


def test_one_redirect_to_a_parking_page_moves_nothing() -> None:
    parked = says(
        b"<html><title>Domain for sale</title></html>", redirects=[(301, "https://parked.example/")]
    )
    days = Days([source()], script([says(NEWS), parked, parked, says(NEWS)])).go(5 * DAY)
    assert {visit.poll.request.url for visit in days.visits} == {FEED}
    assert days.outcomes()[:3] == ["read", "failed", "failed"]


def test_a_feed_is_never_moved_onto_another_one() -> None:
    sources = [source(id="old"), source(MOVED, id="new")]
    days = Days(sources, redirecting(301)).go(6 * DAY)
    old = [visit.poll.request.url for visit in days.visits if visit.poll.source.id == "old"]
    assert set(old) == {FEED}


def test_two_feeds_are_never_moved_onto_one_address() -> None:
    sources = [source("https://a.example/f", id="a"), source("https://b.example/f", id="b")]
    days = Days(sources, redirecting(301)).go(6 * DAY)
    for visits in (days.visits[i : i + 2] for i in range(len(days.visits) - 1)):
        if visits[0].at == visits[1].at:
            assert visits[0].poll.request.url != visits[1].poll.request.url


def test_a_moved_feed_that_dies_is_asked_at_its_old_address_again() -> None:
    def publisher(request: Request, now: datetime) -> Answer:
        if now < START + 5 * DAY:
            return redirecting(301)(request, now)
        return said(request, now, NEWS) if request.url == FEED else said(request, now, status=404)

    days = Days([source()], publisher).go(12 * DAY)
    assert days.visits[-1].poll.request.url == FEED
    assert days.outcomes()[-1] in {"read", "unchanged"}


def test_entries_keep_their_identity_when_the_feed_moves() -> None:
    days = Days([source()], redirecting(301)).go(5 * DAY)
    read = [visit for visit in days.visits if visit.row.outcome == "read"]
    assert len(read) == 1  # after the move the body is still known


# 32, 33 -- failures


def test_a_410_rests_after_two_and_is_still_looked_at() -> None:
    days = Days([source()], says(status=410)).go(100 * DAY, step=HOUR)
    gaps = [later.at - earlier.at for earlier, later in pairwise(days.visits)]
    assert gaps[0] >= 23 * HOUR
    assert all(30 * DAY <= gap <= 31 * DAY for gap in gaps[1:])
    assert len(days.visits) >= 4


def test_one_410_is_forgiven() -> None:
    days = Days([source()], script([says(status=410), says(NEWS)])).go(3 * DAY)
    assert days.outcomes()[:2] == ["failed", "read"]
    assert "gone" not in days.states[FEED].memory


@pytest.mark.parametrize("status", [404, 500, 502, 503])
def test_failures_double_the_wait_up_to_a_day_for_ever(status: int) -> None:
    days = Days([source()], says(status=status)).go(60 * DAY, step=HOUR / 2)
    waits = days.waits()
    assert all(later >= earlier * 1.5 for earlier, later in pairwise(waits[:4]))
    assert max(waits) <= DAY
    assert days.visits[-1].at >= START + 58 * DAY


@pytest.mark.parametrize("kind", ["dns", "connect", "tls", "timeout", "truncated", "protocol", "decoding"])
def test_a_feed_out_of_reach_is_still_asked_daily(kind: str) -> None:
    sources = [source(), source("https://other.example/feed", id="other")]

    def publisher(request: Request, now: datetime) -> Answer:
        return unreachable(request, now, kind) if request.url == FEED else said(request, now, NEWS)

    days = Days(sources, publisher).go(30 * DAY, step=HOUR)
    asked = [visit.at for visit in days.visits if visit.poll.address.url == FEED]
    assert max(later - earlier for earlier, later in pairwise(asked)) <= DAY + HOUR


def test_success_resets_the_counter() -> None:
    days = Days([source()], script([says(status=500)] * 4 + [says(NEWS)])).go(3 * DAY)
    assert "failures" not in days.states[FEED].memory
    assert days.waits()[-1] <= 3 * HOUR * 1.15


def test_a_feed_that_stays_down_is_reported_once() -> None:
    days = Days([source()], script([says(NEWS)], then=says(status=500))).go(20 * DAY, step=HOUR)
    (sentence,) = told(days.visits)
    assert FEED in sentence
    assert "HTTP 500" in sentence


def test_a_feed_that_goes_down_twice_is_reported_twice() -> None:
    def publisher(request: Request, now: datetime) -> Answer:
        up = START + 8 * DAY <= now < START + 10 * DAY
        return said(request, now, NEWS) if up else said(request, now, status=500)

    assert len(told(Days([source()], publisher).go(20 * DAY, step=HOUR).visits)) == 2


def test_a_bad_hour_is_not_reported() -> None:
    days = Days([source()], script([says(NEWS), says(status=500), says(status=500), says(NEWS)])).go(5 * DAY)
    assert told(days.visits) == []


def test_a_token_in_the_address_is_not_reported() -> None:
    address = "https://paper.example/feed?token=hush"
    days = Days([source(address)], says(status=500)).go(6 * DAY, step=HOUR)
    assert "hush" not in " ".join(told(days.visits) + [visit.row.url for visit in days.visits])


# 34 -- http to https


HTTP, HTTPS = "http://paper.example/feed", "https://paper.example/feed"


def only_https(body: bytes = NEWS) -> Publisher:
    def publisher(request: Request, now: datetime) -> Answer:
        up = now < START + 3 * HOUR or request.url == HTTPS
        return said(request, now, body if request.url == HTTPS else NEWS) if up else unreachable(request, now)

    return publisher


def test_a_dead_http_address_is_tried_as_https_and_kept() -> None:
    days = Days([source(HTTP), source("https://x.example/", id="x")], only_https()).go(5 * DAY)
    mine = [visit for visit in days.visits if visit.poll.source.id == "paper"]
    assert mine[-1].poll.request.url == HTTPS
    assert mine[-1].row.outcome in {"read", "unchanged"}


def test_https_that_is_another_feed_is_not_kept() -> None:
    other = rss("quite", "different")
    days = Days([source(HTTP), source("https://x.example/", id="x")], only_https(other)).go(6 * DAY)
    tries = [visit for visit in days.visits if visit.poll.request.url == HTTPS]
    assert len(tries) >= 2
    assert all(visit.row.outcome == "failed" for visit in tries)
    assert min(later.at - earlier.at for earlier, later in pairwise(tries)) >= DAY


# 35 -- 200 without a feed


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Hello</body></html>",
        b"",
        b'{"error": "not found"}',
        b"<!DOCTYPE html><p>x",
        b"\x00\x01\x02",
    ],
    ids=["page", "empty", "json", "doctype", "binary"],
)
def test_an_error_page_with_status_200_is_recorded_and_changes_nothing(body: bytes) -> None:
    days = Days([source()], script([conditional(NEWS), says(body, etag='"9"'), conditional(NEWS)])).go(DAY)
    failed = days.visits[1]
    assert failed.row.outcome == "failed"
    assert failed.row.reason
    assert failed.state.memory["seen"] == days.visits[0].state.memory["seen"]
    assert "etag" not in failed.state.memory
    assert days.outcomes()[2] == "unchanged"


# expectations and health


def test_fewer_entries_than_expected_are_remarked_on() -> None:
    days = Days([replace(source(), expect=(5, 50))], says(NEWS))
    (visit,) = days.pass_once()
    assert visit.row.outcome == "read"
    assert visit.row.reason == "2 entries; 5 to 50 were expected"


def test_the_date_of_the_newest_entry_is_remembered() -> None:
    dated = NEWS.replace(b"<guid>one", b"<pubDate>Sun, 01 Mar 2026 10:00:00 GMT</pubDate><guid>one")
    days = Days([source()], script([says(dated), says(NEWS)])).go(4 * HOUR)
    assert days.states[FEED].memory["newest_at"] == "2026-03-01T10:00:00+00:00"
