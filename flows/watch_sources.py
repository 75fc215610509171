"""The scheduled pass, as Prefect runs it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from flows.catalogue import sources_in_force
from flows.locking import PassRunningError
from flows.messages import headline
from flows.passes import PassSummary, choose_sources, run_pass
from flows.settings import Settings, load_settings
from warehouse.alerts import PendingAlert


def _run_name() -> str:
    return f"pass of {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(
    name="watch-sources",
    description="Fetch what is due, tag it, load it, raise alerts.",
    flow_run_name=_run_name,
)
def watch_sources(sources: str | None = None, only: list[str] | None = None, force: bool = False) -> str:
    """Make one pass and show its summary.

    Args:
        sources: File or folder of sources on the worker's machine. Empty: what the settings name.
        only: Ids of the sources to ask. Empty: all of them.
        force: Ask sources that are not due as well.
    """
    settings = load_settings(sources=Path(sources) if sources else None)
    try:
        summary = make_pass(settings, only or [], force)
    except PassRunningError as running:
        # Missed runs are all started at once after an outage; one of them does the work.
        get_run_logger().info("skipped: %s", running)
        return "skipped"
    show_summary(summary)
    return summary.to_json()


@task(cache_policy=NO_CACHE, persist_result=False)
def make_pass(settings: Settings, only: list[str], force: bool) -> PassSummary:
    """One pass over the sources that are due."""
    log = get_run_logger()

    def tell(alert: PendingAlert) -> None:
        log.info("ALERT %s: %s — %s", alert.direction, headline(alert), alert.url)

    sources = choose_sources(sources_in_force(settings), only)
    summary = run_pass(settings, sources, now=datetime.now(UTC), force=force, tell=tell)
    for line in summary.lines():
        log.info("%s", line)
    return summary


@task(cache_policy=NO_CACHE, persist_result=False)
def show_summary(summary: PassSummary) -> None:
    """Keep the summary where Prefect's UI shows it."""
    create_markdown_artifact(
        key="latest-pass",
        markdown="\n".join(f"    {line}" for line in summary.lines()),
        description="What the newest pass read and found",
    )


if __name__ == "__main__":
    watch_sources()
