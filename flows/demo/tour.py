"""`ajar demo`: the real pipeline over the bundled newsroom, two invented days in one minute."""

from __future__ import annotations

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
from flows.settings import WAREHOUSE_NAME, Settings
from warehouse.database import open_published
from warehouse.queries import run_query, run_sql

LATER = timedelta(hours=6)
"""A tour taken again looks at the newsroom so long after its second day."""

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
    home = escape(str(demo.home))
    terminal.OUT.print()
    terminal.OUT.print(f"Warehouse   {escape(str(demo.warehouse))}")
    terminal.OUT.print(f"Read copy   {escape(str(demo.published))}")
    terminal.OUT.print(f"Ask it      AJAR_HOME={home} ajar query promises")
    terminal.OUT.print(f"            AJAR_HOME={home} ajar queries")
