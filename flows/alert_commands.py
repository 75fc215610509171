"""`ajar alerts`: what waits, was sent or given up; a test message; trying again; the silence alarm."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.command_options import read_clock, settings_in_force, warehouse_option

if TYPE_CHECKING:
    from warehouse.alerts import PendingAlert


@click.group()
def alerts() -> None:
    """Alerts: what waits, was sent or given up.

    They go to Slack (AJAR_SLACK_WEBHOOK), by mail (AJAR_SMTP_URL and AJAR_ALERT_TO) and to whatever
    Apprise can reach (AJAR_NOTIFY_URLS); to the console when none of these is set. Who is told what
    stands in the table [alerts] of ajar.toml.
    """


@alerts.command("list")
@click.option("--all", "everything", is_flag=True, help="Sent and suppressed alerts too.")
@click.option("--json", "as_json", is_flag=True, help="Print an array of objects, all of them.")
@warehouse_option
def list_(everything: bool, as_json: bool, warehouse: Path | None) -> None:
    """Alerts that wait, failed, were never confirmed or were given up, and why; what needs a hand first."""
    from flows import terminal
    from flows.alert_list import COLUMNS, MOST_LINES, in_words, left_behind, list_for_people
    from warehouse.alerts import UNSETTLED, count_alerts, list_alerts
    from warehouse.database import open_published
    from warehouse.results import write_result

    settings = settings_in_force(warehouse)
    with open_published(settings.published) as connection:
        found = list_alerts(connection, statuses=() if everything else UNSETTLED)
        numbers = count_alerts(connection)
    if as_json:
        write_result(found, "json", sys.stdout.buffer)
        return
    alerts = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    lines = list_for_people(alerts)
    if lines:
        terminal.print_table(COLUMNS, lines[:MOST_LINES])
    if len(lines) > MOST_LINES:
        click.echo(f"… and {len(lines) - MOST_LINES:,} lines more; --json prints all alerts")
    for line in [*in_words(numbers, everything=everything), *left_behind(alerts, settings.channels)]:
        click.echo(line)


@alerts.command()
@warehouse_option
def test(warehouse: Path | None) -> None:
    """Send a labelled sample to every channel and say what became of it."""
    from flows import terminal
    from flows.alert_sample import send_samples
    from flows.channels.configured import open_channels
    from flows.messages import SAMPLE

    def tell(alert: PendingAlert) -> None:
        click.echo(SAMPLE)
        terminal.print_alert(alert)

    settings = settings_in_force(warehouse)
    well = True
    with open_channels(settings, tell=tell) as channels:
        for result in send_samples(channels, now=read_clock()):
            state = "accepted" if result.delivered else "NOT accepted"
            click.echo(f"{result.channel}: {state}" + (f": {result.remark}" if result.remark else ""))
            well = well and result.delivered
    if settings.channels != ("console",) and well:
        click.echo(f"It begins with “{SAMPLE}” Delete it when you have seen it.")
    if settings.channels == ("console",):
        click.echo("No other channel is set. Set AJAR_SLACK_WEBHOOK, or AJAR_SMTP_URL and AJAR_ALERT_TO.")
    sys.exit(0 if well else 1)


@alerts.command()
@click.option("--unconfirmed", is_flag=True, help="Also what was sent twice and never answered.")
@warehouse_option
def retry(unconfirmed: bool, warehouse: Path | None) -> None:
    """Try now what failed or was given up."""
    from flows import terminal
    from flows.locking import only_pass
    from flows.storing import publish_all, tell_news
    from warehouse.alerts import count_alerts, retry_alerts
    from warehouse.database import open_warehouse

    settings, now = settings_in_force(warehouse), read_clock()
    with only_pass(settings.pass_lock):
        with open_warehouse(settings.warehouse, now=now) as opened:
            again = retry_alerts(opened.connection, now=now, unconfirmed=unconfirmed)
            left = count_alerts(opened.connection).get("unconfirmed", 0)
        told = tell_news(settings, now=now, tell=terminal.print_alert)
        publish_all(settings)
    click.echo(f"{again} to be tried again, {told.sent} sent")
    if left:
        click.echo(
            f"{left} unconfirmed left alone: sent twice, so they are probably there. "
            "`ajar alerts retry --unconfirmed` sends them once more"
        )
    for remark in told.remarks:
        click.echo(f"  {remark}")
    sys.exit(1 if told.remarks else 0)


@alerts.command()
@warehouse_option
def check(warehouse: Path | None) -> None:
    """The silence alarm: tells when no pass was made, nothing is new, or a source is down or stale.

    Call it from cron or a timer of its own: a scheduler that stands still cannot say so. Each alarm is
    told once until it is over; the exit code is 1 as long as there is one.
    """
    from flows.storing import check_supply

    alarms, remarks = check_supply(settings_in_force(warehouse), now=read_clock(), passes=True)
    for alarm in alarms:
        click.echo(alarm.text)
    for remark in remarks:
        click.echo(remark, err=True)
    if not alarms:
        click.echo("All is well.")
    sys.exit(1 if alarms else 0)
