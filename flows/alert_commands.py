"""`ajar alerts`: what waits, was sent or given up; a test message; trying again; the silence alarm."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flows.settings import Settings
    from warehouse.alerts import PendingAlert

_warehouse_option = click.option(
    "--warehouse",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The DuckDB file, instead of the one in AJAR_HOME.",
)


@click.group()
def alerts() -> None:
    """Alerts: what waits, was sent or given up.

    They go to Slack (AJAR_SLACK_WEBHOOK), by mail (AJAR_SMTP_URL and AJAR_ALERT_TO) and to whatever
    Apprise can reach (AJAR_NOTIFY_URLS); to the console when none of these is set. Who is told what
    stands in the table [alerts] of ajar.toml.
    """


def _settings(warehouse: Path | None) -> Settings:
    from flows.settings import load_settings

    return load_settings(warehouse=warehouse)


@alerts.command("list")
@click.option("--all", "everything", is_flag=True, help="Sent and suppressed alerts too.")
@click.option("--json", "as_json", is_flag=True, help="Print an array of objects.")
@_warehouse_option
def list_(everything: bool, as_json: bool, warehouse: Path | None) -> None:
    """Alerts that wait, failed or were given up, with the reason; the newest first."""
    from flows import terminal
    from warehouse.alerts import list_alerts
    from warehouse.database import open_published
    from warehouse.results import write_result

    waiting = () if everything else ("pending", "sending", "failed", "dead")
    with open_published(_settings(warehouse).published) as connection:
        found = list_alerts(connection, statuses=waiting)
    if as_json:
        write_result(found, "json", sys.stdout.buffer)
    elif found.rows:
        terminal.print_table(
            _COLUMNS, [_for_people(dict(zip(found.columns, row, strict=True))) for row in found.rows]
        )
    else:
        click.echo("No alerts." if everything else "No alerts wait and none was given up.")


_COLUMNS = ("status", "channel", "shift", "stage", "attempts", "queued", "next or sent", "remark")


def _for_people(alert: Mapping[str, Any]) -> tuple[Any, ...]:
    known = alert["actor"] is not None
    named = (alert["actor"], alert["artefact"], f"({alert['kind']})") if known else ("no longer reported",)
    shift = " ".join(part for part in named if part)
    when = alert["sent_at"] or alert["next_attempt_at"]
    return (
        alert["status"],
        alert["channel"],
        shift,
        f"{alert['direction']} · {alert['stage']}" if known else alert["stage"],
        alert["attempts"],
        f"{alert['queued_at']:%Y-%m-%d %H:%M}",
        f"{when:%Y-%m-%d %H:%M}" if when else None,
        alert["remark"],
    )


@alerts.command()
@_warehouse_option
def test(warehouse: Path | None) -> None:
    """Send a labelled sample to every channel and say what became of it."""
    from flows import terminal
    from flows.alert_sample import send_samples
    from flows.channels.configured import open_channels
    from flows.messages import SAMPLE

    def tell(alert: PendingAlert) -> None:
        click.echo(SAMPLE)
        terminal.print_alert(alert)

    settings = _settings(warehouse)
    well = True
    with open_channels(settings, tell=tell) as channels:
        for result in send_samples(channels, now=datetime.now(UTC)):
            state = "accepted" if result.delivered else "NOT accepted"
            click.echo(f"{result.channel}: {state}" + (f": {result.remark}" if result.remark else ""))
            well = well and result.delivered
    if settings.channels == ("console",):
        click.echo("No other channel is set. Set AJAR_SLACK_WEBHOOK, or AJAR_SMTP_URL and AJAR_ALERT_TO.")
    sys.exit(0 if well else 1)


@alerts.command()
@_warehouse_option
def retry(warehouse: Path | None) -> None:
    """Try now what failed or was given up."""
    from flows import terminal
    from flows.locking import only_pass
    from flows.passes import publish_all, tell_news
    from warehouse.alerts import retry_dead
    from warehouse.database import open_warehouse

    settings, now = _settings(warehouse), datetime.now(UTC)
    with only_pass(settings.pass_lock):
        with open_warehouse(settings.warehouse, now=now) as opened:
            again = retry_dead(opened.connection, now=now)
        told = tell_news(settings, now=now, tell=terminal.print_alert)
        publish_all(settings)
    click.echo(f"{again} to be tried again, {told.sent} sent")
    for remark in told.remarks:
        click.echo(f"  {remark}")
    sys.exit(1 if told.remarks else 0)


@alerts.command()
@_warehouse_option
def check(warehouse: Path | None) -> None:
    """The silence alarm: tells when no pass was made, nothing is new, or a source is down or stale.

    Call it from cron or a timer of its own: a scheduler that stands still cannot say so. Each alarm is
    told once until it is over; the exit code is 1 as long as there is one.
    """
    from flows.passes import check_supply

    alarms, remarks = check_supply(_settings(warehouse), now=datetime.now(UTC), passes=True)
    for alarm in alarms:
        click.echo(alarm.text)
    for remark in remarks:
        click.echo(remark, err=True)
    if not alarms:
        click.echo("All is well.")
    sys.exit(1 if alarms else 0)
