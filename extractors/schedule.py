"""Decides which addresses are due, with which headers, and what to remember of the answers.

Pure: no clock, no network, no storage. Time is the argument `now`, and what is random elsewhere comes from
a hash here, so that days of polling can be played through in a second and come out the same every time.

The rules, each with the reason it exists, stand in docs/fetching.md, groups A, B and C.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from extractors.addresses import host_of, redact, registrable_domain, same_page_key
from extractors.freshness import LONGEST_WAIT, fresh_for, retry_after, validators
from extractors.poll_memory import PollMemory
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
    "forgive_outage",
    "needs_parsing",
    "next_page_try",
    "plan_articles",
    "plan_polls",
    "went_down",
]

FULL_EVERY = timedelta(hours=24)
"""A server that answers 304 for ever is asked for the whole document this often."""
THROTTLE_DAYS = timedelta(days=3)
"""Some hosts answer 403 to those who come too often; only after this long is it a refusal."""
MOVED_TIMES, MOVED_FOR = 5, timedelta(days=3)
"""A permanent redirect is believed after this many equal ones over this long: parking pages redirect too."""
GONE_TIMES, GONE_AGAIN = 2, timedelta(days=30)
"""After two answers of 410 an address rests, but is looked at once a month: nothing is silent for ever."""
QUIET_FACTOR = 3
"""An address without news is asked at most this many times less often than its source wishes."""
DOWN_FOR, DOWN_FAILURES = timedelta(days=2), 3
"""An address that failed this often over this long is reported as down, once."""
HTTPS_AFTER = 3
"""Failures to connect after which an http address is also tried as https, once a day."""
OUTAGE_HOSTS = 3
"""When all of at least this many hosts cannot be reached, the fault is on our side."""
JITTER = 0.15
"""Share of a wait that is added by hash, so that addresses polled together drift apart."""
REMEMBERED_ENTRIES = 300

UNREACHABLE = frozenset({"dns", "connect", "timeout", "tls"})

Why = Literal["new", "due", "forced", "full", "https"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One request to one address that is due."""

    source: Source
    """The source it counts for: an official one where several list the address."""
    also: tuple[Source, ...]
    """Further sources that list the same address; the answer is theirs too."""
    address: Address
    request: Request
    state: AddressState | None
    """As remembered; None: never asked before."""
    why: Why
    """`full`: asked without validators to check on a server that has long said 304; `https`: an http address
    that cannot be reached, tried as https."""

    @property
    def memory(self) -> PollMemory:
        """What is remembered of the address."""
        return PollMemory.from_json(self.state.memory) if self.state else PollMemory()


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
    polls = []
    for url, places in listed.items():
        state = states.get(url)
        paused = _pauses_with(url, separate_hosts) in pauses
        if force or ((state is None or state.next_due_at <= now) and not paused):
            polls.append(_poll(places, state, now, force=force, listed=listed.keys()))
    return sorted(polls, key=lambda poll: (poll.source.tier != "official", _due(poll, now), poll.address.url))


def needs_parsing(poll: Poll, snapshot: Snapshot) -> bool:
    """False for a 304 and for a body that is byte for byte the one read last time."""
    return snapshot.status != 304 and _body_hash(snapshot.body) != poll.memory.body_hash


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
    if poll.why == "https" and isinstance(parsed, ParsedFeed) and not _same_feed(poll.memory, parsed):
        parsed = NotAFeed(url=poll.request.url, reason="over https the host lists entirely other entries")
    if isinstance(answer, FetchFailure):
        memory, wait = _after_failure(poll, answer, now)
        outcome = "skipped" if answer.kind == "robots" and not answer.transient else "failed"
        reason, status, size, entries = answer.reason, answer.status, 0, None
    else:
        status, size, entries = answer.status, len(answer.body), None
        if answer.status == 304 and not poll.request.headers:
            parsed = NotAFeed(url=answer.url, reason="HTTP 304 although no version was named in the request")
        if isinstance(parsed, NotAFeed):
            memory, wait = _after_fault(poll, "not-a-feed", parsed.reason, now)
            outcome, reason = "failed", parsed.reason
        elif parsed is None and not needs_parsing(poll, answer):
            memory, wait = _after_unchanged(poll, answer, now)
            outcome, reason = "unchanged", None
        else:
            memory, wait = _after_reading(poll, answer, parsed, now)
            outcome, reason = "read", memory.reason
            entries = len(parsed.entries) if parsed else None
    state = AddressState(
        url=poll.address.url,
        source=poll.source.id,
        next_due_at=_slot(poll, memory, wait, now),
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
    hosts = {host_of(poll.request.url) for poll, _, _ in outcomes}
    all_unreachable = all(
        isinstance(answer, FetchFailure) and answer.kind in UNREACHABLE for _, answer, _ in outcomes
    )
    if len(hosts) < OUTAGE_HOSTS or not all_unreachable:
        return [state for _, _, state in outcomes]
    return [
        replace(state, next_due_at=now + timedelta(minutes=10), memory=poll.memory.to_json())
        for poll, _, state in outcomes
    ]


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
    listed: Collection[str],
) -> Poll:
    places = sorted(places, key=lambda place: place[0].tier != "official")
    source, address = places[0]
    memory = PollMemory.from_json(state.memory) if state else PollMemory()
    url = address.url
    if memory.location and memory.location not in listed:
        url = memory.location
    why: Why = "new" if state is None else "forced" if force else "due"
    if _worth_trying_https(url, memory, now):
        url, why = "https" + url.removeprefix("http"), "https"
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
        and (memory.https_tried_at is None or now - memory.https_tried_at >= timedelta(days=1))
    )


