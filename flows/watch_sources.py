"""The scheduled pass, as Prefect runs it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.events import emit_event
from prefect.states import Failed

from flows.catalogue import sources_in_force
from flows.headlines import headline
from flows.locking import PassRunningError
from flows.pass_notes import latest_shifts, shifts_as_markdown, source_health
from flows.passes import PassSummary, choose_sources, run_pass
from flows.prefect_runs import ShownProgress, done_already, name_run, skipped, tell_end
from flows.prefect_secrets import settings_of_run
from flows.settings import Settings
from warehouse.alerts import PendingAlert


def _run_name() -> str:
    return f"pass of {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(
    name="watch-sources",
    description="Fetch what is due, tag it, load it, raise alerts.",
    flow_run_name=_run_name,
    on_completion=[tell_end],
    on_failure=[tell_end],
)
def watch_sources(
    sources: str | None = None, only: list[str] | None = None, force: bool = False
) -> str | State[str]:
    """Make one pass and show its summary.

    Args:
        sources: File or folder of sources on the worker's machine. Empty: what the settings name.
        only: Ids of the sources to ask. Empty: all of them.
        force: Ask sources that are not due as well.
    """
    if reason := done_already():
        return skipped(reason)
    settings = settings_of_run(sources=Path(sources) if sources else None)
    try:
        summary = make_pass(settings, only or [], force)
    except PassRunningError as running:
        return skipped(running)
    show_summary(settings, summary)
    name_run(summary.in_short())
    if summary.exit_code:
        return Failed(message="no source that was due could be read: " + summary.in_short())
    return summary.to_json()


@task(cache_policy=NO_CACHE, persist_result=False)
def make_pass(settings: Settings, only: list[str], force: bool) -> PassSummary:
    """One pass over the sources that are due."""
    log = get_run_logger()

    def tell(alert: PendingAlert) -> None:
        log.info(f"ALERT {alert.direction}: {headline(alert)} — {alert.url}")

    sources = choose_sources(sources_in_force(settings), only)
    progress = ShownProgress("pass-progress")
    summary = run_pass(settings, sources, now=datetime.now(UTC), force=force, tell=tell, progress=progress)
    progress.finish()
    for line in summary.lines():
        log.info(line)
    return summary


@task(cache_policy=NO_CACHE, persist_result=False)
def show_summary(settings: Settings, summary: PassSummary) -> None:
    """Keep what the pass found where Prefect's UI shows it, and emit an event for each shift."""
    if not settings.published.exists():
        return
    shifts = latest_shifts(settings, since=summary.at)
    create_markdown_artifact(
        key="latest-pass",
        markdown=shifts_as_markdown(summary, shifts),
        description="What the newest pass read and found",
    )
    create_table_artifact(
        key="source-health",
        table=source_health(settings),
        description="Sources, the worst first; the last 30 days",
    )
    for shift in shifts:
        emit_event(
            event=f"ajar.shift.{shift.stage}",
            resource={
                "prefect.resource.id": f"ajar.shift.{shift.shift_id}",
                "prefect.resource.name": shift.what,
            },
            payload={"direction": shift.direction, "evidence": shift.evidence, "url": shift.url},
        )


if __name__ == "__main__":
    watch_sources()
