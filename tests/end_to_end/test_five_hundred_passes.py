"""Five hundred passes over a changing newsroom, with faults at random: nothing lost, nothing twice, nothing grows.

The clock is simulated, half an hour a pass; sockets, processes, DuckDB and the disk are real.
"""

from __future__ import annotations

import errno
import gc
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from math import floor
from pathlib import Path

import duckdb
import pytest

from extractors.errors import StorageError
from extractors.openness.tagger import load_tagger
from extractors.records import Address, Source
from flows.housekeeping import keep_house
from flows.locking import PassRunningError, only_pass
from flows.passes import run_pass
from flows.settings import Settings, load_settings
from warehouse import staging
from warehouse.alerts import PendingAlert

pytestmark = [pytest.mark.long, pytest.mark.timeout(3600)]

PASSES, QUIET, STEP = 500, 12, timedelta(minutes=30)
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SITES, STORY_EVERY, LISTED = 8, timedelta(hours=7), 10
LONGEST_GAP = timedelta(hours=3 * 1.15) + STEP
"""A site is asked every hour; three times as rare without news, 15 % by hash, and a pass comes every half hour."""
WARM, WINDOW = 100, 150
"""Passes after which nothing may grow any more, and how many of them are compared: what a pass holds goes up and down
by a quarter within some tens of passes, when the allocator gives back."""


@dataclass
class ChangingWeb:
    """Sites that publish a story every seven hours, each an hour later than the one before."""

    now: datetime = START
    end: datetime = START + PASSES * STEP
    failing: set[str] = field(default_factory=set)
    asked: dict[str, list[datetime]] = field(default_factory=dict)
    port: int = 0

    def published(self, site: int) -> int:
        """Stories of a site by now; none comes in the quiet passes at the end."""
        begun = START - timedelta(hours=6) + site * timedelta(hours=1)
        return max(0, int((min(self.now, self.end) - begun) / STORY_EVERY) + 1)

    def answer(self, host: str, path: str) -> tuple[int, str, str]:
        """Status, type and body."""
        site = int(host.removeprefix("site").partition(".")[0])
        if host in self.failing:
            return 503, "text/plain", "busy"
        if path == "/feed.xml":
            self.asked.setdefault(host, []).append(self.now)
            stories = range(self.published(site), max(0, self.published(site) - LISTED), -1)
            return 200, "application/rss+xml", self._feed(host, site, stories)
        number = path.strip("/")
        if not number.isdigit():
            return 404, "text/plain", "not here"
        text = (
            f"Halden{site} Labs has released the weights of Brisk{site}x{number} under the MIT licence. "
            "It had been expected for weeks, and nobody there had said anything about it before."
        )
        return (
            200,
            "text/html",
            (
                f"<html lang=en><title>Story {number}.</title>"
                f"<article><h1>Story {number}.</h1><p>{text}</p></article></html>"
            ),
        )

    def _feed(self, host: str, site: int, stories: range) -> str:
        begun = START - timedelta(hours=6) + site * timedelta(hours=1)
        items = "".join(
            f"<item><title>Story {number}</title><link>http://{host}/{number}</link>"
            f"<pubDate>{format_datetime(begun + (number - 1) * STORY_EVERY)}</pubDate></item>"
            for number in stories
        )
        return f"<rss version='2.0'><channel><title>{host}</title>{items}</channel></rss>"


@contextmanager
def served(web: ChangingWeb) -> Iterator[dict[str, tuple[str, int]]]:
    """Serve the sites; gives where their hosts are found."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, text = web.answer(self.headers["Host"].partition(":")[0], self.path)
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield {f"site{number}.example": ("127.0.0.1", server.server_address[1]) for number in range(SITES)}
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class KilledError(BaseException):
    """Stands for a kill: nothing in the pass may catch it."""


class FatalProgress:
    """Kills the pass when it reaches a stage."""

    def __init__(self, fatal: str | None) -> None:
        self._fatal = fatal

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage begins."""
        if name == self._fatal:
            raise KilledError

    def advance(self, count: int = 1) -> None:
        """Steps are done."""


HOLDER = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


