"""One pass over the sources: collect, load, publish, alert. Plain functions; the Prefect flow and `ajar run`
call the same ones.

    collect_news   (flows.collecting) what is due is fetched, read and tagged; its rows are staged as Parquet
    load_news      (flows.storing) staged rows become articles, mentions and shifts
    send_alerts    (flows.alerting) what changed is told; the read copy is published

Each of the three can be repeated and may be killed anywhere: what was not finished is done by the next pass.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from extractors.errors import ConfigurationError, name_choices
from extractors.records import Source
from extractors.schedule import OUTAGE_WAIT
from flows.collecting import Collected, SourceFailure, collect_news
from flows.locking import only_pass
from flows.progress import SILENT, Progress
from flows.settings import Settings

if TYPE_CHECKING:
    from warehouse.alerts import PendingAlert
    from warehouse.load import LoadReport

MOST_LINES = 20
"""So many failures, and so many remarks, are told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassSummary:
    """What one pass did."""

    at: datetime
    collected: Collected
    loaded: LoadReport
    alerts_sent: int
    seconds: float
    alert_remarks: tuple[str, ...] = ()
    """What went wrong while telling, one line a channel and reason."""

    @property
    def exit_code(self) -> int:
        """1 when sources were due and not one of them could be read, otherwise 0."""
        collected = self.collected
        return (
            1 if collected.sources_due and not (collected.sources_read or collected.sources_unchanged) else 0
        )

    def in_short(self) -> str:
        """What the pass did, as a name: `14 sources due: 12 read, 2 failed · 3 new articles · 1 shift`."""
        found = [
            (self.loaded.articles_new, "new article"),
            (self.loaded.shifts_new + self.loaded.shifts_advanced, "shift"),
            (self.alerts_sent, "alert"),
        ]
        return " · ".join(
            [sources_in_short(self.collected), *(counted(count, noun) for count, noun in found if count)]
        )

    def to_json(self) -> str:
        """The summary as one flat JSON object: the public form of `ajar run --json`."""
        collected, loaded = self.collected, self.loaded
        return json.dumps(
            {
                "sources_due": collected.sources_due,
                "sources_read": collected.sources_read,
                "sources_unchanged": collected.sources_unchanged,
                "sources_failed": collected.sources_failed,
                "sources_skipped": collected.sources_skipped,
                "entries": collected.entries,
                "articles_new": loaded.articles_new,
                "articles_updated": loaded.articles_updated,
                "articles_without_text": collected.articles_without_text,
                "mentions": loaded.mentions,
                "shifts_new": loaded.shifts_new,
                "shifts_advanced": loaded.shifts_advanced,
                "alerts_sent": self.alerts_sent,
                "seconds": round(self.seconds, 2),
                "failures": [asdict(failure) for failure in collected.failures],
                "remarks": [*collected.remarks, *self.alert_remarks],
                "set_aside": list(loaded.set_aside),
                "untagged": list(collected.untagged),
            },
            ensure_ascii=False,
        )

    def lines(self) -> list[str]:
        """The summary for people: sources, failures with their reasons, articles, shifts."""
        collected, loaded = self.collected, self.loaded
        return [
            *sources_line_by_line(collected),
            f"{counted(collected.entries, 'entry', 'entries')} listed, "
            f"{counted(loaded.articles_new, 'new article')}, {loaded.articles_updated} updated, "
            f"{collected.articles_without_text} without text",
            f"{counted(loaded.mentions, 'mention')} tagged, {counted(loaded.shifts_new, 'new shift')}, "
            f"{loaded.shifts_advanced} advanced, {counted(self.alerts_sent, 'alert')} sent "
            f"({self.seconds:.1f} s)",
            *(f"  not told: {line}" for line in self.alert_remarks),
            *(f"  set aside: {line}" for line in loaded.set_aside),
            *(f"  not tagged: {line}" for line in collected.untagged),
        ]


