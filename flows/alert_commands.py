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
@click.option("--json", "as_json", is_flag=True, help="Print an array of objects, all of them.")
@_warehouse_option
def list_(everything: bool, as_json: bool, warehouse: Path | None) -> None:
    """Alerts that wait, failed, were never confirmed or were given up, and why; the newest first."""
    from flows import terminal
    from warehouse.alerts import UNSETTLED, count_alerts, list_alerts
    from warehouse.database import open_published
    from warehouse.results import write_result

    statuses = () if everything else UNSETTLED
    with open_published(_settings(warehouse).published) as connection:
        found = list_alerts(connection, statuses=statuses, limit=None if as_json else MOST_LISTED)
        numbers = count_alerts(connection)
    if as_json:
        write_result(found, "json", sys.stdout.buffer)
        return
    if found.rows:
        terminal.print_table(
            _COLUMNS, [_for_people(dict(zip(found.columns, row, strict=True))) for row in found.rows]
        )
    number = sum(count for status, count in numbers.items() if not statuses or status in statuses)
    if number > len(found.rows):
        click.echo(f"… and {number - len(found.rows):,} older; --json prints all of them")
    for line in _in_words(numbers, everything=everything):
        click.echo(line)


MOST_LISTED = 50
"""Lines that somebody reads."""

_IN_WORDS = {
    "pending": "{} waiting: the next pass after the time shown sends it",
    "sending": "{} on its way, or left by a pass that was killed: the next pass settles it",
    "failed": "{} failed, to be tried again at the time shown: `ajar alerts retry` tries now",
    "unconfirmed": (
        "{} unconfirmed: sent twice and never answered, so look whether it is there; "
        "`ajar alerts retry --unconfirmed` sends it once more"
    ),
    "dead": "{} given up: put right what the remark says, then `ajar alerts retry`",
    "sent": "{} sent",
    "suppressed": "{} suppressed: no news, or no article reports it any more",
}


def _in_words(numbers: Mapping[str, int], *, everything: bool) -> list[str]:
    """What the numbers mean and what to do."""
    lines = [
        words.format(f"{numbers[status]:,}")
        for status, words in _IN_WORDS.items()
        if numbers.get(status) and (everything or status not in ("sent", "suppressed"))
    ]
    if lines:
        return lines
    if everything:
        return ["No alerts yet."]
    return [f"Nothing waits and nothing was given up; {numbers.get('sent', 0):,} sent so far."]


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
    if settings.channels != ("console",) and well:
        click.echo(f"It begins with “{SAMPLE}” Delete it when you have seen it.")
    if settings.channels == ("console",):
        click.echo("No other channel is set. Set AJAR_SLACK_WEBHOOK, or AJAR_SMTP_URL and AJAR_ALERT_TO.")
    sys.exit(0 if well else 1)


@alerts.command()
@click.option("--unconfirmed", is_flag=True, help="Also what was sent twice and never answered.")
@_warehouse_option
def retry(unconfirmed: bool, warehouse: Path | None) -> None:
    """Try now what failed or was given up."""
    from flows import terminal
    from flows.locking import only_pass
    from flows.passes import publish_all, tell_news
    from warehouse.alerts import count_alerts, retry_alerts
    from warehouse.database import open_warehouse

    settings, now = _settings(warehouse), datetime.now(UTC)
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
