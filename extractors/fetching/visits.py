"""One request from the first question (may it be asked at all?) to its answer: robots, hops, deadline."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit

import httpx

from extractors.addresses import host_of, origin, redact, web_address_fault
from extractors.fetching.exchange import (
    REDIRECTS,
    Answer,
    FetchError,
    exchange,
    request_headers,
)
from extractors.fetching.politeness import LeftAloneError, Politeness
from extractors.fetching.robots import (
    ALLOW_ALL,
    LARGEST,
    MOST_REDIRECTS,
    RobotsCache,
    RobotsRules,
    robots_url,
)
from extractors.fetching.settings import FetchSettings
from extractors.freshness import retry_after
from extractors.records import FetchFailure, Request, Snapshot

MOST_HOPS = 10
LARGE_BODIES = 8
"""Bodies beyond a small size that may be held at a time; with the cap on each this bounds the memory."""
NOT_REACHED = frozenset({"dns", "connect", "tls", "timeout"})
ROBOTS_ROLES = frozenset({"page", "article"})
"""What people read. Feeds, licence files and APIs are there for programs."""

# 408 and 425 ask to try again (RFC 9110 §15.5.9, RFC 8470 §5.2).
TRANSIENT_STATUS = frozenset({403, 408, 425, 429})
# A validator speaks of the document, wherever it was moved to; anything else we send is for its addressee.
_FOR_ANY_ORIGIN = frozenset({"user-agent", "accept", "accept-encoding", "if-none-match", "if-modified-since"})


class Permits:
    """A request's share of the memory: one for being under way, one more for a large body."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._held: list[asyncio.Semaphore] = []

    async def start(self) -> None:
        """Waits until few enough answers are under way or not yet taken."""
        await self._take(self._visitor.under_way)

    async def grow(self) -> None:
        """Waits until few enough large bodies are held; once is enough for a request that is sent again."""
        if self._visitor.large_bodies not in self._held:
            await self._take(self._visitor.large_bodies)

    def release(self) -> None:
        """Gives back whatever is held. To be called inside the loop."""
        while self._held:
            self._held.pop().release()

    async def _take(self, semaphore: asyncio.Semaphore) -> None:
        await semaphore.acquire()
        self._held.append(semaphore)


