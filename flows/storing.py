"""The second half of a pass: what is staged is loaded, told and published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from flows.alarms import Alarm, find_alarms, tell_alarms
from flows.alert_rules import plan_for
from flows.alerting import SendingReport, send_alerts
from flows.channels.configured import open_channels
from flows.locking import only_pass
from flows.progress import SILENT, Progress
from flows.settings import Settings
from flows.shift_feed import write_shift_files
from warehouse.alerts import PendingAlert
from warehouse.database import open_published, publish
from warehouse.load import LoadReport, load_staged
from warehouse.outbox import AlertRules
from warehouse.silence import read_supply

NOTHING_TOLD = SendingReport()
"""What is reported when no alert was due."""


def load_news(
    settings: Settings, *, now: datetime, with_alerts: bool, progress: Progress = SILENT
) -> LoadReport:
    """Load what is staged; alerts are queued in the same transactions unless `with_alerts` is False."""
    progress.stage("loading")
    rules = AlertRules(
        channels=settings.channels if with_alerts else (),
        news_window=timedelta(days=settings.alert_window_days),
        first_import_window=timedelta(hours=settings.alerts.first_import_hours),
        plan=plan_for(settings.alerts),
    )
    return load_staged(
        settings.warehouse,
        settings.staged,
        now=now,
        rules=rules,
        corrections=settings.corrections,
        wait=settings.warehouse_wait_seconds,
    )


def tell_news(settings: Settings, *, now: datetime, tell: Callable[[PendingAlert], None]) -> SendingReport:
    """Send what waits in the outbox to the channels in force; `tell` shows an alert on the console."""
    with open_channels(settings, tell=tell) as channels:
        return send_alerts(
            settings.warehouse,
            channels,
            now=now,
            rules=settings.alerts,
            wait=settings.warehouse_wait_seconds,
        )


def tell_waiting(
    settings: Settings, *, now: datetime, tell: Callable[[PendingAlert], None]
) -> tuple[SendingReport, Sequence[Alarm]]:
    """Between two passes: send what is due by now (failed before, kept for a digest or by quiet hours), and
    tell what has fallen silent, the lack of passes included.

    Raises PassRunningError while a pass is under way, which does the same itself.
    """
    if not settings.warehouse.exists():
        return NOTHING_TOLD, ()
    with only_pass(settings.pass_lock):
        told = tell_news(settings, now=now, tell=tell)
        if told != NOTHING_TOLD or not settings.published.exists():
            publish_all(settings)
        alarms, remarks = check_supply(settings, now=now, passes=True)
    return replace(told, remarks=(*told.remarks, *remarks)), alarms


def publish_all(settings: Settings) -> None:
    """Put the read copy, the Atom feed and the JSON file of shifts where people read them."""
    publish(settings.warehouse, settings.published)
    write_shift_files(settings.published)


def check_supply(
    settings: Settings, *, now: datetime, passes: bool = False
) -> tuple[Sequence[Alarm], Sequence[str]]:
    """Tell what has fallen silent; returns what was found, and what went wrong while telling.

    `passes`: whether the lack of passes counts. On the console, where a pass prints its own summary,
    nothing is told.
    """
    with open_published(settings.published) as connection:
        alarms = find_alarms(read_supply(connection), settings.alerts, now=now, passes=passes)
    with open_channels(settings, tell=lambda alert: None) as channels:
        remarks = tell_alarms(alarms, channels, settings.alarms, rules=settings.alerts, now=now)
    return alarms, remarks
