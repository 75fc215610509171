"""What a person sees in a terminal: progress, the summary of a pass, tables. Colours only on terminals."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars
from rich.table import Table

from flows.headlines import headline
from flows.messages import change, follow_up, reported_by
from flows.progress import SILENT, Progress

if TYPE_CHECKING:
    # Reading a table must not cost the start-up of the whole pipeline.
    from flows.backfilling import Backfilled
    from flows.openness_report.published import Report
    from flows.passes import PassSummary
    from flows.reclassifying import Reclassified
    from flows.settings import Settings
    from warehouse.alerts import PendingAlert
    from warehouse.rereading import KnownShift

PIPED_WIDTH = 160
"""Columns of a table that goes into a file or a pipe, where no terminal says how wide it is."""

READABLE = 12
"""Narrowest column, in terminal columns, in which longer values can still be read."""

WIDTH_ROWS = 500
"""So many rows, in front, say how wide a table is."""

OUT = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPED_WIDTH)
ERRORS = Console(stderr=True, highlight=False, soft_wrap=True)

COLOURS = {"opening": "green", "closing": "red", "mixed": "yellow"}
"""Of directions, on terminals; the words say the same."""


class _StageBars:
    """One bar a stage, shown on standard error so that standard output can be piped."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._current: Any = None

    def stage(self, name: str, total: int | None = None) -> None:
        self._finish()
        self._current = self._bars.add_task(name, total=total)

    def advance(self, count: int = 1) -> None:
        if self._current is not None:
            self._bars.advance(self._current, count)

    def _finish(self) -> None:
        if self._current is not None:
            task = next(task for task in self._bars.tasks if task.id == self._current)
            done = task.total if task.total is not None else 1
            self._bars.update(self._current, total=done, completed=done)