def _pauses(states: Iterable[AddressState], now: datetime, separate: Collection[str]) -> set[str]:
    """The domains and separate hosts that asked to be left alone and still mean it."""
    paused = set()
    for state in states:
        memory = PollMemory.from_json(state.memory)
        # A pause that lies further ahead than any we set comes from a clock that was wrong.
        if memory.paused_until and now < memory.paused_until <= now + 2 * LONGEST_WAIT:
            paused.add(_pauses_with(state.url, separate))
    return paused


def _pauses_with(url: str, separate: Collection[str]) -> str:
    host = host_of(url)
    return host if host in separate else registrable_domain(host)


def _due(poll: Poll, now: datetime) -> datetime:
    return poll.state.next_due_at if poll.state else now


# -- remembering --------------------------------------------------------------------------------------


def _after_reading(
    poll: Poll, answer: Snapshot, parsed: ParsedFeed | None, now: datetime
) -> tuple[PollMemory, timedelta]:
    memory = _recovered(_followed(poll, answer, now), now)
    body_hash = _body_hash(answer.body)
    etag, last_modified = validators(answer.headers)
    same_validators = (etag, last_modified) == (memory.etag, memory.last_modified)
    if body_hash != memory.body_hash and memory.body_hash and same_validators and poll.why == "full":
        memory = replace(memory, lies=bool(etag or last_modified))
    if parsed is not None and parsed.partial:
        etag = last_modified = None
    memory = replace(memory, etag=etag, last_modified=last_modified, body_hash=body_hash, full_at=now)
    if parsed is not None:
        memory = _with_entries(poll, memory, parsed)
    return memory, _wait(poll, memory, answer, now)


def _after_unchanged(poll: Poll, answer: Snapshot, now: datetime) -> tuple[PollMemory, timedelta]:
    memory = _recovered(_followed(poll, answer, now), now)
    etag, last_modified = validators(answer.headers)
    if answer.status == 304:
        # RFC 9111 §4.3.4: a 304 updates what it repeats and leaves the rest.
        memory = replace(
            memory, etag=etag or memory.etag, last_modified=last_modified or memory.last_modified
        )
    else:
        memory = replace(memory, etag=etag, last_modified=last_modified, full_at=now)
    memory = replace(memory, interval_minutes=_adapted(poll, memory, share_new=0.0))
    return memory, _wait(poll, memory, answer, now)


def _after_failure(poll: Poll, failure: FetchFailure, now: datetime) -> tuple[PollMemory, timedelta]:
    memory = poll.memory
    status = failure.status
    asked = retry_after(failure.headers, now)
    if poll.why == "https":
        memory = replace(memory, https_tried_at=now)
    if status == 410:
        gone = memory.gone + 1
        memory, wait = _after_fault(poll, failure.kind, failure.reason, now)
        return replace(memory, gone=gone), GONE_AGAIN if gone >= GONE_TIMES else LONGEST_WAIT
    if status == 429 or (status == 403 and now - (memory.throttled_since or now) < THROTTLE_DAYS):
        throttled = memory.throttled + 1
        wait = _clamp(asked or _doubled(poll, throttled), poll.source.every, LONGEST_WAIT)
        memory = replace(
            memory,
            throttled=throttled,
            throttled_since=memory.throttled_since or now,
            paused_until=now + wait if status == 429 else memory.paused_until,
            reason=failure.reason,
        )
        return memory, wait
    memory, wait = _after_fault(poll, failure.kind, failure.reason, now)
    if asked is not None:
        wait = _clamp(asked, max(wait, poll.source.every), LONGEST_WAIT)
    if failure.kind == "refused":
        wait = LONGEST_WAIT
    return memory, wait


def _after_fault(poll: Poll, kind: str, reason: str, now: datetime) -> tuple[PollMemory, timedelta]:
    """One more failure: entries stay, validators go, the wait doubles up to a day and never ends."""
    memory = poll.memory
    failures = memory.failures + 1
    since = memory.failing_since or now
    memory = replace(
        memory,
        failures=failures,
        failing_since=since,
        failed_by=kind,
        reason=reason,
        down=failures >= DOWN_FAILURES and now - since >= DOWN_FOR,
        https_tried_at=now if poll.why == "https" else memory.https_tried_at,
        moved_to=None,
        moved_since=None,
        moved_times=0,
    )
    if kind == "not-a-feed":
        # The server may send the same validators with the error page and with the feed.
        memory = replace(memory, etag=None, last_modified=None)
    if failures >= MOVED_TIMES and memory.location:
        memory = replace(memory, location=None)
    return memory, _clamp(_doubled(poll, failures), poll.source.every, LONGEST_WAIT)


