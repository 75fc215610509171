"""How fast a pass is, what it costs, and that bad hosts do not slow it down. Limits are those of the docs."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from extractors.fetch import Fetcher, FetchSettings
from extractors.fetching.politeness import OWN_MACHINE_CONNECTIONS
from extractors.records import Request, Snapshot
from tests.extractors.fast_server import running

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATENCY = 0.05


@pytest.fixture
def idle_machine() -> None:
    """Times say nothing about the fetcher while other programs want the processor more than it does."""
    if os.getloadavg()[0] > (os.cpu_count() or 1):
        pytest.skip("the machine is busy with something else")


def fetcher_for(port: int, hosts: Iterable[str]) -> Fetcher:
    connect_to = dict.fromkeys(hosts, ("127.0.0.1", port))
    return Fetcher(FetchSettings(connect_to=connect_to, host_gap_seconds=0.0, deadline_seconds=20.0))


def seconds_until_all_healthy(port: int, healthy: list[str], sick: list[str]) -> float:
    """From the start of a pass to the last answer of a healthy host; the sick ones are then given up."""
    fetcher = fetcher_for(port, [*healthy, *sick])
    # Sick hosts stand between healthy ones, as in a catalogue.
    every = len(healthy) // (len(sick) or 1) or 1
    requests = []
    for number, host in enumerate(healthy):
        if sick and number % every == 0:
            requests.append(Request(url=f"http://{sick.pop()}/feed", role="feed"))
        requests.append(Request(url=f"http://{host}/feed", role="feed"))
    started, left = time.monotonic(), len(healthy)
    answers = fetcher.fetch_many(requests, NOW)
    for answer in answers:
        left -= isinstance(answer, Snapshot)
        if left == 0:
            break
    seconds = time.monotonic() - started
    answers.close()
    return seconds


@pytest.mark.long
@pytest.mark.usefixtures("idle_machine")
def test_silent_and_dripping_hosts_do_not_slow_the_others() -> None:
    healthy = [f"fine{n}.example" for n in range(1800)]
    sick = [f"silent{n}.example" for n in range(100)] + [f"drip{n}.example" for n in range(100)]
    with running(LATENCY) as port:
        without = min(seconds_until_all_healthy(port, healthy, []) for _ in range(2))
        beside_them = min(seconds_until_all_healthy(port, healthy, list(sick)) for _ in range(2))
    assert beside_them <= 1.25 * without, f"{beside_them:.2f} s instead of {without:.2f} s"


@pytest.mark.long
@pytest.mark.usefixtures("idle_machine")
def test_pages_of_this_machine_take_at_most_twice_what_its_latency_dictates() -> None:
    count = 2000
    with running(LATENCY) as port:
        fetcher = Fetcher(FetchSettings(allow_private=True))
        requests = [Request(url=f"http://127.0.0.1:{port}/{n}", role="article") for n in range(count)]
        started = time.monotonic()
        read = sum(isinstance(answer, Snapshot) for answer in fetcher.fetch_many(requests, NOW))
        seconds = time.monotonic() - started
    assert read == count
    dictated = count * LATENCY / OWN_MACHINE_CONNECTIONS
    assert seconds <= 2 * dictated, f"{seconds:.2f} s instead of {dictated:.2f} s"


def test_a_thousand_unchanged_feeds_cost_little_processor_time() -> None:
    hosts = [f"paper{n}.example" for n in range(1000)]
    version = (("If-None-Match", b'"1"'),)
    with running(0.0) as port:
        fetcher = fetcher_for(port, hosts)
        requests = [Request(url=f"http://{host}/feed", role="feed", headers=version) for host in hosts]
        started = time.process_time()
        answers = list(fetcher.fetch_many(requests, NOW))
        seconds = time.process_time() - started
    assert all(isinstance(answer, Snapshot) and answer.status == 304 for answer in answers)
    assert seconds < 10
