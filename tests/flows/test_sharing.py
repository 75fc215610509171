"""Many machines give what one gives: nothing lost, nothing twice, and no site asked by two of them."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import as_file
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extractors.addresses import registrable_domain
from extractors.errors import ConfigurationError
from extractors.records import Source
from extractors.sources import load_sources
from flows.demo.newsroom import Newsroom, sources_file
from flows.demo.story_files import DAYS
from flows.demo.tour import demo_settings
from flows.passes import run_pass
from flows.settings import Settings, load_settings
from flows.sharing import LoadedInbox, collect_shard, known_state, load_inbox, shard_settings, shared_folder

Told = list[tuple[str, str, str]]

# Without what names the single run; which of two equal reports is quoted depends on which came first.
CONTENT = {
    "articles": "SELECT article_id, title, text_hash, language FROM articles ORDER BY ALL",
    "mentions": "SELECT article_id, actor, artefact, direction, stage, evidence FROM mentions ORDER BY ALL",
    "shifts": "SELECT actor, artefact, kind, direction, stage, articles, outlets FROM shifts ORDER BY ALL",
    "alerts": "SELECT stage, channel, status, count(*) FROM alerts GROUP BY ALL ORDER BY ALL",
}


def content(settings: Settings) -> dict[str, Any]:
    """What the read copy holds."""
    with duckdb.connect(str(settings.published), read_only=True) as connection:
        return {name: connection.execute(sql).fetchall() for name, sql in CONTENT.items()}


def installation(home: Path, shared: Path) -> Settings:
    """A machine with a home of its own and the folder all share."""
    named = load_settings({"AJAR_HOME": str(home), "AJAR_SHARED": str(shared)}, folder=home)
    return replace(demo_settings(named), home=home, shared=str(shared))


@pytest.fixture(scope="module")
def sources() -> Iterator[tuple[Source, ...]]:
    """The newsroom's publishers."""
    with as_file(sources_file()) as path:
        yield load_sources(path)