def _recovered(memory: PollMemory, now: datetime) -> PollMemory:
    return replace(
        memory,
        read_at=now,
        failures=0,
        failing_since=None,
        failed_by=None,
        reason=None,
        throttled=0,
        throttled_since=None,
        paused_until=None,
        gone=0,
        down=False,
    )


def _followed(poll: Poll, answer: Snapshot, now: datetime) -> PollMemory:
    """Moves the address after enough equal permanent redirects, or to https when only that still answers."""
    memory = poll.memory
    if poll.why == "https":
        return replace(memory, https_tried_at=now, location=poll.request.url)
    target = None
    for status, url in answer.redirects:
        if status not in (301, 308):
            break
        target = url
    if target is None:
        return replace(memory, moved_to=None, moved_since=None, moved_times=0)
    if target != memory.moved_to:
        return replace(memory, moved_to=target, moved_since=now, moved_times=1)
    times = memory.moved_times + 1
    since = memory.moved_since or now
    if times >= MOVED_TIMES and now - since >= MOVED_FOR:
        return replace(memory, location=target, moved_to=None, moved_since=None, moved_times=0)
    return replace(memory, moved_times=times)


def _same_feed(memory: PollMemory, parsed: ParsedFeed) -> bool:
    keys = {_short_hash(entry.canonical_url) for entry in parsed.entries}
    return not memory.seen or not keys.isdisjoint(memory.seen)


def _with_entries(poll: Poll, memory: PollMemory, parsed: ParsedFeed) -> PollMemory:
    seen = tuple(_short_hash(entry.canonical_url) for entry in parsed.entries[:REMEMBERED_ENTRIES])
    if memory.seen and seen:
        new = len(set(seen) - set(memory.seen)) / len(seen)
        memory = replace(memory, interval_minutes=_adapted(poll, memory, share_new=new))
    dates = [entry.published_at for entry in parsed.entries if entry.published_at]
    if memory.newest_at:
        dates.append(memory.newest_at)
    return replace(
        memory,
        seen=seen,
        entries=len(parsed.entries),
        hints=parsed.hints,
        newest_at=max(dates, default=None),
        reason=parsed.complaint or _unexpected(poll.source, len(parsed.entries)),
    )


def _unexpected(source: Source, entries: int) -> str | None:
    if source.expect is None or source.expect[0] <= entries <= source.expect[1]:
        return None
    least, most = source.expect
    return f"{entries} entries; {least} to {most} were expected"


# -- waiting ------------------------------------------------------------------------------------------


def _adapted(poll: Poll, memory: PollMemory, *, share_new: float) -> float:
    """Minutes to wait: shorter the more of the entries were new, longer the longer nothing is."""
    every = poll.source.every / timedelta(minutes=1)
    current = memory.interval_minutes or every
    if share_new >= 0.3:
        current /= 2
    elif share_new == 0:
        current *= 1.25
    longest = max(every, min(every * QUIET_FACTOR, LONGEST_WAIT / timedelta(minutes=1)))
    return max(every, min(current, longest))


def _wait(poll: Poll, memory: PollMemory, answer: Snapshot, now: datetime) -> timedelta:
    """The longest of what we, the headers and the document ask for; at most a day."""
    own = timedelta(minutes=memory.interval_minutes) if memory.interval_minutes else poll.source.every
    asked = [fresh_for(answer.headers, now)]
    for name in ("ttl_minutes", "update_minutes"):
        minutes = memory.hints.get(name)
        if isinstance(minutes, int | float) and 0 < minutes < 10**6:
            asked.append(timedelta(minutes=minutes))
    return max(own, min(max(asked), LONGEST_WAIT))


def _doubled(poll: Poll, times: int) -> timedelta:
    return min(poll.source.every * int(2 ** min(times, 20)), LONGEST_WAIT)


def _slot(poll: Poll, memory: PollMemory, wait: timedelta, now: datetime) -> datetime:
    """When the wait is over: a little later than asked, and not in hours the document excludes."""
    seed = hashlib.sha256(f"{poll.address.url} {now.isoformat()}".encode()).digest()
    spread = wait * JITTER * (int.from_bytes(seed[:4]) / 2**32)
    due = now + min(wait + spread, max(wait, LONGEST_WAIT))
    hours, days = memory.hints.get("skip_hours") or (), memory.hints.get("skip_days") or ()
    # A week has 168 hours; a document that excludes them all excludes none.
    for _ in range(168):
        if due.hour not in hours and f"{due:%A}".lower() not in days:
            return due
        due = due.replace(minute=due.minute // 4, second=0, microsecond=0) + timedelta(hours=1)
    return now + wait


def _clamp(wait: timedelta, least: timedelta, most: timedelta) -> timedelta:
    return max(min(least, most), min(wait, most))


def _body_hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:32]


def _short_hash(key: str) -> str:
    return hashlib.sha256(same_page_key(key).encode("utf-8", "replace")).hexdigest()[:8]
