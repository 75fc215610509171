"""The alerts between two passes, as Prefect runs them."""

from __future__ import annotations

from datetime import UTC, datetime

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State

from flows.headlines import headline
from flows.locking import PassRunningError
from flows.passes import counted
from flows.prefect_runs import done_already, name_run, skipped, tell_end
from flows.prefect_secrets import settings_of_run
from flows.storing import tell_waiting
from warehouse.alerts import PendingAlert


def _run_name() -> str:
    return f"alerts of {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(
    name="raise-alerts",
    description="Send what waits (digests, failed before, quiet hours over) and tell what has fallen silent.",
    flow_run_name=_run_name,
    on_completion=[tell_end],
    on_failure=[tell_end],
)
def raise_alerts() -> str | State[str]:
    """Send what is due, and tell what has fallen silent.

    A pass sends its own news; this sends what became due since: digests, what a channel did not take before,
    and what quiet hours kept back.
    """
    if reason := done_already():
        return skipped(reason)
    log = get_run_logger()

    def tell(alert: PendingAlert) -> None:
        log.info(f"ALERT {alert.direction}: {headline(alert)} — {alert.url}")

    try:
        told, alarms = tell_waiting(settings_of_run(), now=datetime.now(UTC), tell=tell)
    except PassRunningError as running:
        return skipped(running)
    for line in (*(alarm.text for alarm in alarms), *told.remarks):
        log.warning(line)
    alarmed = f" · {counted(len(alarms), 'alarm')}" if alarms else ""
    outcome = (counted(told.sent, "alert") + " sent" if told.sent else "nothing was due") + alarmed
    name_run(outcome)
    return outcome


if __name__ == "__main__":
    raise_alerts()
