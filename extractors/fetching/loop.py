"""The event loop in which requests wait, run and end, in a thread of its own."""

from __future__ import annotations

import asyncio
import os
import queue
import ssl
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache

import httpx

from extractors.errors import ConfigurationError
from extractors.fetching.exchange import CONNECT_SECONDS
from extractors.fetching.network import CheckedBackend, Resolver, SingleConnections, client_over
from extractors.fetching.politeness import HostMemory, Politeness
from extractors.fetching.robots import RobotsCache
from extractors.fetching.settings import FetchSettings
from extractors.fetching.visits import Permits, Visitor
from extractors.records import FetchFailure, Request, Snapshot

Deliveries = queue.SimpleQueue["Delivery"]


class Delivery:
    """An answer on its way to the caller. Until it is taken it counts as work under way."""

    def __init__(self, answer: Snapshot | FetchFailure, permits: Permits, loop: FetchLoop) -> None:
        self._answer = answer
        self._permits = permits
        self._loop = loop

    def take(self) -> Snapshot | FetchFailure:
        """The answer; another request may now take its place."""
        self._loop.call(self._permits.release)
        return self._answer


class FetchLoop:
    """Starts with its creation and ends with `close`."""

    def __init__(self, settings: FetchSettings, hosts: HostMemory, robots: RobotsCache) -> None:
        self._settings = settings
        self._hosts = hosts
        self._robots = robots
        if any(_authorities()):
            _tls_context(*_authorities())  # a mistake in the settings is told before anything is asked for
        self._ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._live()), name="ajar-fetch", daemon=True
        )
        self._thread.start()
        self._ready.wait()

    def new_batch(self, deliveries: Deliveries, *, now: datetime, started: float) -> Batch:
        """Requests whose answers go to one caller. `now` was the time at `started` of the monotonic clock."""
        return Batch(self, deliveries, now, started)

    def close(self) -> None:
        """Ends all requests, closes all connections and waits for the thread."""
        self.call(self._stopping.set)
        self._thread.join()

    def call(self, function: Callable[..., object], *arguments: object) -> None:
        """Calls a function inside the loop, soon."""
        self.loop.call_soon_threadsafe(function, *arguments)

    async def _live(self) -> None:
        settings = self._settings
        self.loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        resolver = Resolver()
        backend = CheckedBackend(
            resolver, allow_private=settings.allow_private, connect_to=settings.connect_to
        )
        transport = SingleConnections(backend, lambda: _tls_context(*_authorities()))
        client = client_over(transport, connect_seconds=min(CONNECT_SECONDS, settings.deadline_seconds / 2))
        politeness = Politeness(
            self._hosts,
            gap_seconds=settings.host_gap_seconds,
            connections=settings.host_connections,
            separate_hosts=settings.separate_hosts,
        )
        self.visitor = Visitor(settings, client, politeness, self._robots)
        self._ready.set()
        try:
            await self._stopping.wait()
        finally:
            await client.aclose()
            resolver.close()


class Batch:
    """The requests of one caller."""

    def __init__(self, loop: FetchLoop, deliveries: Deliveries, now: datetime, started: float) -> None:
        self._loop = loop
        self._deliveries = deliveries
        self._now = now
        self._started = started
        self._tasks: set[asyncio.Task[None]] = set()

    def submit(self, request: Request) -> None:
        """Takes a request; its answer is put into the queue when it is there."""
        self._loop.call(self._start, request)

    def cancel(self) -> None:
        """Ends the requests still under way, and gives back their shares and those of answers nobody took."""
        asyncio.run_coroutine_threadsafe(self._cancel(), self._loop.loop).result()
        while not self._deliveries.empty():
            self._deliveries.get().take()

    def _start(self, request: Request) -> None:
        task = self._loop.loop.create_task(self._answer(request))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, request: Request) -> None:
        permits = Permits(self._loop.visitor)
        try:
            answer = await self._loop.visitor.answer(request, permits, self._time)
        except BaseException:
            permits.release()
            raise
        self._deliveries.put(Delivery(answer, permits, self._loop))

    async def _cancel(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _time(self) -> datetime:
        return self._now + timedelta(seconds=time.monotonic() - self._started)


def _authorities() -> tuple[str | None, str | None]:
    """File and folder of certificates, as the environment names them."""
    return os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")


@cache
def _tls_context(file: str | None, folder: str | None) -> ssl.SSLContext:
    """The authorities that certificates are checked against: certifi's, or those of SSL_CERT_FILE.

    Made once for each setting, when it is needed: reading the certificates takes as long as ten requests.
    """
    try:
        return httpx.create_ssl_context()
    except OSError as error:
        raise ConfigurationError(
            f"SSL_CERT_FILE or SSL_CERT_DIR in the environment is '{file or folder}': {error}; "
            "name a file of certificates in PEM, or take it out"
        ) from error
