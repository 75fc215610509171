"""The loader of many machines' work, as Prefect runs it. One at a time: DuckDB has one writer."""

from __future__ import annotations

from datetime import UTC, datetime

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State

from flows.headlines import headline
from flows.locking import PassRunningError
from flows.passes import counted
from flows.prefect_runs import name_run, skipped, tell_end
from flows.prefect_secrets import settings_of_run
from flows.sharing import load_inbox
from warehouse.alerts import PendingAlert


def _run_name() -> str:
    return f"load of {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(
    name="load-inbox",
    description="Load what the workers have read, tell what is new, publish the read copy.",
    flow_run_name=_run_name,
    on_completion=[tell_end],
    on_failure=[tell_end],
)
def load_shared_inbox() -> str | State[str]:
    """Load what lies in the shared inbox, tell what is new, and publish the read copy for all workers."""
    log = get_run_logger()

    def tell(alert: PendingAlert) -> None:
        log.info(f"ALERT {alert.direction}: {headline(alert)} — {alert.url}")

    try:
        done = load_inbox(settings_of_run(), now=datetime.now(UTC), tell=tell)
    except PassRunningError as running:
        return skipped(running)
    for line in (*done.remarks, *done.loaded.set_aside):
        log.warning(line)
    loaded = done.loaded
    outcome = (
        f"{counted(loaded.runs, 'run')} · {counted(loaded.articles_new, 'new article')} · "
        f"{counted(loaded.shifts_new + loaded.shifts_advanced, 'shift')} · {counted(done.told.sent, 'alert')}"
    )
    name_run(outcome)
    return outcome


if __name__ == "__main__":
    load_shared_inbox()
