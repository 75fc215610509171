"""Ajar beside the script most people would write and beside lemon24/reader, over the same made-up web, in one run.

    make bench

The site is `generated_site.py`: 50 papers with 20 pages each, 50 ms of latency, gzip, ETags. Every program is run
as a user runs it, as a process of its own, and all it starts counts. The papers live on this machine's own loopback
address, for which Ajar keeps no gap between requests (and at most 32 at a time); so nobody here is polite, except
that Ajar alone asks for every robots.txt. `naive_script.py` and `reader_script.py` say what the others do.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from extractors.openness.tagger import load_tagger
from tests.benchmarks.generated_site import ARTICLES, LENGTH, PAPERS, articles
from tests.benchmarks.naive_script import PATTERNS
from tests.benchmarks.test_load_speed import run_of
from warehouse.database import open_warehouse
from warehouse.load import load_staged
from warehouse.queries import list_queries, run_query
from warehouse.staging import stage_run

HERE = Path(__file__).parent
LATENCY = 0.05
NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
TAGGED = 200
"""Articles tagged in process."""
LOADED = 4000
"""Articles loaded in process."""


@dataclass(frozen=True)
class Cost:
    """What one run of a program took."""

    seconds: float
    cpu: float
    """Processor seconds, those of every process it started included."""
    peak: float
    """Megabytes all its processes held together at the worst of a few looks a second."""
    out: str


def run(*command: str, **environment: str) -> Cost:
    """Run a command that has to succeed."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AJAR_")}
    measured = subprocess.run(
        [sys.executable, str(HERE / "measured_command.py"), *command],
        capture_output=True, text=True, check=True, env={**clean, **environment},
    )  # fmt: skip
    told = json.loads(measured.stdout)
    if told["code"] != 0:
        raise SystemExit(f"{' '.join(command)}: exit code {told['code']}\n{told['err']}")
    return Cost(told["seconds"], told["cpu"], told["peak"] / 1e6, told["out"])


