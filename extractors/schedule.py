"""Decides which addresses are due, with which headers, and what to remember of the answers.

Pure: no clock, no network, no storage. Time is the argument `now`, and what is random elsewhere comes from
a hash here, so that days of polling can be played through in a second and come out the same every time.

The rules, each with the reason it exists, stand in docs/fetching.md, groups A, B and C.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from extractors.addresses import host_of, redact, registrable_domain, web_address_fault
from extractors.freshness import LONGEST_WAIT
from extractors.poll_memory import PollMemory
from extractors.poll_reactions import (
    GONE_AGAIN,
    after_failure,
    after_fault,
    after_reading,
    after_unchanged,
    body_hash_of,
    is_same_feed,
    was_asked,
)
from extractors.poll_waits import is_excluded, next_slot
from extractors.polls import Poll, Why
from extractors.reading_plan import ArticlePlan, PlannedArticle, next_page_try, plan_articles
from extractors.records import (
    Address,
    AddressState,
    FetchFailure,
    FetchRow,
    NotAFeed,
    Outcome,
    ParsedFeed,
    Request,
    Snapshot,
    Source,
)

__all__ = [
    "ArticlePlan",
    "PlannedArticle",
    "Poll",
    "after_answer",
    "follow_up",
    "forgive_outage",
    "needs_parsing",
    "next_page_try",
    "plan_articles",
    "plan_polls",
    "was_asked",
    "went_down",
]

FULL_EVERY = timedelta(hours=24)
"""A server that answers 304 for ever is asked for the whole document this often."""
HTTPS_AFTER, HTTPS_EVERY = 3, timedelta(days=1)
"""Failures to connect after which an http address is also tried as https, and how often."""
OUTAGE_HOSTS = 3
"""When all of at least this many hosts cannot be reached, the fault is on our side."""
OUTAGE_WAIT = timedelta(minutes=10)

UNREACHABLE = frozenset({"dns", "connect", "timeout", "tls"})
"""Kinds of failure in which the host said nothing."""


def plan_polls(
    sources: Iterable[Source],
    states: Mapping[str, AddressState],
    now: datetime,
    *,
    force: bool = False,
    separate_hosts: Collection[str] = (),
) -> list[Poll]:
    """The requests that are due, each address once, official sources first, longest overdue first.

    `force` asks all of them, whatever they are due, but still conditionally. A host in `separate_hosts` does
    not take part in the pause that another host of its domain asked for.
    """
    listed: dict[str, list[tuple[Source, Address]]] = {}
    for source in sources:
        for address in source.addresses:
            listed.setdefault(address.url, []).append((source, address))
    pauses = _pauses(states.values(), now, separate_hosts)
    taken = set(listed)
    polls = []
    for url, places in listed.items():
        state = states.get(url)
        paused = _pauses_with(url, separate_hosts) in pauses
        if force or (_is_due(state, now) and not paused):
            polls.append(_poll(places, state, now, force=force, taken=taken))
            taken.add(polls[-1].request.url)
    return sorted(polls, key=lambda poll: (poll.source.tier != "official", _due(poll, now), poll.address.url))


def needs_parsing(poll: Poll, snapshot: Snapshot) -> bool:
    """False for a 304 and for a body that is byte for byte the one read last time."""
    return snapshot.status != 304 and body_hash_of(snapshot.body) != poll.memory.body_hash


def follow_up(poll: Poll, parsed: ParsedFeed | NotAFeed | None) -> Request | None:
    """The page to read in place of one that lists nothing itself; None when it does, or leads nowhere.

    An index of sitemaps only says where the newest sitemap is. One step is made, within its own domain.
    """
    if not isinstance(parsed, ParsedFeed) or parsed.entries:
        return None
    target = parsed.hints.get("next_page")
    if not isinstance(target, str) or web_address_fault(target) or target == parsed.url:
        return None
    if registrable_domain(host_of(target)) != registrable_domain(host_of(parsed.url)):
        return None
    return Request(url=target, role=poll.request.role)


def after_answer(
    poll: Poll,
    answer: Snapshot | FetchFailure,
    parsed: ParsedFeed | NotAFeed | None,
    now: datetime,
) -> tuple[AddressState, FetchRow]:
    """What to remember of an address after its answer, and the line of the table `fetches`.

    `parsed` is None when there was nothing to parse: a failure, a 304, an unchanged body, a watched file.
    The state vouches for the entries: store both in one transaction.
    """
    outcome: Outcome
    reason: str | None
    if poll.why == "https" and isinstance(parsed, ParsedFeed) and not is_same_feed(poll.memory, parsed):
        parsed = NotAFeed(url=poll.request.url, reason="over https the host lists entirely other entries")
    if isinstance(answer, FetchFailure):
        memory, wait = after_failure(poll, answer, now)
        forbidden = answer.kind == "robots" and not answer.transient
        outcome = "skipped" if forbidden or not was_asked(answer) else "failed"
        reason, status, size, entries = answer.reason, answer.status, 0, None
    else:
        status, size, entries = answer.status, len(answer.body), None
        if answer.status == 304 and not poll.request.headers:
            parsed = NotAFeed(url=answer.url, reason="HTTP 304 although no version was named in the request")
        if isinstance(parsed, NotAFeed):
            memory, wait = after_fault(poll, "not-a-feed", parsed.reason, now)
            outcome, reason = "failed", parsed.reason
        elif parsed is None and not needs_parsing(poll, answer):
            memory, wait = after_unchanged(poll, answer, now)
            outcome, reason = "unchanged", None
        else:
            memory, wait = after_reading(poll, answer, parsed, now)
            outcome, reason = "read", memory.reason
            entries = len(parsed.entries) if parsed else None
    state = AddressState(
        url=poll.address.url,
        source=poll.source.id,
        next_due_at=next_slot(poll, memory, wait, now),
        memory=memory.to_json(),
    )
    row = FetchRow(
        source=poll.source.id,
        url=redact(poll.address.url),
        at=now,
        outcome=outcome,
        status=status,
        reason=reason,
        bytes=size,
        seconds=answer.seconds,
        entries=entries,
    )
    return state, row


def forgive_outage(
    outcomes: Sequence[tuple[Poll, Snapshot | FetchFailure, AddressState]], now: datetime
) -> list[AddressState]:
    """The states to store after a pass: as given, unless nothing at all could be reached.

    When every one of several hosts is out of reach, our own line is down: no address is blamed, and all
    are due again soon.
    """
    if not line_is_down([(poll, answer) for poll, answer, _ in outcomes]):
        return [state for _, _, state in outcomes]
    return [
        replace(state, next_due_at=now + OUTAGE_WAIT, memory=poll.memory.to_json())
        for poll, _, state in outcomes
    ]


def line_is_down(answers: Sequence[tuple[Poll, Snapshot | FetchFailure]]) -> bool:
    """True when every one of several hosts that were asked is out of reach."""
    asked = [(poll, answer) for poll, answer in answers if isinstance(answer, Snapshot) or was_asked(answer)]
    silent = all(isinstance(answer, FetchFailure) and answer.kind in UNREACHABLE for _, answer in asked)
    return silent and len({host_of(poll.request.url) for poll, _ in asked}) >= OUTAGE_HOSTS


def went_down(before: AddressState | None, after: AddressState, now: datetime) -> str | None:
    """The sentence to alert with when an address became "down" by its last answer; None otherwise.

    True of one answer only, so the alert is raised once.
    """
    memory = PollMemory.from_json(after.memory)
    earlier = PollMemory.from_json(before.memory) if before else PollMemory()
    if not memory.down or earlier.down:
        return None
    since = memory.failing_since or now
    return f"{redact(after.url)} has failed since {since:%Y-%m-%d}: {memory.reason}"


# -- asking -------------------------------------------------------------------------------------------


def _poll(
    places: list[tuple[Source, Address]],
    state: AddressState | None,
    now: datetime,
    *,
    force: bool,
    taken: Collection[str],
) -> Poll:
    """`taken`: what others are asked at, where a moved address must not lead a second time."""
    places = sorted(places, key=lambda place: place[0].tier != "official")
    source, address = places[0]
    memory = PollMemory.from_json(state.memory) if state else PollMemory()
    url = address.url
    if memory.location and memory.location not in taken:
        url = memory.location
    why: Why = "new" if state is None else "forced" if force else "due"
    https = "https" + url.removeprefix("http")
    if _worth_trying_https(url, memory, now) and https not in taken:
        url, why = https, "https"
    headers = _conditions(memory)
    if headers and (memory.full_at is None or now - memory.full_at >= FULL_EVERY):
        headers, why = (), "full" if why == "due" else why
    return Poll(
        source=source,
        also=tuple(other for other, _ in places[1:] if other.id != source.id),
        address=address,
        request=Request(url=url, role=address.role, headers=headers),
        state=state,
        why=why,
    )


def _conditions(memory: PollMemory) -> tuple[tuple[str, bytes], ...]:
    """The validators as they came, byte for byte (RFC 9110 §13.1)."""
    if memory.lies:
        return ()
    pairs = (("If-None-Match", memory.etag), ("If-Modified-Since", memory.last_modified))
    return tuple((name, value.encode("latin-1", "ignore")) for name, value in pairs if value)


def _worth_trying_https(url: str, memory: PollMemory, now: datetime) -> bool:
    return (
        url.startswith("http://")
        and memory.failures >= HTTPS_AFTER
        and memory.failed_by in UNREACHABLE
        and (memory.https_tried_at is None or now - memory.https_tried_at >= HTTPS_EVERY)
    )


def _pauses(states: Iterable[AddressState], now: datetime, separate: Collection[str]) -> set[str]:
    """The domains and separate hosts that asked to be left alone and still mean it."""
    paused = set()
    for state in states:
        if "paused_until" not in state.memory:
            continue
        memory = PollMemory.from_json(state.memory)
        # A pause that lies further ahead than any we set comes from a clock that was wrong.
        if memory.paused_until and now < memory.paused_until <= now + 2 * LONGEST_WAIT:
            paused.add(_pauses_with(state.url, separate))
    return paused


def _pauses_with(url: str, separate: Collection[str]) -> str:
    host = host_of(url)
    return host if host in separate else registrable_domain(host)


def _is_due(state: AddressState | None, now: datetime) -> bool:
    # A date further ahead than we ever set one comes from a clock that was wrong then or is wrong now.
    if state is None or state.next_due_at > now + GONE_AGAIN + LONGEST_WAIT:
        return True
    if now < state.next_due_at:
        return False
    # A pass may come a little late, in an hour the document excludes. Where all passes do, a day is enough.
    overdue = now - state.next_due_at
    return overdue >= LONGEST_WAIT or not is_excluded(PollMemory.from_json(state.memory), now)


def _due(poll: Poll, now: datetime) -> datetime:
    return poll.state.next_due_at if poll.state else now