@dataclass(frozen=True)
class Size:
    """What must not grow."""

    memory: int
    """Bytes of this process that are not shared or swapped."""
    handles: int
    staged: int
    threads: int


def size(settings: Settings) -> Size:
    """As it is now."""
    gc.collect()
    rollup = Path("/proc/self/smaps_rollup").read_text()
    private = sum(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Private_"))
    return Size(
        memory=private,
        handles=len(os.listdir("/proc/self/fd")),  # noqa: PTH208 - one short-lived handle, not a generator's
        staged=len(list(settings.staged.glob("*"))) if settings.staged.exists() else 0,
        threads=threading.active_count(),
    )


@dataclass
class Soak:
    """The passes, and what is to be judged of them."""

    settings: Settings
    sources: tuple[Source, ...]
    web: ChangingWeb
    hosts: dict[str, tuple[str, int]]
    chance: random.Random
    told: list[tuple[str, str, bool]] = field(default_factory=list)
    disturbed: dict[datetime, str] = field(default_factory=dict)
    """When a pass had a fault, and which."""
    faults: Counter[str] = field(default_factory=Counter)
    sizes: list[Size] = field(default_factory=list)

    def make(self, fatal: str | None = None) -> None:
        """One pass."""
        run_pass(
            self.settings, self.sources, now=self.web.now, tell=self._tell, connect_to=self.hosts,
            progress=FatalProgress(fatal),
        )  # fmt: skip

    def _tell(self, alert: PendingAlert) -> None:
        self.told.append((alert.shift_id, alert.stage, alert.repeat))

    def disturbed_pass(self, fault: str) -> None:
        """One pass with a fault; how it ends is part of the fault."""
        self.faults[fault] += 1
        self.disturbed[self.web.now] = fault
        faults: dict[str, Callable[[], None]] = {
            "killed": self._killed,
            "warehouse held": self._held,
            "disk full": self._full,
            "another pass": self._another,
            "sites down": self._down,
            "off": lambda: None,
        }
        faults[fault]()

    def _killed(self) -> None:
        stages = (
            "asking sources",
            "reading articles",
            "tagging",
            "staging",
            "loading",
            "telling",
            "publishing",
        )
        with suppress(KilledError):
            self.make(fatal=self.chance.choice(stages))

    def _held(self) -> None:
        command = [sys.executable, "-c", HOLDER, str(self.settings.warehouse)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
            assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
            with suppress(StorageError):
                self.make()
            holder.communicate()

    def _full(self) -> None:
        def no_space(path: Path) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(staging, "sync", no_space)
            with suppress(StorageError):
                self.make()

    def _another(self) -> None:
        with only_pass(self.settings.pass_lock), pytest.raises(PassRunningError):
            self.make()

    def _down(self) -> None:
        self.web.failing = {f"site{self.chance.randrange(SITES)}.example" for _ in range(3)}
        self.make()
        self.web.failing = set()


FAULTS = ("killed", "killed", "warehouse held", "disk full", "another pass", "sites down", "off")


@pytest.fixture(scope="module")
def soak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Soak]:
    """The passes, made."""
    folder = tmp_path_factory.mktemp("soak")
    settings = load_settings({"AJAR_HOME": str(folder)}, folder=folder)
    settings = replace(
        settings, host_gap_seconds=0.0, warehouse_wait_seconds=0.2, allow_private=True, alert_window_days=30.0,
        reading_processes=1,
    )  # fmt: skip
    sources = tuple(
        Source(
            id=f"site{number}", publisher=f"Site {number}", language="en", tier="press",
            addresses=(Address(url=f"http://site{number}.example/feed.xml", role="feed"),),
        )
        for number in range(SITES)
    )  # fmt: skip
    web, chance = ChangingWeb(), random.Random(7)
    # The pass itself needs the rules only for a page that could not be read, which comes sooner or later.
    load_tagger()
    with served(web) as hosts:
        soak = Soak(settings, sources, web, hosts, chance)
        for number in range(PASSES + QUIET):
            if WARM // 2 < number < PASSES and chance.random() < 0.15:
                soak.disturbed_pass(chance.choice(FAULTS))
            else:
                soak.make()
            if number % 48 == 47:
                keep_house(settings, now=web.now)
            soak.sizes.append(size(settings))
            web.now += STEP
    assert all(soak.faults[fault] >= 3 for fault in FAULTS), soak.faults
    yield soak


def test_every_story_is_stored_once_and_told_once(soak: Soak) -> None:
    out = {
        f"http://site{site}.example/{number}"
        for site in range(SITES)
        for number in range(1, soak.web.published(site) + 1)
    }
    with duckdb.connect(str(soak.settings.published), read_only=True) as connection:
        urls = [row[0] for row in connection.execute("SELECT url FROM articles").fetchall()]
        waiting = connection.execute("SELECT count(*) FROM articles_without_text").fetchall()
        alerts = connection.execute("SELECT shift_id, stage, status FROM alerts").fetchall()
    assert len(out) >= SITES * (PASSES * STEP // STORY_EVERY)
    assert sorted(urls) == sorted(out)
    assert waiting == [(0,)]
    assert {status for _, _, status in alerts} == {"sent"}
    first = [(shift, stage) for shift, stage, repeat in soak.told if not repeat]
    assert len(first) == len(set(first))
    assert set(first) >= {(shift, stage) for shift, stage, _ in alerts}


def test_sources_are_asked_as_often_as_their_cards_say(soak: Soak) -> None:
    judged = 0
    for asked in soak.web.asked.values():
        gaps = 0
        for before, after in pairwise(asked):
            # What a pass has asked that could keep nothing is asked again; one that failed waits longer.
            between = [fault for moment, fault in soak.disturbed.items() if before < moment < after]
            if soak.disturbed.get(before) in ("killed", "disk full") or "sites down" in between:
                continue
            assert timedelta(hours=1) <= after - before <= LONGEST_GAP + STEP * len(between), (before, after)
            gaps += 1
        assert gaps >= least_gaps(soak)
        judged += gaps
    print(f"{judged} gaps judged, at least {SITES * least_gaps(soak)} due")  # noqa: T201
    assert least_gaps(soak) > 0


def least_gaps(soak: Soak) -> int:
    """How many gaps of a site there are to judge when each is as long as it may be."""
    down = [moment for moment, fault in soak.disturbed.items() if fault == "sites down"]
    least = 0
    for before, after in pairwise([START, *down, START + (PASSES + QUIET) * STEP]):
        delayed = STEP * sum(before < moment < after for moment in soak.disturbed)
        # The first reading after a border may come one gap late and ends none.
        least += max(0, floor((after - before - delayed) / LONGEST_GAP) - 1)
    return least


def test_while_the_warehouse_is_held_no_source_is_asked_more_often(soak: Soak) -> None:
    for asked in soak.web.asked.values():
        too_often = [before for before, after in pairwise(asked) if after - before < timedelta(hours=1)]
        # Only a pass that could not keep what it had read leads to another request.
        assert len(too_often) <= soak.faults["killed"] + soak.faults["disk full"]


def test_memory_handles_threads_and_staged_files_do_not_grow(soak: Soak) -> None:
    early, late = soak.sizes[WARM : WARM + WINDOW], soak.sizes[-WINDOW:]
    print("memory in MB, every tenth pass:", [each.memory // 1_000_000 for each in soak.sizes[::10]])  # noqa: T201
    for extreme in (min, max):
        assert extreme(each.memory for each in late) <= 1.15 * extreme(each.memory for each in early)
    assert max(each.handles for each in late) <= max(each.handles for each in early)
    assert max(each.threads for each in late) <= max(each.threads for each in early)
    assert soak.sizes[-1].staged == 0


def test_what_is_kept_for_some_days_is_kept_for_so_long_only(soak: Soak) -> None:
    backups = list((soak.settings.home / "backups").iterdir())
    exports = list(soak.settings.exports.iterdir())
    assert len(backups) <= soak.settings.keep_backups
    assert len(exports) <= soak.settings.keep_exports
    assert not list(soak.settings.snapshots.glob("*.partial"))