def middle(costs: list[Cost]) -> Cost:
    """The run that took the middle time."""
    return sorted(costs, key=lambda cost: cost.seconds)[len(costs) // 2]


@contextmanager
def site() -> Iterator[list[str]]:
    """The addresses of the feeds of a running site."""
    command = [sys.executable, str(HERE / "generated_site.py"), str(LATENCY)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield [server.stdout.readline().strip() for _ in range(PAPERS)]
        server.communicate()


# -- the programs -------------------------------------------------------------------------------------


class Ajar:
    """`ajar run` over the papers, in a home of its own."""

    def __init__(self, folder: Path, feeds: list[str]) -> None:
        self.sources = folder / "sources.yaml"
        self.sources.write_text(
            "".join(
                f"- {{id: paper-{number}, publisher: Paper {number}, language: en, tier: press, feeds: ['{feed}']}}\n"
                for number, feed in enumerate(feeds)
            )
        )
        self.folder = folder
        self.homes = 0

    def first(self) -> Cost:
        """A pass in an empty home."""
        self.homes += 1
        return self._checked(self._pass(), "articles_new", PAPERS * ARTICLES)

    def second(self) -> Cost:
        """A pass over the same sources at once, which finds nothing new."""
        return self._checked(self._pass(), "sources_unchanged", PAPERS)

    def polling(self) -> float:
        """Seconds of one more such pass up to the last row in the warehouse, without starting and publishing."""
        script = "import sys; from tests.benchmarks.compare import poll_once; poll_once(*sys.argv[1:])"
        cost = run(sys.executable, "-c", script, str(self.sources), **self._environment())
        return float(cost.out)

    def _pass(self) -> Cost:
        command = ("-m", "flows", "run", "--force", "--json", "--sources", str(self.sources))
        return run(sys.executable, *command, **self._environment())

    def _environment(self) -> dict[str, str]:
        return {"AJAR_HOME": str(self.folder / f"home-{self.homes}"), "AJAR_ALLOW_PRIVATE": "1"}

    def _checked(self, cost: Cost, key: str, wanted: int) -> Cost:
        summary = json.loads(cost.out)
        if summary[key] != wanted:
            raise SystemExit(f"ajar run: {key} is {summary[key]}, not {wanted}: {cost.out}")
        return cost


def poll_once(sources: str) -> None:
    """Ask, decide, stage and load, everything being imported; prints the seconds."""
    from extractors.sources import load_sources
    from flows.collecting import collect_news
    from flows.progress import SILENT
    from flows.settings import load_settings
    from flows.storing import load_news

    settings, chosen = load_settings(), load_sources(Path(sources))
    begun = time.monotonic()
    collect_news(settings, chosen, now=datetime.now(UTC), force=True, connect_to={}, progress=SILENT)
    load_news(settings, now=datetime.now(UTC), with_alerts=False)
    print(time.monotonic() - begun)  # noqa: T201


class Other:
    """One of the two other programs, with a database of its own."""

    def __init__(self, script: str, folder: Path, feeds: list[str], **environment: str) -> None:
        self.command = (sys.executable, str(HERE / script))
        self.feeds = folder / "feeds.txt"
        self.feeds.write_text("\n".join(feeds))
        self.folder = folder
        self.name = script.removesuffix(".py")
        self.environment = environment
        self.databases = 0

    def first(self) -> Cost:
        """A pass with an empty database."""
        self.databases += 1
        cost = self.second()
        if not cost.out.startswith(str(PAPERS * ARTICLES)):
            raise SystemExit(f"{self.name} says {cost.out}")
        return cost

    def second(self) -> Cost:
        """A pass with what the database holds."""
        database = self.folder / f"{self.name}-{self.databases}.db"
        return run(*self.command, str(database), str(self.feeds), **self.environment)


# -- single parts -------------------------------------------------------------------------------------


def timed(function: Callable[[], object]) -> float:
    """Processor seconds of a call, the least of two."""

    def once() -> float:
        begun = time.process_time()
        function()
        return time.process_time() - begun

    return min(once() for _ in range(2))


def tagging() -> tuple[float, float]:
    """Articles a second on one processor: the tagger with all its rules, and a loop over the script's 300 patterns."""
    texts = ["\n".join(paragraphs) for _, paragraphs in zip(range(TAGGED), articles(), strict=False)]
    tagger = load_tagger()

    def tag() -> None:
        for text in texts:
            tagger.tag(title="", text=text, published=date(2026, 11, 20), language="en")

    def loop() -> None:
        for text in texts[: TAGGED // 4]:
            for _, pattern in PATTERNS:
                list(pattern.finditer(text))

    return TAGGED / timed(tag), TAGGED // 4 / timed(loop)


def loading(folder: Path) -> tuple[float, float]:
    """Articles a second into DuckDB: staged and loaded with their mentions and shifts, and by executemany."""
    made = run_of(0, LOADED, "bench")
    begun = time.monotonic()
    stage_run(folder / "staged", made)
    load_staged(folder / "loading.duckdb", folder / "staged", now=NOW)
    ours = LOADED / (time.monotonic() - begun)
    rows = [
        (each.url, each.title, str(each.published_at), each.text) for each in made.articles[: LOADED // 4]
    ]
    with duckdb.connect(str(folder / "plain.duckdb")) as plain:
        plain.execute("CREATE TABLE articles (url VARCHAR, title VARCHAR, date VARCHAR, text VARCHAR)")
        begun = time.monotonic()
        plain.executemany("INSERT INTO articles VALUES (?, ?, ?, ?)", rows)
        return ours, len(rows) / (time.monotonic() - begun)


def asking(folder: Path) -> tuple[int, float, float]:
    """How many named questions there are, and the middle and the longest time of one over a year, in seconds."""
    path = folder / "year.duckdb"
    with open_warehouse(path, now=NOW) as warehouse:
        warehouse.connection.execute((HERE / "year.sql").read_text("utf-8"))
    times = []
    with duckdb.connect(str(path), read_only=True) as year:
        for query in list_queries():
            begun = time.monotonic()
            run_query(year, query.name)
            times.append(time.monotonic() - begun)
    return len(times), statistics.median(times), max(times)


# -- the table ----------------------------------------------------------------------------------------


def line(what: str, ours: float, script: float | None, reader: float | None = None, *, unit: str) -> None:
    """One line: the figures, and how many times better Ajar is than each of the others."""

    def ratio(theirs: float | None) -> str:
        if theirs is None:
            return f"{'–':>9}{'':>9}"
        better = ours / theirs if unit == "/s" else theirs / ours
        return f"{theirs:>9,.2f}{f'({better:.1f} x)':>9}"

    print(f"{what:<38}{unit:>5}{ours:>10,.2f}{ratio(script)}{ratio(reader)}")  # noqa: T201


def said(text: str) -> None:
    """A line of the report."""
    print(text, flush=True)  # noqa: T201


def main() -> None:
    """Measure everything and print it side by side."""
    load = os.getloadavg()[0]
    processors = os.cpu_count() or 1
    busy = "; others are working on this machine" if load > 0.7 else ""
    said(f"{PAPERS} feeds x {ARTICLES} pages, {LATENCY * 1000:.0f} ms of latency, {processors} processors, "
         f"load {load:.1f}{busy}\nsome minutes, most of them for the script")  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="ajar-bench-") as name, site() as feeds:
        folder = Path(name)
        ajar = Ajar(folder, feeds)
        script = Other("naive_script.py", folder, feeds)
        # Its own copy of feedparser wants a module that Python no longer has; the one installed does not.
        reader = Other("reader_script.py", folder, feeds, READER_NO_VENDORED_FEEDPARSER="1")
        first = middle([ajar.first() for _ in range(3)])
        second = middle([ajar.second() for _ in range(5)])
        polling = statistics.median(ajar.polling() for _ in range(5))
        naive_first, naive_second = script.first(), middle([script.second() for _ in range(3)])
        reader.first()
        reader_runs = [reader.second() for _ in range(5)]
        reader_second = middle(reader_runs)
        reader_polling = statistics.median(
            float(re.findall(r"([\d.]+) s", cost.out)[0]) for cost in reader_runs
        )
        loaded, plainly = loading(folder)
        questions, usual, longest = asking(folder)
    tagged, looped = tagging()
    said(f"\n{'':<43}{'Ajar':>10}{'script':>9}{'':>9}{'reader':>9}")
    line("first pass", first.seconds, naive_first.seconds, unit="s")
    line("  processor time", first.cpu, naive_first.cpu, unit="s")
    pages = PAPERS * ARTICLES / 1000
    line("  processor time a new page", first.cpu / pages, naive_first.cpu / pages, unit="ms")
    line("  peak of memory", first.peak, naive_first.peak, unit="MB")
    line("second pass, nothing new", second.seconds, naive_second.seconds, reader_second.seconds, unit="s")
    line("  processor time", second.cpu, naive_second.cpu, reader_second.cpu, unit="s")
    line("  peak of memory", second.peak, naive_second.peak, reader_second.peak, unit="MB")
    line("  polling and storing alone", polling, None, reader_polling, unit="s")
    line(f"tagging articles of {LENGTH / 1000:g} KB", tagged, looped, unit="/s")
    line("loading articles", loaded, plainly, unit="/s")
    said(f"{questions} named questions over 100,000 articles and 1,000,000 mentions: "
         f"{usual * 1000:.0f} ms in the middle, {longest * 1000:.0f} ms the slowest")  # fmt: skip
    said(f"(times of the passes: {ajar_note(first)}; load at the end {os.getloadavg()[0]:.1f})")


def ajar_note(first: Cost) -> str:
    """What the first pass found."""
    told: dict[str, Any] = json.loads(first.out)
    return f"{told['articles_new']:,} articles, {told['mentions']} mentions, {told['shifts_new']} shifts"


if __name__ == "__main__":
    main()
