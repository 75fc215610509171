"""What a request costs: pages of one server without latency, and unchanged feeds of many hosts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from extractors.fetch import Fetcher, FetchSettings
from extractors.records import Request, Snapshot
from tests.extractors.fast_server import running

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
COUNT = 500


@pytest.fixture
def port() -> Iterator[int]:
    with running(0.0) as port:
        yield port


def test_500_pages_of_one_server(benchmark: BenchmarkFixture, port: int) -> None:
    requests = [Request(url=f"http://127.0.0.1:{port}/{n}", role="article") for n in range(COUNT)]

    def read() -> int:
        fetcher = Fetcher(FetchSettings(allow_private=True))
        return sum(isinstance(answer, Snapshot) for answer in fetcher.fetch_many(requests, NOW))

    assert benchmark(read) == COUNT


def test_500_unchanged_feeds_of_500_hosts(benchmark: BenchmarkFixture, port: int) -> None:
    hosts = {f"paper{n}.example": ("127.0.0.1", port) for n in range(COUNT)}
    version = (("If-None-Match", b'"1"'),)
    requests = [Request(url=f"http://{host}/feed", role="feed", headers=version) for host in hosts]

    def read() -> int:
        fetcher = Fetcher(FetchSettings(connect_to=hosts, host_gap_seconds=0))
        return sum(
            isinstance(answer, Snapshot) and answer.status == 304
            for answer in fetcher.fetch_many(requests, NOW)
        )

    assert benchmark(read) == COUNT
