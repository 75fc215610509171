"""`ajar demo`: the real pipeline over the bundled newsroom, two invented days in one minute."""

from __future__ import annotations

import shlex
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import as_file
from pathlib import Path

from rich.markup import escape

from extractors.sources import load_sources
from flows import terminal
from flows.alert_settings import AlertSettings
from flows.demo.newsroom import Newsroom, sources_file
from flows.demo.story_files import DAYS
from flows.passes import PassSummary, run_pass
from flows.reporting import make_report
from flows.settings import WAREHOUSE_NAME, Settings
from warehouse.database import open_published
from warehouse.queries import run_query, run_sql

LATER = timedelta(hours=6)
"""A tour taken again looks at the newsroom so long after its second day."""

_EXAMPLE = "http://arnor-labs.example/blog/gondor-70b-modified-mit"

_SHIFTS = """
    SELECT direction, stage, actor, artefact, kind, licence_to, articles, evidence
    FROM shifts
    ORDER BY last_seen_at DESC, actor, artefact
"""


def give_tour(settings: Settings, *, fresh: bool) -> int:
    """Make the passes that are still to be made, print what they found; returns the exit code.

    The tour keeps to the folder `demo` of AJAR_HOME. `fresh` removes what an earlier tour left there.
    """
    demo = demo_settings(settings)
    if fresh:
        shutil.rmtree(demo.home, ignore_errors=True)
    last = _last_pass(demo.published)
    moments = {day: at for day, at in DAYS.items() if last is None or at > last} or {2: DAYS[2] + LATER}
    with as_file(sources_file()) as path, Newsroom(day=min(moments)) as newsroom:
        sources = load_sources(path)
        for day, now in moments.items():
            newsroom.day = day
            terminal.OUT.rule(
                f"[bold]{now:%A %d %B %Y, %H:%M} UTC[/] · the newsroom's day {day}", align="left"
            )
            with terminal.progress(shown=True) as progress:
                summary = run_pass(
                    demo, sources, now=now, force=True, connect_to=newsroom.connect_to, progress=progress,
                    tell=terminal.print_alert,
                )  # fmt: skip
            _print_pass(summary)
    _print_findings(demo)
    _report(demo, now)
    _print_next(demo)
    return summary.exit_code


def demo_settings(settings: Settings) -> Settings:
    """The demo keeps to a folder of its own, fetches from this machine and needs no spacing there.

    Invented news is told on the console and nowhere else.
    """
    home = settings.home / "demo"
    return replace(
        settings,
        home=home,
        warehouse=home / WAREHOUSE_NAME,
        allow_private=True,
        host_gap_seconds=0.0,
        slack_webhook=None,
        smtp_url=None,
        notify_urls=(),
        alerts=AlertSettings(),
    )


def _last_pass(published: Path) -> datetime | None:
    if not published.exists():
        return None
    with open_published(published) as connection:
        row = connection.execute("SELECT max(started_at) FROM runs").fetchone()
    return row[0] if row else None


def _print_pass(summary: PassSummary) -> None:
    for line in summary.lines():
        terminal.OUT.print(escape(line))
    terminal.OUT.print()


def _print_findings(demo: Settings) -> None:
    with open_published(demo.published) as connection:
        found = run_sql(connection, _SHIFTS)
        shifts = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
        terminal.print_shifts(shifts, title="Openness shifts, newest first")
        trend = run_query(
            connection, "shifts_by_month", {"since": f"{DAYS[1]:%Y-01-01}", "until": f"{DAYS[2]:%Y-%m-%d}"}
        )
        terminal.OUT.print()
        terminal.print_table(trend.columns, trend.rows, title="Trend: shifts by month and direction")
    terminal.OUT.print()
    terminal.OUT.print(f"Warehouse   {escape(str(demo.warehouse))}")
    terminal.OUT.print(f"Read copy   {escape(str(demo.published))}")


_NOTE = (
    "The newest shifts are those of the demo, whose organisations are invented; "
    "beside them stands the cited history."
)


def _report(demo: Settings, now: datetime) -> None:
    """All of it as a page to look at."""
    report = make_report(demo, now=now, note=_NOTE)
    terminal.OUT.print(f"Report      {escape(str(report.page))}  [dim](open it in a browser)[/]")


def _print_next(demo: Settings) -> None:
    """What a newcomer may want to try now: command and purpose."""
    home = f"AJAR_HOME={shlex.quote(str(demo.home))}"
    commands = (
        (f"{home} ajar query promises", "what was promised in these two days, and what became of it"),
        (f"{home} ajar explain {_EXAMPLE}", "why an article was tagged, or why not"),
        ("ajar report", "the real history since 2019 as a report; needs no network"),
        ("ajar run", "one pass over the real sources; set AJAR_CONTACT first"),
        ("ajar --help", "everything else"),
    )
    terminal.OUT.print()
    terminal.OUT.print("[bold]What next[/]")
    for command, purpose in commands:
        terminal.OUT.print(f"  {escape(command)}\n      [dim]{purpose}[/]")
