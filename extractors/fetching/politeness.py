"""Who may be asked now: spacing and concurrency per registrable domain, pauses asked for, hosts out of reach.

What is learnt of hosts lasts as long as the `HostMemory`, that is for a whole pass over feeds and pages;
the gates live as long as the event loop they wait in.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from extractors.addresses import host_of, is_own_machine, registrable_domain

OWN_MACHINE_CONNECTIONS = 32
UNREACHABLE_TIMES = 3
"""After so many failures in a row to reach a host it is left alone for the rest of the pass."""
LONGEST_CRAWL_DELAY = 60.0
"""Seconds. A robots.txt that asks for more would keep a pass waiting for hours."""


class LeftAloneError(Exception):
    """The host is not asked again in this pass. The message is the reason, for people."""


@dataclass(slots=True)
class HostMemory:
    """What a pass learns of the hosts it asks."""

    next_start: dict[str, float] = field(default_factory=dict)
    """Earliest start of the next request to a group, as `time.monotonic()`."""
    crawl_delay: dict[str, float] = field(default_factory=dict)
    """Seconds between starts that a group's robots.txt asks for."""
    unreachable: dict[str, int] = field(default_factory=dict)
    """Failures to reach a host, in a row."""
    pauses: dict[str, str] = field(default_factory=dict)
    """Groups that asked to be left alone, with the reason."""


class _Gate:
    def __init__(self, connections: int) -> None:
        self.connections = asyncio.Semaphore(connections)
        self.turn = asyncio.Lock()


class Politeness:
    """Lets requests through one gate per registrable domain.

    The user's own machine, named as such in the address, has a wide gate and no gap.
    """

    def __init__(
        self,
        memory: HostMemory,
        *,
        gap_seconds: float,
        connections: int,
        separate_hosts: Collection[str] = (),
    ) -> None:
        self._memory = memory
        self._gap = gap_seconds
        self._connections = connections
        self._separate = frozenset(separate_hosts)
        self._gates: dict[str, _Gate] = {}

    @asynccontextmanager
    async def visit(self, url: str, ready: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """Waits for the domain's turn, then for `ready` (our own share), and lets the request start.

        The gap counts between real starts, so nothing else of the domain starts while `ready` waits.
        Raises LeftAloneError when the host is not to be asked any more.
        """
        host, group = host_of(url), self._group_of(url)
        own = is_own_machine(host)
        gate = self._gates.get(group)
        if gate is None:
            gate = self._gates[group] = _Gate(OWN_MACHINE_CONNECTIONS if own else self._connections)
        async with gate.connections:
            async with gate.turn:
                self._refuse(host, group)
                while not own and (wait := self._memory.next_start.get(group, 0.0) - time.monotonic()) > 0:
                    await asyncio.sleep(wait)
                    self._refuse(host, group)
                await ready()
                gap = max(self._gap, self._memory.crawl_delay.get(group, 0.0))
                self._memory.next_start[group] = time.monotonic() + gap
            yield

    def reached(self, url: str) -> None:
        """The host answered, whatever it said."""
        self._memory.unreachable.pop(host_of(url), None)

    def not_reached(self, url: str, *, was_load: bool) -> None:
        """The host did not answer. `was_load` False: nothing arrived there, so the next need not wait."""
        host = host_of(url)
        self._memory.unreachable[host] = self._memory.unreachable.get(host, 0) + 1
        if not was_load:
            self._memory.next_start.pop(self._group_of(url), None)

    def pause(self, url: str, reason: str) -> None:
        """The domain asked to be left alone: nothing of it is asked for the rest of the pass."""
        self._memory.pauses[self._group_of(url)] = reason

    def slow_down(self, url: str, seconds: float | None) -> None:
        """Keeps to the Crawl-delay of a robots.txt; None: it names none."""
        if seconds is not None:
            self._memory.crawl_delay[self._group_of(url)] = min(seconds, LONGEST_CRAWL_DELAY)

    def _group_of(self, url: str) -> str:
        host = host_of(url)
        return host if host in self._separate else registrable_domain(host)

    def _refuse(self, host: str, group: str) -> None:
        if (reason := self._memory.pauses.get(group)) is not None:
            raise LeftAloneError(reason)
        if (times := self._memory.unreachable.get(host, 0)) >= UNREACHABLE_TIMES:
            raise LeftAloneError(
                f"{host} could not be reached {times} times in this pass and is not asked again in it"
            )
