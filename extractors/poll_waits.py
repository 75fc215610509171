"""How long to wait before an address is asked again, from what we, its headers and its document want."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from extractors.freshness import LONGEST_WAIT, fresh_for
from extractors.poll_memory import PollMemory
from extractors.polls import Poll
from extractors.records import Snapshot

QUIET_FACTOR = 3
"""An address without news is asked at most this many times less often than its source wishes."""
JITTER = 0.15
"""Share of a wait that is added by hash, so that addresses polled together drift apart."""


def adapted_interval(poll: Poll, memory: PollMemory, *, share_new: float) -> float:
    """Minutes to wait: shorter the more of the entries were new, longer the longer nothing is."""
    every = poll.source.every / timedelta(minutes=1)
    current = memory.interval_minutes or every
    if share_new >= 0.3:
        current /= 2
    elif share_new == 0:
        current *= 1.25
    longest = max(every, min(every * QUIET_FACTOR, LONGEST_WAIT / timedelta(minutes=1)))
    return max(every, min(current, longest))


def wait_after_reading(poll: Poll, memory: PollMemory, answer: Snapshot, now: datetime) -> timedelta:
    """The longest of what we, the headers and the document ask for; at most a day."""
    own = timedelta(minutes=memory.interval_minutes) if memory.interval_minutes else poll.source.every
    asked = [fresh_for(answer.headers, now)]
    for name in ("ttl_minutes", "update_minutes"):
        minutes = memory.hints.get(name)
        if isinstance(minutes, int | float) and 0 < minutes < 10**6:
            asked.append(timedelta(minutes=minutes))
    return max(own, min(max(asked), LONGEST_WAIT))


def doubled_wait(poll: Poll, times: int) -> timedelta:
    """The source's own interval, doubled so many times; at most a day."""
    return min(poll.source.every * int(2 ** min(times, 20)), LONGEST_WAIT)


def next_slot(poll: Poll, memory: PollMemory, wait: timedelta, now: datetime) -> datetime:
    """When the wait is over: a little later than asked, and not in hours the document excludes."""
    seed = hashlib.sha256(f"{poll.address.url} {now.isoformat()}".encode()).digest()
    spread = wait * JITTER * (int.from_bytes(seed[:4]) / 2**32)
    due = now + min(wait + spread, max(wait, LONGEST_WAIT))
    for _ in range(168):  # hours of a week
        if not is_excluded(memory, due):
            return due
        due = due.replace(minute=due.minute // 4, second=0, microsecond=0) + timedelta(hours=1)
    return now + wait


def is_excluded(memory: PollMemory, moment: datetime) -> bool:
    """Whether the document asks not to be asked for in this hour or on this day.

    One that excludes every hour, or every day, excludes none.
    """
    hours, days = (set(memory.hints.get(name) or ()) for name in ("skip_hours", "skip_days"))
    return (len(hours) < 24 and moment.hour in hours) or (len(days) < 7 and f"{moment:%A}".lower() in days)


def clamp_wait(wait: timedelta, least: timedelta, most: timedelta) -> timedelta:
    """The wait within bounds; a lower bound beyond the upper one gives way."""
    return max(min(least, most), min(wait, most))
