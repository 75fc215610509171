"""Filling the warehouse from archives of articles, as Prefect runs it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from prefect import flow, get_run_logger

from flows.backfilling import backfill
from flows.passes import counted
from flows.prefect_runs import ShownProgress, name_run
from flows.settings import load_settings


def _run_name() -> str:
    return f"backfill of {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(
    name="backfill-archive",
    description="Fill the warehouse from WARC files (CC-NEWS as it is) or JSON Lines. Alerts nobody.",
    flow_run_name=_run_name,
)
def backfill_archive(archives: list[str]) -> str:
    """Read, tag and load all articles of the archives; one that was interrupted goes on where it stopped.

    Args:
        archives: Absolute paths of WARC files (.warc, .warc.gz) or JSON Lines (.jsonl, .jsonl.gz) on the
            worker's machine.
    """
    progress = ShownProgress("backfill-progress")
    filled = backfill(
        load_settings(), [Path(archive) for archive in archives], now=datetime.now(UTC), progress=progress
    )
    progress.finish()
    for line in filled.broken:
        get_run_logger().warning("no article: %s", line)
    outcome = (
        f"{counted(len(archives), 'archive')}: {filled.read:,} articles, {filled.skipped:,} loaded before · "
        f"{filled.loaded.articles_new:,} new · {counted(filled.loaded.shifts_new, 'new shift')}"
    )
    name_run(outcome)
    return outcome


if __name__ == "__main__":
    import sys

    backfill_archive(sys.argv[1:])
