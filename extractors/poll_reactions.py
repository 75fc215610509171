"""What an answer changes in the memory of its address, and how long to wait after it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta

from extractors.addresses import same_page_key
from extractors.freshness import LONGEST_WAIT, retry_after, validators
from extractors.poll_memory import PollMemory
from extractors.poll_waits import adapted_interval, clamp_wait, doubled_wait, wait_after_reading
from extractors.polls import Poll
from extractors.records import FetchFailure, ParsedFeed, Snapshot, Source

THROTTLE_DAYS = timedelta(days=3)
"""Some hosts answer 403 to those who come too often; only after this long is it a refusal."""
MOVED_TIMES, MOVED_FOR = 5, timedelta(days=3)
"""A permanent redirect is believed after this many equal ones over this long: parking pages redirect too."""
GONE_TIMES, GONE_AGAIN = 2, timedelta(days=30)
"""After two answers of 410 an address rests, but is looked at once a month: nothing is silent for ever."""
DOWN_FOR, DOWN_FAILURES = timedelta(days=2), 3
"""An address that failed this often over this long is reported as down, once."""
REMEMBERED_ENTRIES = 300


def after_reading(
    poll: Poll, answer: Snapshot, parsed: ParsedFeed | None, now: datetime
) -> tuple[PollMemory, timedelta]:
    """A body that was not seen before, as a document or, when `parsed` is None, as a watched file."""
    memory = _recovered(_followed(poll, answer, now), now)
    body_hash = body_hash_of(answer.body)
    etag, last_modified = validators(answer.headers)
    remembered = (memory.etag, memory.last_modified)
    if any(remembered) and (etag, last_modified) == remembered and body_hash != memory.body_hash:
        # Another body under the same validators: a 304 of this server means nothing.
        memory = replace(memory, lies=True)
    if parsed is not None and parsed.partial:
        etag = last_modified = None
    memory = replace(memory, etag=etag, last_modified=last_modified, body_hash=body_hash, full_at=now)
    if parsed is not None:
        memory = _with_entries(poll, memory, parsed)
    return memory, wait_after_reading(poll, memory, answer, now)


def after_unchanged(poll: Poll, answer: Snapshot, now: datetime) -> tuple[PollMemory, timedelta]:
    """A 304, or the body of last time: as good an answer as any."""
    memory = _recovered(_followed(poll, answer, now), now)
    etag, last_modified = validators(answer.headers)
    if answer.status == 304:
        # RFC 9111 §4.3.4: a 304 updates what it repeats and leaves the rest.
        memory = replace(
            memory, etag=etag or memory.etag, last_modified=last_modified or memory.last_modified
        )
    else:
        memory = replace(memory, etag=etag, last_modified=last_modified, full_at=now)
    memory = replace(memory, interval_minutes=adapted_interval(poll, memory, share_new=0.0))
    return memory, wait_after_reading(poll, memory, answer, now)


def after_failure(poll: Poll, failure: FetchFailure, now: datetime) -> tuple[PollMemory, timedelta]:
    """No answer, or one with an error status."""
    memory = poll.memory
    if not was_asked(failure):
        return memory, timedelta()
    status = failure.status
    asked = retry_after(failure.headers, now)
    if poll.why == "https":
        memory = replace(memory, https_tried_at=now)
    if status == 410:
        gone = memory.gone + 1
        memory, wait = after_fault(poll, failure.kind, failure.reason, now)
        return replace(memory, gone=gone), GONE_AGAIN if gone >= GONE_TIMES else LONGEST_WAIT
    if status == 429 or (status == 403 and now - (memory.throttled_since or now) < THROTTLE_DAYS):
        throttled = memory.throttled + 1
        wait = clamp_wait(asked or doubled_wait(poll, throttled), poll.source.every, LONGEST_WAIT)
        memory = replace(
            memory,
            throttled=throttled,
            throttled_since=memory.throttled_since or now,
            paused_until=now + wait if status == 429 else memory.paused_until,
            reason=failure.reason,
        )
        return memory, wait
    memory, wait = after_fault(poll, failure.kind, failure.reason, now)
    if status in (400, 412, 431):  # perhaps it cannot stand the conditions it was asked with
        memory = replace(memory, etag=None, last_modified=None)
    if asked is not None:
        wait = clamp_wait(asked, max(wait, poll.source.every), LONGEST_WAIT)
    if failure.kind == "refused":
        wait = LONGEST_WAIT
    return memory, wait


def was_asked(failure: FetchFailure) -> bool:
    """False when the request was held back, because its host wanted a pause or was silent in this pass."""
    return not (failure.kind == "refused" and failure.transient)


def after_fault(poll: Poll, kind: str, reason: str, now: datetime) -> tuple[PollMemory, timedelta]:
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
    return memory, clamp_wait(doubled_wait(poll, failures), poll.source.every, LONGEST_WAIT)


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


def is_same_feed(memory: PollMemory, parsed: ParsedFeed) -> bool:
    """True when the document shares an entry with the one read last, or nothing is remembered of that."""
    keys = {_short_hash(entry.canonical_url) for entry in parsed.entries}
    return not memory.seen or not keys.isdisjoint(memory.seen)


def _with_entries(poll: Poll, memory: PollMemory, parsed: ParsedFeed) -> PollMemory:
    seen = tuple(_short_hash(entry.canonical_url) for entry in parsed.entries[:REMEMBERED_ENTRIES])
    if memory.seen and seen:
        new = len(set(seen) - set(memory.seen)) / len(seen)
        memory = replace(memory, interval_minutes=adapted_interval(poll, memory, share_new=new))
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


def body_hash_of(body: bytes) -> str:
    """What is remembered of a body, to know it again."""
    return hashlib.sha256(body).hexdigest()[:32]


def _short_hash(key: str) -> str:
    return hashlib.sha256(same_page_key(key).encode("utf-8", "replace")).hexdigest()[:8]
