"""The scheduled pass over one shard of the sources, as Prefect runs it on many machines."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from prefect import flow, get_run_logger
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.concurrency.sync import concurrency
from prefect.exceptions import ObjectAlreadyExists
from prefect.states import Failed

from extractors.errors import ConfigurationError
from flows.catalogue import sources_in_force
from flows.locking import PassRunningError
from flows.passes import sources_in_short, sources_line_by_line
from flows.prefect_runs import ShownProgress, done_already, name_run, skipped, tell_end
from flows.prefect_secrets import settings_of_run
from flows.sharing import collect_shard

LEASE_SECONDS = 60.0
"""How long the server keeps a shard for a worker that is silent."""
PLACE_SECONDS = 20.0
"""How long to wait for the shard: a busy server needs some to say that it is free."""


def _run_name() -> str:
    return f"shard of {datetime.now(UTC):%Y-%m-%d %H:%M}"


@flow(
    name="watch-shard",
    description="Fetch what is due of one shard, tag it, put it into the shared inbox.",
    flow_run_name=_run_name,
    on_completion=[tell_end],
    on_failure=[tell_end],
)
def watch_shard(shard: int, shards: int, sources: str | None = None, force: bool = False) -> str | State[str]:
    """Make one pass over one shard of the sources; the loader stores what it finds.

    Args:
        shard: Number of the shard, from 0.
        shards: How many shards there are; the same in all schedules.
        sources: File or folder of sources, the same on every worker. Empty: what the settings name.
        force: Ask sources that are not due as well.
    """
    if not 0 <= shard < shards:
        raise ConfigurationError(f"shard {shard} of {shards}; use 0 to {shards - 1}")
    if reason := done_already():
        return skipped(reason)
    settings = settings_of_run(sources=Path(sources) if sources else None)
    progress = ShownProgress(f"shard-{shard}-progress")
    try:
        with concurrency(
            _place_of(shard, shards), timeout_seconds=PLACE_SECONDS, lease_duration=LEASE_SECONDS
        ):
            collected = collect_shard(
                settings, sources_in_force(settings), number=shard, of=shards, now=datetime.now(UTC),
                force=force, progress=progress,
            )  # fmt: skip
    except TimeoutError:
        return skipped(f"another worker collects shard {shard}")
    except PassRunningError as running:
        return skipped(running)
    progress.finish()
    for line in sources_line_by_line(collected):
        get_run_logger().info(line)
    outcome = f"shard {shard} of {shards} · {sources_in_short(collected)}"
    name_run(outcome)
    if collected.sources_due and not (collected.sources_read or collected.sources_unchanged):
        return Failed(message=f"no source that was due could be read: {outcome}")
    return outcome


def _place_of(shard: int, shards: int) -> str:
    """The limit of one, kept by the server, that holds a shard for one worker at a time."""
    name = f"ajar-shard-{shard}-of-{shards}"
    # Another worker may make it at the same moment.
    with get_client(sync_client=True) as client, suppress(ObjectAlreadyExists):
        client.upsert_global_concurrency_limit_by_name(name, 1)
    return name


if __name__ == "__main__":
    watch_shard(0, 1)
