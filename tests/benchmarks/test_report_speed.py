"""The report of five thousand shifts: how long it takes to make and to load, and how large it is.

The shifts stand in five_thousand_shifts.sql. The budgets are those of two idle cores: making it, imports included,
in under 3 s; loading it in under a second; less than 3 MB.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_benchmark.fixture import BenchmarkFixture

from flows.openness_report.published import PAGE_NAME
from warehouse.database import open_warehouse, publish

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the published copy."""
    home = tmp_path_factory.mktemp("five-thousand")
    with open_warehouse(home / "ajar.duckdb", now=NOW) as warehouse:
        warehouse.connection.execute(Path(__file__).with_name("five_thousand_shifts.sql").read_text("utf-8"))
    publish(home / "ajar.duckdb", home / "ajar-latest.duckdb")
    return home


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        yield browser
        browser.close()


def make(home: Path) -> Path:
    """`ajar report`, in a process of its own as people call it."""
    command = [sys.executable, "-m", "flows", "report", "--warehouse", str(home / "ajar.duckdb")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return home / "reports" / PAGE_NAME


def test_making_a_report_of_five_thousand_shifts(benchmark: BenchmarkFixture, home: Path) -> None:
    before = os.times()
    page = benchmark.pedantic(make, args=(home,), rounds=3)  # type: ignore[no-untyped-call]
    used = sum(os.times()[2:4]) - sum(before[2:4])
    benchmark.extra_info["CPU seconds"] = round(used / 3, 2)
    benchmark.extra_info["megabytes"] = round(page.stat().st_size / 1e6, 2)
    assert page.stat().st_size < 3_000_000


def test_loading_a_report_of_five_thousand_shifts(
    benchmark: BenchmarkFixture, home: Path, browser: Browser
) -> None:
    page = make(home)
    moments: dict[str, list[float]] = {"content": [], "all": []}

    def load() -> None:
        with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
            tab = context.new_page()
            begun = time.perf_counter()
            tab.goto(page.as_uri())
            # The count stands there once the data is unpacked, filtered, and the first sections are drawn.
            tab.wait_for_selector("#count:not(:empty)")
            moments["content"].append(time.perf_counter() - begun)
            tab.wait_for_selector("html[data-ready=all]")
            moments["all"].append(time.perf_counter() - begun)
            assert tab.locator("#count").inner_text() == "All 5,162 shifts"

    benchmark.pedantic(load, rounds=5, warmup_rounds=1)  # type: ignore[no-untyped-call]
    for name, seconds in moments.items():
        benchmark.extra_info[f"median seconds until {name}"] = round(sorted(seconds)[len(seconds) // 2], 3)
