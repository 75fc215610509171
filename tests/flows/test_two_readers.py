"""Two readers with a core each do close to twice the work of one with a core: nothing but the disk is common to them.

What is measured is what costs processor time: pages of a WARC are extracted, tagged and staged. A reader is held to
one core with all its processes, because one that may use two leaves nothing for a second. Starting (imports, rules,
the process for pages) is done before the clock starts.

python -m tests.flows.test_two_readers     prints the figures; on two idle cores it takes two minutes
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import pytest

from extractors.records import Snapshot
from extractors.snapshots import SnapshotWriter

pytestmark = [pytest.mark.long, pytest.mark.measured, pytest.mark.timeout(1800)]

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PAGES = 1500
"""In each of the two archives."""
ROUNDS = 3
"""One, two, one, two …: what the neighbours do in the meantime falls on both."""

READ = """
import json, os, sys, time
from datetime import UTC, datetime
from pathlib import Path

import psutil

core, home, short, *archives = sys.argv[1:]
os.sched_setaffinity(0, {int(core)})


def used():
    "Processor time of this process, its fork server, and the readers of pages that have ended."
    own = psutil.Process()
    times = [process.cpu_times() for process in (own, *own.children())]
    return sum(each.user + each.system + each.children_user + each.children_system for each in times)


if __name__ == "__main__":
    from flows.reading_archives import read_archive
    from flows.settings import load_settings

    settings = load_settings({"AJAR_HOME": home, "AJAR_READING_PROCESSES": "1"}, folder=Path(home))

    def read(archive):
        staged = read_archive(settings, archive, now=datetime(2026, 3, 10, 12, 0, tzinfo=UTC))
        assert staged.read > 0 and not staged.skipped, staged
        return staged.read

    read(short)
    print("ready", flush=True)
    sys.stdin.readline()
    begun, before = time.monotonic(), used()
    pages = sum(read(archive) for archive in archives)
    print(json.dumps({"begun": begun, "ended": time.monotonic(), "used": used() - before, "pages": pages}))
"""


@dataclass(frozen=True)
class Step:
    """Readers that have read at the same time."""

    seconds: float
    """From the first one's begin to the last one's end, by the clock."""
    cpu: float
    """Seconds of processor time of all of them, with the processes that read pages."""


@dataclass(frozen=True)
class Figures:
    """One reader reads two archives, then two readers one each; again and again."""

    by_one: Sequence[Step]
    by_two: Sequence[Step]
    load: float
    """Of the machine before, in processes that want a core."""

    @property
    def times(self) -> float:
        """How many times as fast two are, by the clock."""
        return median(step.seconds for step in self.by_one) / median(step.seconds for step in self.by_two)

    @property
    def work_kept(self) -> float:
        """Processor time for the same work by one over that by two: 1 when they do not hinder each other."""
        return median(step.cpu for step in self.by_one) / median(step.cpu for step in self.by_two)

    def __str__(self) -> str:
        def said(steps: Sequence[Step]) -> str:
            return ", ".join(f"{step.seconds:.1f} s ({step.cpu:.1f} s of processor time)" for step in steps)

        per_page = 1000 * median(step.cpu for step in self.by_one) / (2 * PAGES)
        return (
            f"{2 * PAGES} pages, a core for each reader; load before: {self.load:.1f}\n"
            f"one reader:  {said(self.by_one)}\n"
            f"two readers: {said(self.by_two)}\n"
            f"{self.times:.2f} times as fast by the clock, {self.work_kept:.2f} of the work kept; "
            f"{per_page:.1f} ms of processor time a page, {1000 / per_page:.0f} pages a second and core"
        )


def measure(folder: Path) -> Figures:
    """Read the same pages by one and by two readers, in turn."""
    short, *archives = (
        archive(folder / name, name, pages)
        for name, pages in (("short", 20), ("first", PAGES), ("second", PAGES))
    )
    load, cores = os.getloadavg()[0], sorted(os.sched_getaffinity(0))[:2]
    by_one, by_two = [], []
    for number in range(ROUNDS):
        # A neighbour may sit on one of the cores: the single reader is on each in turn.
        by_one.append(step(folder / f"one-{number}", short, {cores[number % 2]: archives}))
        shares = {core: [path] for core, path in zip(cores, archives, strict=True)}
        by_two.append(step(folder / f"two-{number}", short, shares))
    return Figures(by_one, by_two, load)


def step(folder: Path, short: Path, shares: dict[int, list[Path]]) -> Step:
    """Start a reader on each core, and let them begin together when all are ready."""
    folder.mkdir()
    script = folder / "read.py"
    script.write_text(READ)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    readers = [
        subprocess.Popen(
            [sys.executable, str(script), f"{core}", str(folder / f"{core}"), str(short), *map(str, archives)],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for core, archives in shares.items()
    ]  # fmt: skip
    assert [reader.stdout.readline() for reader in readers if reader.stdout] == ["ready\n"] * len(readers)
    for reader in readers:
        assert reader.stdin is not None
        reader.stdin.write("begin\n")
        reader.stdin.flush()
    done = [json.loads(reader.communicate()[0]) for reader in readers]
    assert sum(each["pages"] for each in done) == 2 * PAGES
    seconds = max(each["ended"] for each in done) - min(each["begun"] for each in done)
    return Step(seconds, sum(each["used"] for each in done))


def archive(folder: Path, name: str, pages: int) -> Path:
    """A WARC of pages as news sites have them: an article of 500 words among menus and teasers."""
    sentence = "The laboratory said that its researchers had worked on the question for most of the year {}. "
    menu = "".join(f"<li><a href='/section/{number}'>Section {number}</a></li>" for number in range(60))
    teasers = "".join(
        f"<div class=teaser><a href='/t/{number}'>Another story {number}</a></div>" for number in range(80)
    )
    with SnapshotWriter(folder, NOW) as writer:
        for number in range(pages):
            paragraphs = "".join(
                f"<p>{''.join(sentence.format(f'{name} {number} {part} {line}') for line in range(5))}</p>"
                for part in range(7)
            )
            body = (
                f"<!doctype html><html lang=en><head><title>Vestra Labs opens Tern {name} {number}</title></head><body>"
                f"<nav><ul>{menu}</ul></nav><main><article><h1>Vestra Labs opens Tern {name} {number}</h1>"
                f"<p>Vestra Labs has released the weights of Tern-{number}B under the MIT licence on Monday.</p>"
                f"{paragraphs}</article></main><aside>{teasers}</aside></body></html>"
            )
            url = f"https://{name}.example/{number}"
            writer.write(
                Snapshot(
                    url=url,
                    final_url=url,
                    status=200,
                    headers=(("content-type", "text/html; charset=utf-8"),),
                    body=body.encode(),
                    fetched_at=NOW,
                    seconds=0.1,
                    redirects=(),
                )
            )
    return writer.path


@pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity") or len(os.sched_getaffinity(0)) < 2, reason="two cores are compared"
)
def test_two_readers_do_nearly_twice_the_work_of_one(tmp_path: Path) -> None:
    figures = measure(tmp_path)
    print(figures)  # noqa: T201
    # On a busy machine the clock measures the neighbours; processor time measures the readers.
    assert figures.work_kept >= 0.85, figures
    if figures.load < 0.5:
        assert figures.times >= 1.7, figures


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        print(measure(Path(place)))  # noqa: T201
