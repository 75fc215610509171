"""Two processes that read archives do close to twice the work of one: nothing but the disk is common to them.

python -m tests.flows.test_two_readers     prints the figures
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.records import Snapshot
from extractors.snapshots import SnapshotWriter

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
PAGES = 2000
"""In each archive."""

READ = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from flows.reading_archives import read_archive
from flows.settings import load_settings

home, *archives = sys.argv[1:]
if __name__ == "__main__":
    settings = load_settings({"AJAR_HOME": home}, folder=Path(home))
    for archive in archives:
        staged = read_archive(settings, archive, now=datetime(2026, 3, 10, 12, 0, tzinfo=UTC))
        assert staged.read > 0 and not staged.skipped, staged
"""


@dataclass(frozen=True)
class Figures:
    """One reader reads two archives, then two readers one each."""

    seconds_by_one: float
    seconds_by_two: float
    cpu_by_one: float
    """Seconds of processor time, of the reader and its processes, without what starting takes."""
    cpu_by_two: float
    cpu_to_start: float
    """Of one reader."""
    load: float
    """Of the machine before, in processes that want a core."""

    @property
    def times(self) -> float:
        """How many times as fast two are, by the clock."""
        return self.seconds_by_one / self.seconds_by_two

    @property
    def work_kept(self) -> float:
        """Processor time for the same work by one over that by two: 1 when they do not hinder each other."""
        return self.cpu_by_one / self.cpu_by_two

    def __str__(self) -> str:
        articles = 2 * PAGES
        return (
            f"{articles} pages: one reader {self.seconds_by_one:.1f} s ({self.cpu_by_one:.1f} s of processor time), "
            f"two readers {self.seconds_by_two:.1f} s ({self.cpu_by_two:.1f} s): {self.times:.2f} times as fast, "
            f"{self.work_kept:.2f} of the work kept; {articles / self.cpu_by_one:.1f} pages a second and core; "
            f"starting takes {self.cpu_to_start:.1f} s; load before: {self.load:.1f}"
        )


def measure(folder: Path) -> Figures:
    """Read the same pages by one and by two processes."""
    archives = [archive(folder / name, name, PAGES) for name in ("first", "second")]
    load, used = os.getloadavg()[0], processor_time()
    wait([start(folder, "short", archive(folder / "short", "short", 1))])
    to_start = processor_time() - used
    begun, used = time.monotonic(), processor_time()
    wait([start(folder, "alone", *archives)])
    by_one, cpu_by_one = time.monotonic() - begun, processor_time() - used - to_start
    begun, used = time.monotonic(), processor_time()
    wait([start(folder, path.stem, path) for path in archives])
    by_two, cpu_by_two = time.monotonic() - begun, processor_time() - used - 2 * to_start
    return Figures(by_one, by_two, cpu_by_one, cpu_by_two, to_start, load)


def start(folder: Path, name: str, *archives: Path) -> subprocess.Popen[bytes]:
    """A reader with a home of its own, in a process of its own."""
    home = folder / f"home-{name}"
    home.mkdir()
    script = folder / "read.py"
    script.write_text(READ)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.Popen([sys.executable, str(script), str(home), *map(str, archives)], env=environment)


def wait(readers: list[subprocess.Popen[bytes]]) -> None:
    """Wait for all of them."""
    assert [reader.wait() for reader in readers] == [0] * len(readers)


def processor_time() -> float:
    """Of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


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


def test_two_readers_do_nearly_twice_the_work_of_one(tmp_path: Path) -> None:
    figures = measure(tmp_path)
    print(figures)  # noqa: T201
    # On a busy machine the clock measures the neighbours; processor time measures the readers.
    assert figures.work_kept >= 0.85, figures
    if (os.cpu_count() or 1) >= 2 and figures.load < 0.5:
        assert figures.times >= 1.7, figures


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        print(measure(Path(place)))  # noqa: T201
