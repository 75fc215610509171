"""A pass killed with SIGKILL at any stage loses nothing and leaves nothing twice: the next one converges."""

from __future__ import annotations

import signal
import subprocess
import sys
from importlib.resources import as_file
from pathlib import Path

import duckdb
import pytest

from flows.demo.newsroom import Newsroom, sources_file
from flows.demo.story_files import DAYS

PASS = """
import os, signal, sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from extractors.sources import load_sources
from flows.demo.tour import demo_settings
from flows.passes import run_pass
from flows.settings import load_settings

home, sources, now, port, fatal = sys.argv[1:]

class Fatal:
    "Kills the pass as soon as it reaches a stage, or the middle of it."
    def __init__(self):
        self.steps = 0
    def stage(self, name, total=None):
        self.name, self.steps = name, 0
        if name == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
    def advance(self, count=1):
        self.steps += count
        if f"{self.name}/{self.steps}" == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

def tell(alert):
    with open(f"{home}/told.txt", "a") as told:
        print(alert.shift_id, alert.stage, alert.repeat, file=told)
    if fatal == "told":
        os.kill(os.getpid(), signal.SIGKILL)

hosts = {source.addresses[0].url.split("/")[2] for source in load_sources(Path(sources))}
run_pass(
    demo_settings(load_settings({"AJAR_HOME": home})),
    load_sources(Path(sources)),
    now=datetime.fromisoformat(now),
    force=True,
    connect_to={host: ("127.0.0.1", int(port)) for host in hosts},
    progress=Fatal(),
    tell=tell,
)
"""

STAGES = [
    "asking sources",
    "asking sources/5",
    "reading articles",
    "reading articles/5",
    # Articles are tagged as they come: the last of the 47 is tagged, none is staged.
    "reading articles/47",
    "staging",
    "loading",
    "telling",
    "told",
    "publishing",
]

# What the pass stores, without what names the single run.
Content = dict[str, list[tuple[object, ...]]]
CONTENT = {
    "articles": "SELECT article_id, title, text_hash, language FROM articles ORDER BY ALL",
    "mentions": "SELECT article_id, actor, artefact, direction, stage, evidence FROM mentions ORDER BY ALL",
    "shifts": "SELECT shift_id, actor, artefact, stage, articles, outlets FROM shifts ORDER BY ALL",
    "alerts": "SELECT shift_id, stage, channel, status FROM alerts ORDER BY ALL",
}


def make_pass(home: Path, sources: Path, newsroom: Newsroom, fatal: str) -> int:
    """One pass in a process of its own; returns its exit code."""
    now = DAYS[newsroom.day].isoformat()
    home.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-c", PASS, str(home), str(sources), now, str(newsroom.port), fatal],
        timeout=120,
    ).returncode


def content(home: Path) -> Content:
    """What the read copy holds."""
    with duckdb.connect(str(home / "demo" / "ajar-latest.duckdb"), read_only=True) as connection:
        return {name: connection.execute(sql).fetchall() for name, sql in CONTENT.items()}


def told(home: Path) -> list[str]:
    """Alerts told so far, one line each."""
    return (home / "told.txt").read_text().splitlines()


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Content, list[str]]:
    """What a pass stores and tells when nobody kills it."""
    home = tmp_path_factory.mktemp("undisturbed")
    with as_file(sources_file()) as sources, Newsroom(day=1) as newsroom:
        assert make_pass(home, sources, newsroom, "none") == 0
    stored = content(home)
    assert all(stored.values())
    return stored, told(home)


@pytest.mark.parametrize("fatal", STAGES)
def test_a_killed_pass_is_completed_by_the_next(
    tmp_path: Path, fatal: str, undisturbed: tuple[Content, list[str]]
) -> None:
    home = tmp_path / "home"
    with as_file(sources_file()) as sources, Newsroom(day=1) as newsroom:
        assert make_pass(home, sources, newsroom, fatal) == -signal.SIGKILL
        assert make_pass(home, sources, newsroom, "none") == 0
    stored, lines = undisturbed
    assert content(home) == stored
    # Only the alert that may or may not have gone out is told once more, and says so.
    told_twice = [line.replace(" True", " False") for line in told(home) if line.endswith(" True")]
    assert len(told_twice) == (1 if fatal == "told" else 0)
    assert sorted(told(home)) == sorted([*lines, *(line.replace(" False", " True") for line in told_twice)])
