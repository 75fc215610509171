"""How fast runs are staged, loaded, joined and published.

The newsroom here is made up by arithmetic: articles of 3 kB, one in four with a mention, in a year, about
200 organisations of 10 artefacts each. Figures go to the report of pytest-benchmark; the bounds asserted
are far from them, so that only a change of order fails.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from extractors.records import Article, Mention, Stage
from tests.warehouse.newsroom import NOW, SOURCES, article, mention
from warehouse.database import open_warehouse, publish
from warehouse.load import LoadReport, load_staged
from warehouse.shifts import rebuild_shifts
from warehouse.staging import StagedRun, stage_run
from warehouse.statements import transaction

# The fixture of pytest-benchmark has no types of its own.
Benchmark = Any

ARTICLES = 100_000
PARAGRAPH = "The company said on its pages that the model may be fetched by anybody who asks for it. " * 5
STAGES: tuple[Stage, ...] = ("announced", "done", "delayed", "rumoured", "done")
OUTLETS = sorted(SOURCES)
LATER = NOW + timedelta(days=1)


def invented(first: int, count: int) -> Iterator[tuple[Article, Mention | None]]:
    """Articles that differ in every paragraph; every fourth reports something."""
    for number in range(first, first + count):
        text = "\n\n".join(f"{number}-{part}. {PARAGRAPH}" for part in range(6))
        published = NOW - timedelta(minutes=5 * (number % 100_000))
        found = article(f"story-{number}", source=OUTLETS[number % 6], published=published, text=text)
        reports = number % 4 == 0
        yield (
            found,
            mention(
                actor=f"Organisation {number // 4 % 200}",
                artefact=f"Ember {number // 800 % 10}",
                stage=STAGES[number // 4 % 5],
                direction="closing" if number % 12 == 0 else "opening",
            )
            if reports
            else None,
        )


def run_of(first: int, count: int, name: str, *, times: int = 1) -> StagedRun:
    """One run of so many articles, of which those that report something say it so many times."""
    made = list(invented(first, count))
    return StagedRun(
        run_id=name,
        started_at=NOW,
        finished_at=NOW,
        ruleset="rules-1",
        sources=tuple(SOURCES.values()),
        articles=[found for found, _ in made],
        mentions=[(found.article_id, told) for found, told in made if told for _ in range(times)],
    )


def load(folder: Path, now: datetime) -> LoadReport:
    """Load what is staged in a folder into the warehouse there."""
    return load_staged(folder / "ajar.duckdb", folder / "staged", now=now)


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one large run staged and no warehouse yet."""
    folder = tmp_path_factory.mktemp("staged")
    stage_run(folder / "staged", run_of(0, ARTICLES, "large"))
    return folder


@pytest.fixture(scope="module")
def loaded(staged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the large run in its warehouse."""
    folder = tmp_path_factory.mktemp("loaded")
    shutil.copytree(staged, folder, dirs_exist_ok=True)
    load(folder, NOW)
    return folder


def test_staging_20_000_articles(benchmark: Benchmark, tmp_path: Path) -> None:
    run = run_of(0, 20_000, "staging")
    benchmark.pedantic(stage_run, (tmp_path, run), rounds=1)
    assert benchmark.stats.stats.max < 60


def test_loading_100_000_articles(benchmark: Benchmark, staged: Path, tmp_path: Path) -> None:
    shutil.copytree(staged, tmp_path, dirs_exist_ok=True)
    report = benchmark.pedantic(load, (tmp_path, NOW), rounds=1)
    assert (report.articles_new, report.mentions) == (ARTICLES, ARTICLES // 4)
    assert benchmark.stats.stats.max < 120


def test_loading_20_000_articles_that_say_everything_ten_times(benchmark: Benchmark, tmp_path: Path) -> None:
    stage_run(tmp_path / "staged", run_of(0, 20_000, "talkative", times=10))
    report = benchmark.pedantic(load, (tmp_path, NOW), rounds=1)
    assert (report.articles_new, report.mentions) == (20_000, 50_000)
    assert benchmark.stats.stats.max < 60


def test_loading_a_pass_of_500_articles_into_100_000(benchmark: Benchmark, loaded: Path) -> None:
    stage_run(loaded / "staged", run_of(ARTICLES, 500, "small"))
    assert benchmark.pedantic(load, (loaded, LATER), rounds=1).articles_new == 500
    assert benchmark.stats.stats.max < 30


def test_joining_the_stories_of_100_000_articles_anew(benchmark: Benchmark, loaded: Path) -> None:
    with open_warehouse(loaded / "ajar.duckdb", now=NOW) as warehouse:

        def rebuild() -> None:
            with transaction(warehouse.connection):
                rebuild_shifts(warehouse.connection, now=NOW)

        benchmark.pedantic(rebuild, rounds=1)
    assert benchmark.stats.stats.max < 60


def test_publishing_100_000_articles(benchmark: Benchmark, loaded: Path) -> None:
    copy = loaded / "ajar-latest.duckdb"
    benchmark.pedantic(publish, (loaded / "ajar.duckdb", copy), rounds=1)
    gigabytes = copy.stat().st_size / 1e9
    benchmark.extra_info["gigabytes"] = gigabytes
    assert benchmark.stats.stats.max < 10 + 10 * gigabytes