@pytest.fixture(scope="module")
def by_one_machine(sources: tuple[Source, ...], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What one machine stores of the newsroom's first day, its second, and a second look at that."""
    folder = tmp_path_factory.mktemp("one")
    settings = installation(folder / "home", folder / "unused")
    with Newsroom(day=1) as newsroom:
        for day, now in moments():
            newsroom.day = day
            run_pass(
                settings,
                sources,
                now=now,
                force=True,
                connect_to=newsroom.connect_to,
                tell=lambda alert: None,
            )
    stored = content(settings)
    assert all(stored.values())
    return stored


def moments() -> Iterator[tuple[int, datetime]]:
    """Each day of the newsroom twice: an article on another's site is read by its owner the second time."""
    for day, now in DAYS.items():
        yield day, now
        yield day, now + timedelta(minutes=15)


def collect(
    worker: Settings, sources: tuple[Source, ...], newsroom: Newsroom, now: datetime, number: int
) -> set[str]:
    """One shard's pass; returns the domains asked."""
    begun = len(newsroom.requests)
    collect_shard(worker, sources, number=number, of=3, now=now, force=True, connect_to=newsroom.connect_to)
    return {registrable_domain(request.host) for request in newsroom.requests[begun:]}


def load(loader: Settings, now: datetime, told: Told) -> LoadedInbox:
    """The loader's turn."""
    return load_inbox(
        loader, now=now, tell=lambda alert: told.append((alert.shift_id, alert.stage, alert.channel))
    )


def test_three_workers_and_a_loader_store_what_one_machine_stores(
    sources: tuple[Source, ...], by_one_machine: dict[str, Any], tmp_path: Path
) -> None:
    workers = [installation(tmp_path / f"worker{number}", tmp_path / "shared") for number in range(3)]
    loader = installation(tmp_path / "loader", tmp_path / "shared")
    told: Told = []
    asked: list[set[str]] = [set(), set(), set()]
    with Newsroom(day=1) as newsroom:
        for day, now in moments():
            newsroom.day = day
            for number, worker in enumerate(workers):
                asked[number] |= collect(worker, sources, newsroom, now, number)
            load(loader, now, told)
    assert content(loader) == by_one_machine
    assert len(told) == len(set(told)) > 0
    assert all(asked)
    assert not (asked[0] & asked[1] or asked[0] & asked[2] or asked[1] & asked[2])
    assert shared_folder(loader).waiting() == []


def test_a_shard_is_not_asked_again_while_its_rows_wait_for_the_loader(
    sources: tuple[Source, ...], tmp_path: Path
) -> None:
    worker = installation(tmp_path / "worker", tmp_path / "shared")
    with Newsroom(day=1) as newsroom:
        for minutes in (0, 1):
            now = DAYS[1] + timedelta(minutes=minutes)
            collected = collect_shard(
                worker, sources, number=0, of=2, now=now, connect_to=newsroom.connect_to
            )
            assert bool(collected.sources_due) == (minutes == 0)
    assert len(shared_folder(worker).waiting()) == 1


def test_what_could_not_be_sent_goes_with_the_next_pass(sources: tuple[Source, ...], tmp_path: Path) -> None:
    worker = installation(tmp_path / "worker", tmp_path / "shared")
    with Newsroom(day=1) as newsroom:
        collect_shard(worker, sources, number=0, of=2, now=DAYS[1], connect_to=newsroom.connect_to)
        (name,) = shared_folder(worker).waiting()
        own = shard_settings(worker, 0, 2)
        shared_folder(worker).fetch([name], own.staged)
        shared_folder(worker).discard([name])
        collect_shard(
            worker,
            sources,
            number=0,
            of=2,
            now=DAYS[1] + timedelta(minutes=1),
            connect_to=newsroom.connect_to,
        )
    assert shared_folder(worker).waiting() == [name]


@pytest.mark.parametrize(
    "fatal",
    [
        "published",
        *(pytest.param(point, marks=pytest.mark.long) for point in ("fetched", "loaded", "discarded")),
    ],
)
def test_a_loader_killed_anywhere_is_completed_by_the_next(
    sources: tuple[Source, ...], tmp_path: Path, fatal: str
) -> None:
    worker = installation(tmp_path / "worker", tmp_path / "shared")
    with Newsroom(day=1) as newsroom:
        for number in range(2):
            collect_shard(worker, sources, number=number, of=2, now=DAYS[1], connect_to=newsroom.connect_to)
    loader = installation(tmp_path / "loader", tmp_path / "shared")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "loader"), str(tmp_path / "shared"), fatal], timeout=60
    )
    assert killed.returncode == -signal.SIGKILL
    told: Told = []
    load(loader, DAYS[1] + timedelta(minutes=5), told)
    stored = content(loader)
    assert len({row[0] for row in stored["articles"]}) == len(stored["articles"]) > 20
    assert len(told) == len(set(told)) > 0
    assert shared_folder(loader).waiting() == []
    known = known_state(shared_folder(worker), tmp_path / "elsewhere")
    assert len(known.articles) == len(stored["articles"])


KILLED = """
import os, signal, sys
from pathlib import Path
from flows.demo.story_files import DAYS
from flows import sharing
from tests.flows.test_sharing import installation

home, shared, fatal = sys.argv[1:]
AFTER = {"fetched": "fetch", "published": "publish", "discarded": "discard"}

def fatal_after(act):
    def do(*arguments, **more):
        act(*arguments, **more)
        os.kill(os.getpid(), signal.SIGKILL)
    return do

if fatal == "loaded":
    sharing.load_news = fatal_after(sharing.load_news)
else:
    setattr(sharing.SharedFolder, AFTER[fatal], fatal_after(getattr(sharing.SharedFolder, AFTER[fatal])))
sharing.load_inbox(installation(Path(home), Path(shared)), now=DAYS[1], tell=lambda alert: None)
"""


def test_without_a_shared_folder_the_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="AJAR_SHARED is not set"):
        shared_folder(load_settings({"AJAR_HOME": str(tmp_path)}, folder=tmp_path))