@contextmanager
def progress(*, shown: bool) -> Iterator[Progress]:
    """Progress bars on a terminal; nothing when standard error is no terminal or `shown` is False."""
    if not shown or not ERRORS.is_terminal:
        yield SILENT
        return
    columns = (TextColumn("{task.description:<22}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=ERRORS, transient=True) as bars:
        yield _StageBars(bars)


def print_summary(summary: PassSummary, settings: Settings) -> None:
    """What the pass did: sources, articles, shifts, and every failure with its reason."""
    for line in summary.lines():
        OUT.print(escape(line))
    OUT.print(
        f"[dim]Warehouse {escape(str(settings.warehouse))} · read copy {escape(str(settings.published))}[/]"
    )


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str | None = None) -> None:
    """Rows as a table fitted to the terminal; directions are coloured.

    Where the columns would become too narrow to read, each row stands as a list of its own instead, without
    the values that are not known.
    """
    if rows and _needed_width(columns, rows) > OUT.width:
        _print_records(columns, rows, title=title)
        return
    table = Table(title=title, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    for number, column in enumerate(columns):
        known = [row[number] for row in rows if row[number] is not None]
        numeric = bool(known) and all(type(value) in (int, float) for value in known)
        table.add_column(column.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    OUT.print(table, soft_wrap=False)


def _needed_width(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Columns of the terminal at which no column of the table is folded below READABLE."""
    widths = (
        max(
            *(min(cell_len(str(row[number])), READABLE) for row in rows[:WIDTH_ROWS]),
            *(cell_len(word) for word in column.split("_")),
        )
        for number, column in enumerate(columns)
    )
    return sum(widths) + 3 * (len(columns) - 1)


def _print_records(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str | None) -> None:
    if title:
        OUT.print(f"[italic]{escape(title)}[/]")
    names = [column.replace("_", " ") for column in columns]
    longest = max(map(len, names))
    for number, row in enumerate(rows, start=1):
        OUT.rule(f"[dim]{number} of {len(rows)}[/]", align="left", style="dim")
        record = Table.grid(padding=(0, 2))
        record.add_column(style="bold", width=longest)
        record.add_column(overflow="fold")
        for name, value in zip(names, row, strict=True):
            if value is not None:
                record.add_row(name, _cell(value))
        OUT.print(record, soft_wrap=False)


def print_shifts(shifts: Sequence[Mapping[str, Any]], *, title: str) -> None:
    """Shifts with the sentence that proves each: the columns of `shifts`, as mappings."""
    table = Table(title=title, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    table.add_column("direction · stage", no_wrap=True)
    table.add_column("who and what", ratio=2, overflow="fold")
    table.add_column("reports", justify="right")
    table.add_column("evidence", ratio=5, overflow="fold")
    for shift in shifts:
        colour = COLOURS[shift["direction"]]
        subject = " ".join(part for part in (shift["artefact"], f"({shift['kind']})") if part)
        licence = f", {shift['licence_to']}" if shift["licence_to"] else ""
        table.add_row(
            f"[{colour}]{shift['direction']}[/] · {shift['stage']}",
            f"[bold]{escape(shift['actor'])}[/] {escape(subject + licence)}",
            str(shift["articles"]),
            escape(_on_one_line(shift["evidence"])),
        )
    OUT.print(table, soft_wrap=False)


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.2f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    text = escape(str(value))
    colour = COLOURS.get(text)
    return f"[{colour}]{text}[/]" if colour else text


def print_alert(alert: PendingAlert) -> None:
    """One alert: who does what, the sentence that proves it, what changed, who reports it."""
    colour = COLOURS[alert.direction]
    state = f"{alert.direction.upper()} · {alert.stage}"
    OUT.print(f"[bold {colour}]{state}[/]  [bold]{escape(headline(alert))}[/]{_repeat(alert)}")
    OUT.print(f"  “{escape(_on_one_line(alert.evidence))}”")
    facts = " · ".join(part for part in (follow_up(alert), change(alert)) if part)
    if facts:
        OUT.print(f"  {escape(facts)}")
    OUT.print(f"  [dim]{escape(reported_by(alert))} · {alert.since:%Y-%m-%d} · rule {escape(alert.rule)}[/]")
    OUT.print(f"  [dim]{escape(alert.url)}[/]")


def _repeat(alert: PendingAlert) -> str:
    return " [dim](repeat: an earlier attempt may have reached you)[/]" if alert.repeat else ""


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def print_reclassified(compared: Reclassified) -> None:
    """What today's rules read otherwise, shift by shift, with the sentence."""
    for word, shifts in (("gained", compared.gained), ("lost", compared.lost)):
        for shift in shifts:
            OUT.print(f"[bold]{word}[/]   {_named(shift)}\n  “{escape(_on_one_line(shift.evidence))}”")
            OUT.print(f"  [dim]{escape(shift.url)}[/]")
    for before, after in compared.changed:
        OUT.print(f"[bold]changed[/]  {_named(before)}\n      to {_named(after)}")
        OUT.print(f"  [dim]{escape(after.url)}[/]")
    OUT.print(
        f"{compared.articles:,} articles tagged again with ruleset {compared.ruleset[:12]}: "
        f"{len(compared.gained)} gained, {len(compared.lost)} lost, {len(compared.changed)} changed, "
        f"nobody alerted ({compared.seconds:.1f} s)"
    )


def print_report(report: Report) -> None:
    """What the report says first, and where it lies."""
    OUT.print(f"[bold]{escape(report.findings.title)}[/]")
    OUT.print(escape(report.findings.summary))
    OUT.print(
        f"Report    {escape(str(report.page))}  [dim]({report.shifts:,} shifts; open it in a browser)[/]"
    )
    OUT.print(f"Picture   {escape(str(report.picture))}")


def _named(shift: KnownShift) -> str:
    subject = " ".join(part for part in (shift.artefact, f"({shift.kind})") if part)
    licence = f", {shift.licence_to}" if shift.licence_to else ""
    colour = COLOURS[shift.direction]
    return f"[{colour}]{shift.direction}[/] · {shift.stage}  {escape(f'{shift.actor} {subject}{licence}')}"


def print_backfilled(filled: Backfilled) -> None:
    """What the archives brought, and the lines that hold no article."""
    for line in filled.broken:
        OUT.print(f"  no article: {escape(line)}")
    loaded = filled.loaded
    OUT.print(
        f"{filled.read:,} articles in the archives, {filled.skipped:,} loaded before: "
        f"{loaded.articles_new:,} new, {loaded.articles_updated:,} updated, {loaded.mentions:,} mentions, "
        f"{loaded.shifts_new:,} new shifts, nobody alerted ({filled.seconds:.1f} s)"
    )
