"""The nightly housekeeping, as Prefect runs it."""

from __future__ import annotations

from datetime import UTC, datetime

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State

from flows.housekeeping import keep_house
from flows.passes import counted
from flows.prefect_runs import done_already, name_run, skipped, tell_end
from flows.prefect_secrets import settings_of_run


def _run_name() -> str:
    return f"housekeeping of {datetime.now(UTC):%Y-%m-%d}"


@flow(
    name="tidy-up",
    description="Forget what is too old, export the tables as Parquet, back up, rotate logs.",
    flow_run_name=_run_name,
    on_completion=[tell_end],
    on_failure=[tell_end],
)
def tidy_up() -> str | State[str]:
    """Forget what is too old, export the tables as Parquet, back up the warehouse and rotate the logs.

    How long things are kept is set by keep_snapshots_days, keep_fetches_days, keep_exports and keep_backups.
    """
    if reason := done_already():
        return skipped(reason)
    done = keep_house(settings_of_run(), now=datetime.now(UTC))
    lines = list(done.lines())
    for line in lines:
        get_run_logger().info(line)
    create_markdown_artifact(
        key="housekeeping", markdown="\n".join(f"- {line}" for line in lines), description="The newest night"
    )
    outcome = (
        f"exported and {'backed up' if done.backup else 'not backed up'} · "
        f"{counted(done.fetches_forgotten, 'row')} and {counted(done.snapshots_removed, 'snapshot')} removed"
    )
    name_run(outcome)
    return outcome


if __name__ == "__main__":
    tidy_up()
