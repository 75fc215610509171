"""Fetches: many requests in, snapshots and failures out as they finish, from ordinary synchronous code.

    fetcher = Fetcher(FetchSettings(contact="press-watch@example.org"))
    for answer in fetcher.fetch_many(requests, now):
        ...

Inside is an event loop in a thread of its own, alive while somebody fetches. One `Fetcher` is one pass: what
it learns of a host (its gap, a pause it asked for, that it is out of reach) holds for all its requests.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain

from extractors.fetching.loop import Delivery, FetchLoop
from extractors.fetching.politeness import HostMemory
from extractors.fetching.robots import RobotsCache
from extractors.fetching.settings import FetchSettings
from extractors.records import FetchFailure, Request, Snapshot

MOST_WAITING = 5000
"""Requests taken from the caller and not yet answered: enough that a slow domain does not stop the others."""

__all__ = ["FetchSettings", "Fetcher"]

# Both write whole addresses, tokens and passwords included, at INFO and DEBUG.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class Fetcher:
    """Fetches for one pass. Usable from several threads; leaves neither thread nor socket behind."""

    def __init__(self, settings: FetchSettings) -> None:
        self.settings = settings
        self._hosts = HostMemory()
        self._robots = RobotsCache(settings.robots_file)
        self._lock = threading.Lock()
        self._users = 0
        self._loop: FetchLoop | None = None

    def fetch_many(
        self, requests: Iterable[Request], now: datetime
    ) -> Generator[Snapshot | FetchFailure, None, None]:
        """The answer to every request, in the order they finish.

        `requests` may be produced lazily, but must not wait for answers still to come: it is asked for the
        next one in the caller's own thread. At most a few hundred answers wait to be taken, so whoever takes
        them slowly slows the fetching and does not fill the memory. Closing the iterator ends the requests
        under way.
        """
        deliveries: queue.SimpleQueue[Delivery] = queue.SimpleQueue()
        started = time.monotonic()
        waiting = 0
        requests = iter(requests)
        if (first := next(requests, None)) is None:
            return
        with self._running() as loop:
            batch = loop.new_batch(deliveries, now=now, started=started)
            try:
                for request in chain((first,), requests):
                    batch.submit(request)
                    waiting += 1
                    while waiting >= MOST_WAITING or not deliveries.empty():
                        waiting -= 1
                        yield deliveries.get().take()
                while waiting:
                    waiting -= 1
                    yield deliveries.get().take()
            finally:
                batch.cancel()
        self._robots.save(now)

    def fetch(self, request: Request, now: datetime) -> Snapshot | FetchFailure:
        """The answer to one request."""
        return next(iter(list(self.fetch_many([request], now))))

    @contextmanager
    def _running(self) -> Iterator[FetchLoop]:
        """The loop, started for its first user and ended with its last."""
        with self._lock:
            if self._loop is None:
                self._loop = FetchLoop(self.settings, self._hosts, self._robots)
            loop = self._loop
            self._users += 1
        try:
            yield loop
        finally:
            with self._lock:
                self._users -= 1
                if self._users == 0:
                    self._loop = None
                    loop.close()