def sources_in_short(collected: Collected) -> str:
    """`14 sources due: 12 read, 2 failed`."""
    parts = [
        (collected.sources_read, "read"),
        (collected.sources_unchanged, "unchanged"),
        (collected.sources_failed, "failed"),
        (collected.sources_skipped, "skipped"),
    ]
    outcome = ", ".join(f"{count} {word}" for count, word in parts if count) or "nothing to do"
    return f"{counted(collected.sources_due, 'source')} due: {outcome}"


def sources_line_by_line(collected: Collected) -> list[str]:
    """The sources of a pass for people: how many, then each failure and what was odd."""
    waiting = f"; {collected.sources_waiting} not due yet" if collected.sources_waiting else ""
    down = (
        "No host could be reached: is this machine connected to the internet? No source is blamed, and all "
        f"are due again in {OUTAGE_WAIT.seconds // 60} minutes."
    )
    return [
        f"{sources_in_short(collected)}{waiting}",
        *([down] if collected.line_is_down else []),
        *_shortened(f"  failed: {failure.source} — {_because(failure)}" for failure in collected.failures),
        *_shortened(f"  note: {remark}" for remark in collected.remarks),
    ]


def _shortened(lines: Iterable[str]) -> Iterator[str]:
    """The first of the lines, and how many more there are."""
    lines = iter(lines)
    yield from islice(lines, MOST_LINES)
    if more := sum(1 for _ in lines):
        yield f"  … and {more:,} more; `ajar query source_health` tells each"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 article`, `2 articles`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _because(failure: SourceFailure) -> str:
    since = f", for {counted(failure.failing_days, 'day')}" if failure.failing_days else ""
    return f"{failure.reason.rstrip('.')}{since} ({failure.url})"


def choose_sources(sources: Sequence[Source], only: Sequence[str]) -> Sequence[Source]:
    """The sources named by `only`, or all. Raises ConfigurationError for an unknown id."""
    known = {source.id: source for source in sources}
    for wanted in only:
        if wanted not in known:
            choices = name_choices(wanted, known, listed_by="ajar sources list")
            raise ConfigurationError(f"source is '{wanted}'; {choices}")
    return [known[wanted] for wanted in dict.fromkeys(only)] or sources


def run_pass(
    settings: Settings,
    sources: Sequence[Source],
    *,
    now: datetime,
    tell: Callable[[PendingAlert], None],
    force: bool = False,
    with_alerts: bool = True,
    connect_to: Mapping[str, tuple[str, int]] | None = None,
    progress: Progress = SILENT,
) -> PassSummary:
    """Collect, load, publish, alert; `tell` shows one alert on the console channel.

    `connect_to` says where invented host names are served (the demo and tests).
    Raises PassRunningError when another pass over this warehouse is under way, StorageError when nothing
    could be stored (what was read stays staged for the next pass).
    """
    begun = time.monotonic()
    with only_pass(settings.pass_lock):
        collected = collect_news(
            settings, sources, now=now, force=force, connect_to=connect_to or {}, progress=progress
        )
        # Imported by now, while the network was waited for.
        from flows.storing import NOTHING_TOLD, check_supply, load_news, publish_all, tell_news

        loaded = load_news(settings, now=now, with_alerts=with_alerts, progress=progress)
        progress.stage("telling")
        told = NOTHING_TOLD
        if with_alerts and loaded.alerts_waiting:
            told = tell_news(settings, now=now, tell=tell)
        progress.stage("publishing")
        if loaded.runs or told != NOTHING_TOLD or not settings.published.exists():
            publish_all(settings)
        alarm_remarks = check_supply(settings, now=now)[1] if with_alerts else []
    return PassSummary(
        at=now,
        collected=collected,
        loaded=loaded,
        alerts_sent=told.sent,
        seconds=time.monotonic() - begun,
        alert_remarks=(*told.remarks, *alarm_remarks),
    )
