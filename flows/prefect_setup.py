"""Prepares a Prefect server for Ajar: `python -m flows.prefect_setup`. Repeating it changes nothing.

What prefect.yaml cannot say: the automation that notices runs whose process is gone, and, with `--alone`, what
becomes of the runs that an earlier `ajar serve` has left behind.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime, timedelta

from prefect.automations import Automation, EventTrigger, Posture
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterNextScheduledStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.events import ResourceSpecification
from prefect.states import Cancelled, Crashed

from flows.prefect_runs import ENDED

ZOMBIES = "ajar: runs whose process is gone"
SILENT_FOR = timedelta(seconds=90)
"""Three heartbeats of prefect.toml; with the default rhythm of 180 s this would end healthy runs."""


def main() -> None:
    """Make the automation; with `--alone` settle what was left running or was missed as well."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--alone", action="store_true", help="no worker of this server is running now")
    make_zombie_automation()
    if parser.parse_args().alone:
        with get_client(sync_client=True) as client:
            ended, missed = settle_left_runs(client, now=datetime.now(UTC))
        print(f"{ended} runs without a process ended, {missed} missed runs left to a later one")  # noqa: T201


def make_zombie_automation() -> None:
    """A run that has sent a heartbeat and then nothing for 90 seconds has crashed."""
    automation = Automation(
        name=ZOMBIES,
        description="Made by Ajar: a killed machine or worker cannot say so itself.",
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={
                "prefect.flow-run.heartbeat",
                "prefect.flow-run.Completed",
                "prefect.flow-run.Failed",
                "prefect.flow-run.Cancelled",
                "prefect.flow-run.Crashed",
                ENDED,
            },
            match=ResourceSpecification.model_validate({"prefect.resource.id": ["prefect.flow-run.*"]}),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENT_FOR,
        ),
        actions=[
            ChangeFlowRunState(
                name="Crashed",
                state=StateType.CRASHED,
                message="No heartbeat: its process is gone.",
                force=False,
            )
        ],
    )
    with get_client(sync_client=True) as client:
        known = client.read_automations_by_name(ZOMBIES)
    if not known:
        automation.create()


def settle_left_runs(client: SyncPrefectClient, *, now: datetime) -> tuple[int, int]:
    """For a server nobody else works for: end the runs that are said to run, and of the missed runs of one
    deployment and one set of parameters leave the newest; returns how many of each."""
    left = _runs(client, [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING])
    for run in left:
        client.set_flow_run_state(run.id, Crashed(message="Its process ended with the server."), force=True)
    newest: set[str] = set()
    missed = 0
    for run in _runs(client, [StateType.SCHEDULED], due_before=now):
        which = f"{run.deployment_id} {json.dumps(run.parameters, sort_keys=True, default=str)}"
        if which in newest:
            client.set_flow_run_state(
                run.id, Cancelled(name="Missed", message="A later run does its work."), force=True
            )
            missed += 1
        newest.add(which)
    return len(left), missed


def _runs(
    client: SyncPrefectClient, states: list[StateType], due_before: datetime | None = None
) -> list[FlowRun]:
    """All runs in these states, the latest due first."""
    found: list[FlowRun] = []
    due = FlowRunFilterNextScheduledStartTime.model_validate({"before_": due_before}) if due_before else None
    wanted = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=states)), next_scheduled_start_time=due
    )
    while page := client.read_flow_runs(
        flow_run_filter=wanted,
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=200,
        offset=len(found),
    ):
        found += page
    return found


if __name__ == "__main__":
    main()