class Deadline:
    """The seconds one request may spend on the network, all hops together."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.spent = 0.0


class Visitor:
    """Makes requests for all callers of one event loop."""

    def __init__(
        self, settings: FetchSettings, client: httpx.AsyncClient, politeness: Politeness, robots: RobotsCache
    ) -> None:
        self._settings = settings
        self._client = client
        self._politeness = politeness
        self._robots = robots
        self._robots_tasks: dict[str, asyncio.Task[RobotsRules]] = {}
        self.under_way = asyncio.Semaphore(settings.connections)
        self.large_bodies = asyncio.Semaphore(LARGE_BODIES)

    async def answer(
        self, request: Request, permits: Permits, clock: Callable[[], datetime]
    ) -> Snapshot | FetchFailure:
        """The answer to a request, never an exception: whatever goes wrong is a failure of this request."""
        deadline = Deadline(self._settings.deadline_seconds)
        try:
            if fault := web_address_fault(request.url):
                raise FetchError("refused", f"not asked for: {fault}", transient=False)
            if request.role in ROBOTS_ROLES:
                await self._obey_robots(request.url, clock)
            return await self._follow(request, permits, deadline, clock)
        except FetchError as error:
            permits.release()
            return FetchFailure(
                url=request.url,
                at=clock(),
                kind=error.kind,
                reason=error.reason,
                transient=error.transient,
                seconds=deadline.spent,
                status=error.status,
                headers=error.headers,
            )
        except Exception as error:  # noqa: BLE001 - one strange server must not end the pass
            permits.release()
            reason = redact(f"{type(error).__name__}: {error}")
            return FetchFailure(
                url=request.url,
                at=clock(),
                kind="protocol",
                reason=reason,
                transient=False,
                seconds=deadline.spent,
            )

    async def _follow(
        self, request: Request, permits: Permits, deadline: Deadline, clock: Callable[[], datetime]
    ) -> Snapshot:
        headers = request_headers(request.role, self._settings.user_agent) | dict(request.headers)
        url, redirects = urldefrag(request.url).url, list[tuple[int, str]]()
        visited = {url}
        while True:
            url, headers = _with_credentials(url, headers)
            answer = await self._hop(url, headers, permits, deadline, clock)
            if answer.status not in REDIRECTS:
                break
            target = _target(url, answer, hops=len(redirects))
            if target in visited:
                raise FetchError("protocol", f"redirects in a circle, back to {target}", transient=False)
            visited.add(target)
            if request.role in ROBOTS_ROLES:
                permits.release()  # reading robots.txt takes a share of its own
                await self._obey_robots(target, clock)
            redirects.append((answer.status, redact(target)))
            if origin(target) != origin(url):
                headers = {name: value for name, value in headers.items() if name.lower() in _FOR_ANY_ORIGIN}
            url = target
        if answer.status == 206:
            raise FetchError("protocol", "HTTP 206, a part, although the whole was asked for", transient=True)
        if answer.status != 304 and not 200 <= answer.status < 300:
            raise FetchError(
                "http",
                f"HTTP {answer.status}",
                transient=answer.status in TRANSIENT_STATUS or answer.status >= 500,
                status=answer.status,
                headers=answer.headers,
            )
        return Snapshot(
            url=request.url,
            final_url=url,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            fetched_at=clock(),
            seconds=deadline.spent,
            redirects=tuple(redirects),
        )

    async def _hop(
        self,
        url: str,
        headers: Mapping[str, bytes],
        permits: Permits,
        deadline: Deadline,
        clock: Callable[[], datetime],
        *,
        cut_at: int | None = None,
    ) -> Answer:
        """One request to one address, in its turn."""
        permits.release()  # none is held while waiting for a turn, or those who have it could wait for ours

        try:
            async with self._politeness.visit(url, permits.start):
                answer = await self._timed(url, headers, permits, deadline, cut_at=cut_at)
        except LeftAloneError as error:
            # Transient and refused: nothing was sent, so it says nothing about this address.
            raise FetchError("refused", str(error), transient=True) from error
        except FetchError as error:
            if error.kind in NOT_REACHED:
                self._politeness.not_reached(url, was_load=error.kind == "timeout")
            else:
                self._politeness.reached(url)
            raise
        self._politeness.reached(url)
        if answer.status == 429:
            wait = retry_after(answer.headers, clock())
            asked = f" for {wait.total_seconds():.0f} s" if wait is not None else ""
            self._politeness.pause(
                url, f"{host_of(url)} asked to be left alone{asked} (HTTP 429) in this pass"
            )
        return answer

    async def _timed(
        self,
        url: str,
        headers: Mapping[str, bytes],
        permits: Permits,
        deadline: Deadline,
        *,
        cut_at: int | None,
    ) -> Answer:
        """The exchange, ended when its time is over; time waited for our own memory does not count."""
        started = time.monotonic()
        excused = 0.0
        try:
            async with asyncio.timeout(deadline.seconds - deadline.spent) as limit:

                async def grow() -> None:
                    nonlocal excused
                    before, when = time.monotonic(), limit.when()
                    limit.reschedule(None)
                    await permits.grow()
                    excused = time.monotonic() - before
                    limit.reschedule(None if when is None else when + excused)

                return await exchange(
                    self._client,
                    url,
                    headers,
                    cap=self._settings.body_cap if cut_at is None else cut_at,
                    cut=cut_at is not None,
                    grow=grow,
                )
        except TimeoutError as error:
            reason = f"no whole answer within {deadline.seconds:g} seconds"
            raise FetchError("timeout", reason, transient=True) from error
        finally:
            deadline.spent += time.monotonic() - started - excused

    # -- robots.txt -----------------------------------------------------------------------------------

    async def _obey_robots(self, url: str, clock: Callable[[], datetime]) -> None:
        """Raises FetchError when the page may not be asked for, or when that cannot be found out."""
        where = robots_url(url)
        rules = self._robots.get(where, clock())
        if rules is None:
            task = self._robots_tasks.get(where)
            if task is None:
                task = self._robots_tasks[where] = asyncio.create_task(self._read_robots(where, clock))
                task.add_done_callback(_look_at_outcome)
            rules = await asyncio.shield(task)
        self._politeness.slow_down(url, rules.crawl_delay)
        if not rules.allows(url):
            raise FetchError("robots", f"robots.txt of {host_of(url)} forbids this page", transient=False)

    async def _read_robots(self, where: str, clock: Callable[[], datetime]) -> RobotsRules:
        permits, deadline = Permits(self), Deadline(self._settings.deadline_seconds)
        url, headers = where, request_headers("robots", self._settings.user_agent)
        try:
            for hops in range(MOST_REDIRECTS + 1):
                answer = await self._hop(url, headers, permits, deadline, clock, cut_at=LARGEST)
                if answer.status not in REDIRECTS:
                    break
                url = _target(url, answer, hops=hops)
        except FetchError as error:
            reason = f"robots.txt cannot be read: {error.reason}"
            raise FetchError(error.kind, reason, transient=error.transient, status=error.status) from error
        finally:
            permits.release()
        if answer.status == 429 or answer.status >= 500:
            # RFC 9309 §2.3.1.4: who cannot say what is allowed allows nothing.
            reason = f"robots.txt of {host_of(where)} answers HTTP {answer.status}, so its pages wait"
            raise FetchError("robots", reason, transient=True, status=answer.status)
        text = answer.body.decode("utf-8", "replace") if 200 <= answer.status < 300 else ALLOW_ALL
        return self._robots.put(where, text, clock())


def _target(url: str, answer: Answer, *, hops: int) -> str:
    """Where a redirect leads. Raises FetchError when that is nowhere."""
    written = (answer.header("location") or "").strip()
    if not written:
        raise FetchError("protocol", f"HTTP {answer.status} without a Location to go to", transient=False)
    if hops >= MOST_HOPS:
        raise FetchError("protocol", f"more than {MOST_HOPS} redirects", transient=False)
    with contextlib.suppress(UnicodeError):  # most servers that write beyond ASCII mean UTF-8
        written = written.encode("latin-1").decode("utf-8")
    try:
        target = urldefrag(urljoin(url, written.replace(" ", "%20"))).url
    except ValueError as error:
        raise FetchError(
            "protocol", f"redirected to '{written[:100]}', no address", transient=False
        ) from error
    if fault := web_address_fault(target):
        raise FetchError("refused", f"redirected to '{target[:100]}': {fault}", transient=False)
    return target


def _with_credentials(url: str, headers: Mapping[str, bytes]) -> tuple[str, dict[str, bytes]]:
    """The address without user and password, and the header that says them instead (RFC 7617)."""
    parts = urlsplit(url)
    if parts.username is None:
        return url, dict(headers)
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    authorization = b"Basic " + base64.b64encode(pair.encode())
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return bare, {**headers, "Authorization": authorization}


def _look_at_outcome(task: asyncio.Task[RobotsRules]) -> None:
    # Whoever waited may have been cancelled; an error nobody looks at would be reported as a fault of ours.
    if not task.cancelled():
        task.exception()
