"""Filling the warehouse from archives of articles, as Prefect runs it: in one process, or on a Dask cluster."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import wait

from extractors.errors import ConfigurationError
from flows.backfilling import StagedArchive, backfill
from flows.passes import counted
from flows.prefect_runs import ShownProgress, name_run, tell_end
from flows.prefect_secrets import settings_of_run
from flows.reading_archives import load_read, prepare_reading, read_archive
from warehouse.load import LoadReport


class UnreadArchivesError(RuntimeError):
    """Some archives could not be read; what the others brought is stored. Start the backfill again."""


def _run_name() -> str:
    return f"backfill of {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(
    name="backfill-archive",
    description="Fill the warehouse from WARC files (CC-NEWS as it is) or JSON Lines. Alerts nobody.",
    flow_run_name=_run_name,
    on_completion=[tell_end],
    on_failure=[tell_end],
)
def backfill_archive(archives: list[str], processes: int = 1, cluster: str | None = None) -> str:
    """Read, tag and load all articles of the archives; one that was interrupted goes on where it stopped.

    Args:
        archives: WARC files (.warc, .warc.gz) or JSON Lines (.jsonl, .jsonl.gz), as absolute paths, the same on
            all machines that read them, or as addresses (https://…, s3://…); or the address of a feed.
        processes: How many archives this machine reads at the same time. More than 1 needs the extra `scale`.
        cluster: Address of a Dask scheduler whose workers read them instead, such as tcp://dask.example.org:8786.
            Its workers need the same settings, AJAR_SHARED among them.
    """
    settings, now = settings_of_run(), datetime.now(UTC)
    if processes == 1 and cluster is None:
        progress = ShownProgress("backfill-progress")
        filled = backfill(settings, archives, now=now, progress=progress)
        progress.finish()
        read, skipped, broken = filled.read, filled.skipped, filled.broken
        loaded: LoadReport | None = filled.loaded
        unread: list[str] = []
    else:
        if cluster and settings.shared is None:
            raise ConfigurationError(
                "cluster: its workers have no folder in common with this machine; set AJAR_SHARED, here and there"
            )
        prepare_reading(settings, archives, now=now)
        reading = read_archives.with_options(task_runner=_dask(processes, cluster))
        staged, unread = reading(archives, now)
        read, skipped = sum(each.read for each in staged), sum(each.skipped for each in staged)
        broken = tuple(line for each in staged for line in each.broken)
        loaded = load_read(settings, now=now)
    for line in broken:
        get_run_logger().warning(f"no article: {line}")
    outcome = f"{counted(len(archives), 'archive')}: {read:,} articles, {skipped:,} done before · " + (
        f"{loaded.articles_new:,} new · {counted(loaded.shifts_new, 'new shift')}"
        if loaded
        else "sent to the shared inbox"
    )
    name_run(outcome)
    if unread:
        raise UnreadArchivesError(f"not read: {'; '.join(unread)}. Start it again to read these. {outcome}")
    return outcome


@flow(name="read-archives", description="Read archives on a Dask cluster, a task each.")
def read_archives(archives: list[str], now: datetime) -> tuple[list[StagedArchive], list[str]]:
    """Read the archives; returns what each brought, and a line for each that could not be read.

    Args:
        archives: Path or address of each.
        now: When the backfill began.
    """
    futures = {archive: read_one.submit(archive, now) for archive in archives}
    wait(list(futures.values()))
    staged: list[StagedArchive] = []
    unread: list[str] = []
    for archive, future in futures.items():
        result = future.result(raise_on_failure=False)
        if isinstance(result, StagedArchive):
            staged.append(result)
        else:
            unread.append(f"{archive} ({result})")
    return staged, unread


@task(
    name="read-archive",
    task_run_name="read {archive}",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=1,
)
def read_one(archive: str, now: datetime) -> StagedArchive:
    """Read one archive, on whatever machine this runs. What goes there is its path, never a text."""
    return read_archive(settings_of_run(), archive, now=now)


def _dask(processes: int, cluster: str | None) -> Any:
    try:
        import dask
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise ConfigurationError(
            "processes and cluster need the extra `scale`: pip install 'ajar[scale]'"
        ) from error
    # The process of a worker has children of its own: those that a hostile page may crash.
    dask.config.set({"distributed.worker.daemon": False})
    if cluster:
        return DaskTaskRunner(address=cluster)
    return DaskTaskRunner(
        cluster_kwargs={"n_workers": processes, "threads_per_worker": 1, "dashboard_address": None}
    )


if __name__ == "__main__":
    import sys

    backfill_archive(sys.argv[1:])
