"""Killed with -9 at any point, the next run converges: nothing lost, nothing twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.warehouse.newsroom import DAY, HOUR, NOW, Newsroom, mention, report
from warehouse.load import STEPS

EVERYTHING = (
    "FROM sources ORDER BY ALL",
    "FROM address_states ORDER BY ALL",
    "FROM fetches ORDER BY ALL",
    "FROM article_facts ORDER BY ALL",
    "SELECT * EXCLUDE (text_id) FROM article_texts ORDER BY ALL",
    "FROM mentions ORDER BY ALL",
    "FROM shifts ORDER BY ALL",
    "FROM shift_stages ORDER BY ALL",
    "FROM shift_aliases ORDER BY ALL",
    "FROM shift_sources ORDER BY ALL",
    """
    SELECT article_id, term, weight
    FROM search_postings JOIN search_terms USING (term_id) JOIN search_documents USING (document)
    ORDER BY ALL
    """,
    "FROM alerts ORDER BY ALL",
    "FROM runs ORDER BY ALL",
)

LOAD_AND_DIE = """
import os, signal, sys
from pathlib import Path
from tests.warehouse.newsroom import NOW, Newsroom

def reached(point):
    if point == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

Newsroom(Path(sys.argv[1])).load(now=NOW, reached=reached)
"""

KEEP_RUNNING = """
import sys
from pathlib import Path
from tests.warehouse.newsroom import Newsroom
from tests.warehouse.test_kill import a_year

print("started", flush=True)
a_year(Newsroom(Path(sys.argv[1])))
print("finished", flush=True)
"""

DAYS = 40


def contents(newsroom: Newsroom) -> list[list[tuple[object, ...]]]:
    """All rows of all tables."""
    with newsroom.open() as warehouse:
        return [warehouse.connection.execute(query).fetchall() for query in EVERYTHING]


def two_runs(newsroom: Newsroom) -> None:
    """Stage a promise and, an hour later, its keeping and a correction."""
    newsroom.stage(report("promise", mention(stage="announced")), report("other"), now=NOW)
    newsroom.stage(
        report("kept", mention(), published=NOW + HOUR),
        report("other", mention(artefact="Ember 1"), text="Corrected."),
        now=NOW + HOUR,
    )


def a_year(newsroom: Newsroom) -> None:
    """Stage and load a run a day, going on after the last one that was stored."""
    newsroom.load(now=NOW)
    done = set()
    if newsroom.path.exists():
        done = {run_id for (run_id,) in newsroom.rows("SELECT run_id FROM runs")}
    for day in range(DAYS):
        if f"day-{day}" in done:
            continue
        newsroom.stage(
            *(
                report(
                    f"story-{day}-{number}",
                    mention(artefact=f"Ember {(day + number) % 7}", stage=("announced", "done")[day % 2]),
                    published=NOW + day * DAY,
                )
                for number in range(5)
            ),
            now=NOW + day * DAY,
            run_id=f"day-{day}",
        )
        newsroom.load(now=NOW)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[list[tuple[object, ...]]]:
    """What two runs leave when nothing happens to them."""
    newsroom = Newsroom(tmp_path_factory.mktemp("undisturbed"))
    two_runs(newsroom)
    newsroom.load(now=NOW)
    return contents(newsroom)


@pytest.mark.parametrize(
    "point", [*STEPS, "shifts", "alerts", "before commit", "committed", "folder removed", "indexed"]
)
def test_a_load_killed_at_any_point_converges(
    tmp_path: Path, undisturbed: list[list[tuple[object, ...]]], point: str
) -> None:
    newsroom = Newsroom(tmp_path)
    two_runs(newsroom)
    killed = subprocess.run([sys.executable, "-c", LOAD_AND_DIE, str(tmp_path), point], check=False)
    assert killed.returncode == -signal.SIGKILL
    newsroom.load(now=NOW)
    assert contents(newsroom) == undisturbed
    assert list(newsroom.staged.glob("2*")) == []


def test_two_processes_that_load_the_same_folder_store_it_once(
    tmp_path: Path, undisturbed: list[list[tuple[object, ...]]]
) -> None:
    newsroom = Newsroom(tmp_path)
    two_runs(newsroom)
    program = """
import sys
from pathlib import Path
from tests.warehouse.newsroom import NOW
from warehouse.load import load_staged
load_staged(Path(sys.argv[1]) / "ajar.duckdb", Path(sys.argv[1]) / "staged", now=NOW, wait=60)
"""
    loading = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)]) for _ in range(2)]
    assert [child.wait(120) for child in loading] == [0, 0]
    assert contents(newsroom) == undisturbed


LOAD_ON_A_FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from extractors.errors import StorageError
from tests.warehouse.newsroom import Newsroom

# No file may grow beyond this: what a full disk does, without filling one.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
try:
    Newsroom(Path(sys.argv[1])).load()
except StorageError as error:
    print(error)
    sys.exit(1)
"""


@pytest.mark.parametrize("kilobytes", [0, 4, 300, 2000])
def test_a_full_disk_fails_loudly_and_the_next_load_recovers(tmp_path: Path, kilobytes: int) -> None:
    newsroom, expected = Newsroom(tmp_path / "full"), Newsroom(tmp_path / "expected")
    text = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(800_000))
    for each in (newsroom, expected):
        two_runs(each)
        each.stage(report("long", text=text), now=NOW + 2 * HOUR)
    program = [sys.executable, "-c", LOAD_ON_A_FULL_DISK, str(tmp_path / "full"), str(kilobytes * 1024)]
    failed = subprocess.run(program, check=False, capture_output=True, text=True)
    assert failed.returncode == 1, failed.stderr
    assert len(failed.stdout.splitlines()) == 1
    newsroom.load(now=NOW)
    expected.load(now=NOW)
    assert contents(newsroom) == contents(expected)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_two_hundred_kills_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    expected = Newsroom(tmp_path / "expected")
    a_year(expected)
    randomness = random.Random(97)
    kills = 0
    for attempt in range(100):
        folder = tmp_path / f"killed-{attempt}"
        finished = False
        while not finished:
            child = subprocess.Popen(
                [sys.executable, "-c", KEEP_RUNNING, str(folder)], stdout=subprocess.PIPE, text=True
            )
            assert child.stdout is not None
            assert child.stdout.readline() == "started\n"
            # The moment of the kill is the point of the test; a run that ends earlier is not killed.
            deadline = time.monotonic() + randomness.uniform(0.05, 3)
            while child.poll() is None and time.monotonic() < deadline:
                time.sleep(0.005)
            if child.poll() is None:
                child.kill()
                kills += 1
            child.wait()
            finished = child.stdout.read() == "finished\n"
        assert contents(Newsroom(folder)) == contents(expected)
        if kills >= 200:
            return
