"""Days of polling in a moment: publisher and clock are simulated, everything else is the real thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from extractors.feeds import parse_feed
from extractors.records import (
    Address,
    AddressState,
    FetchFailure,
    FetchRow,
    NotAFeed,
    ParsedFeed,
    Request,
    Snapshot,
    Source,
    Tier,
)
from extractors.schedule import Poll, after_answer, forgive_outage, needs_parsing, plan_polls
from extractors.watched_files import read_watched_file

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FEED = "https://paper.example/feed"

Answer = Snapshot | FetchFailure
Publisher = Callable[[Request, datetime], Answer]


def source(
    *urls: str, id: str = "paper", tier: Tier = "press", every: timedelta = HOUR, **fields: Any
) -> Source:
    """A source with feeds at these addresses."""
    addresses = tuple(Address(url=url, role="feed") for url in urls or (FEED,))
    actor = "Paper" if tier == "official" else None
    return Source(
        id=id,
        publisher="Paper",
        language="en",
        tier=tier,
        actor=actor,
        addresses=addresses,
        every=every,
        **fields,
    )


def rss(*entries: str, channel: str = "") -> bytes:
    """An RSS document with entries of these names."""
    items = "".join(
        f"<item><title>{name}</title><link>https://paper.example/{name}</link><guid>{name}</guid></item>"
        for name in entries
    )
    return f'<rss version="2.0"><channel><title>Paper</title>{channel}{items}</channel></rss>'.encode()


def said(
    request: Request,
    now: datetime,
    body: bytes = b"",
    status: int = 200,
    *,
    redirects: Sequence[tuple[int, str]] = (),
    **headers: str,
) -> Answer:
    """An answer; header names with `_` for `-`. From a status of 400 it is a failure, as with the fetcher."""
    pairs = tuple((name.replace("_", "-").lower(), value) for name, value in headers.items())
    if status >= 400:
        return FetchFailure(
            url=request.url, at=now, kind="http", reason=f"HTTP {status}", seconds=0.1, status=status,
            transient=status in (403, 429) or status >= 500, headers=pairs,
        )  # fmt: skip
    return Snapshot(
        url=request.url, final_url=redirects[-1][1] if redirects else request.url, status=status,
        headers=pairs, body=body, fetched_at=now, seconds=0.1, redirects=tuple(redirects),
    )  # fmt: skip


def unreachable(request: Request, now: datetime, kind: Any = "connect") -> FetchFailure:
    """No answer at all."""
    return FetchFailure(
        url=request.url, at=now, kind=kind, reason="no connection", transient=True, seconds=1.0
    )


def conditional(body: bytes, etag: str = '"1"') -> Publisher:
    """A server that knows its validators."""

    def answer(request: Request, now: datetime) -> Answer:
        if sent(request, "If-None-Match") == etag:
            return said(request, now, status=304, etag=etag)
        return said(request, now, body, etag=etag)

    return answer


def sent(request: Request, name: str) -> str | None:
    """The value of a header as the server reads it."""
    return next((value.decode("latin-1") for key, value in request.headers if key == name), None)


@dataclass(frozen=True)
class Visit:
    """One poll of the simulation and what came of it."""

    at: datetime
    poll: Poll
    answer: Answer
    parsed: ParsedFeed | NotAFeed | None
    state: AddressState
    row: FetchRow


@dataclass
class Days:
    """Runs a pass every so many minutes and remembers everything."""

    sources: Sequence[Source]
    publisher: Publisher
    now: datetime = START
    states: dict[str, AddressState] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)

    def pass_once(self, *, force: bool = False, **planning: Any) -> list[Visit]:
        """One pass at the present moment."""
        visits = []
        for poll in plan_polls(self.sources, self.states, self.now, force=force, **planning):
            answer = self.publisher(poll.request, self.now)
            parsed: ParsedFeed | NotAFeed | None = None
            if isinstance(answer, Snapshot) and needs_parsing(poll, answer):
                parsed = self._parsed(poll, answer)
            state, row = after_answer(poll, answer, parsed, self.now)
            visits.append(Visit(self.now, poll, answer, parsed, state, row))
        outcomes = [(visit.poll, visit.answer, visit.state) for visit in visits]
        for index, state in enumerate(forgive_outage(outcomes, self.now)):
            visits[index] = replace(visits[index], state=state)
            self.states[state.url] = state
        self.visits += visits
        return visits

    def _parsed(self, poll: Poll, answer: Snapshot) -> ParsedFeed | NotAFeed:
        if poll.address.role == "licence":
            return read_watched_file(answer, previous=poll.memory.hints.get("watched"), source=poll.source)
        return parse_feed(
            answer.body, url=answer.final_url, headers=answer.headers, source_id=poll.source.id,
            language="en", now=self.now,
        )  # fmt: skip

    def go(self, duration: timedelta, *, step: timedelta = 15 * MINUTE) -> Days:
        """Passes until the duration is over."""
        until = self.now + duration
        while self.now < until:
            self.pass_once()
            self.now += step
        return self

    def waits(self) -> list[timedelta]:
        """From each visit to the moment its address is due again."""
        return [visit.state.next_due_at - visit.at for visit in self.visits]

    def outcomes(self) -> list[str]:
        """What came of each visit."""
        return [visit.row.outcome for visit in self.visits]


def script(answers: Iterable[Publisher], then: Publisher | None = None) -> Publisher:
    """Answers in this order, the last one (or `then`) for ever."""
    left = list(answers)

    def answer(request: Request, now: datetime) -> Answer:
        if then is None:
            return (left.pop(0) if len(left) > 1 else left[0])(request, now)
        return (left.pop(0) if left else then)(request, now)

    return answer


def says(body: bytes = b"", status: int = 200, **more: Any) -> Publisher:
    """A server that always says the same."""
    return lambda request, now: said(request, now, body, status, **more)
