"""What the scheduled flows have in common in Prefect: names that say what a run did, runs that have nothing
left to do, and progress where Prefect's UI shows it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from prefect import Flow, get_run_logger
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterStartTime,
    FlowRunFilterState,
    FlowRunFilterStateName,
)
from prefect.client.schemas.objects import FlowRun, State
from prefect.context import FlowRunContext
from prefect.events import emit_event
from prefect.states import Completed

ENDED = "ajar.run.ended"
SHOWN_AFTER = 5.0
"""Seconds of work after which its progress is worth an artifact."""
UPDATED_EVERY = 2.0
"""Seconds between two updates of it; each costs the server a request."""


def name_run(name: str) -> None:
    """Rename the present run to what it did; outside a run (a test, a shell) nothing happens."""
    run = _present_run()
    if run is not None:
        with get_client(sync_client=True) as client:
            client.update_flow_run(run.id, name=name[:200])


def skipped(reason: object) -> State[str]:
    """The state of a run that did nothing, and why; it counts as completed."""
    get_run_logger().info(f"skipped: {reason}")
    name_run(f"skipped: {reason}")
    return Completed(name="Skipped", message=f"{reason}")


def done_already() -> str | None:
    """Why this scheduled run has nothing left to do; None when it has.

    Prefect starts all runs that were missed while nobody worked them off. One of them does the work: a run
    of the same deployment with the same parameters that began after this one was due and completed has
    covered it. A run that somebody started by hand always works.
    """
    run = _present_run()
    if run is None or run.deployment_id is None or not run.auto_scheduled or run.expected_start_time is None:
        return None
    with get_client(sync_client=True) as client:
        later = client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                deployment_id=FlowRunFilterDeploymentId(any_=[run.deployment_id]),
                state=FlowRunFilterState(name=FlowRunFilterStateName(any_=["Completed"])),
                start_time=FlowRunFilterStartTime(after_=run.expected_start_time),
            )
        )
    covered = next((each for each in later if each.id != run.id and each.parameters == run.parameters), None)
    if covered is None:
        return None
    return f"due at {run.expected_start_time:%H:%M}, and “{covered.name}” has done the work since"


def tell_end(flow: Flow[Any, Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Hook of every flow: an event that the run has ended, for the automation that looks for killed runs.

    Prefect's own event of a scheduled run's end is heard only after a quarter of an hour: it follows that of
    the state Scheduled, which the scheduler never emits, and so counts as come too early.
    """
    emit_event(
        event=ENDED,
        resource={
            "prefect.resource.id": f"prefect.flow-run.{flow_run.id}",
            "prefect.resource.name": flow_run.name,
        },
    )


def _present_run() -> Any:
    context = FlowRunContext.get()
    return context.flow_run if context else None


class ShownProgress:
    """Progress as one line a stage in the run's log, and for longer work as a bar in Prefect's UI."""

    def __init__(self, key: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._key = key
        self._clock = clock
        self._log = get_run_logger()
        self._artifact: UUID | None = None
        self._name = ""
        self._total: int | None = None
        self._count = 0
        self._begun = self._shown = clock()

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage begins."""
        self._name, self._total, self._count = name, total, 0
        self._log.info(name if total is None else f"{name} ({total:,})")

    def advance(self, count: int = 1) -> None:
        """So many steps of the current stage are done."""
        self._count += count
        now = self._clock()
        if now - self._begun >= SHOWN_AFTER and now - self._shown >= UPDATED_EVERY:
            self._show()
            self._shown = now

    def finish(self) -> None:
        """The work is done."""
        if self._artifact is not None:
            update_progress_artifact(self._artifact, progress=100.0, description="done")

    def _show(self) -> None:
        share = min(100.0, 100.0 * self._count / self._total) if self._total else 0.0
        reached = f"{self._name}: {self._count:,}" + (f" of {self._total:,}" if self._total else "")
        if self._artifact is None:
            created = create_progress_artifact(share, key=self._key, description=reached)
            self._artifact = cast(UUID, created)
        else:
            update_progress_artifact(self._artifact, progress=share, description=reached)
