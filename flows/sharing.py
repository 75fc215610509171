"""A pass divided among many machines: each worker collects a shard, one loader stores and tells.

    collect_shard   fetch, read and tag what is due of one shard; its rows go to the shared inbox
    load_inbox      what lies in the inbox becomes articles, mentions and shifts; the read copy goes back

The workers know what was read before from the read copy and from the inbox. Each step can be repeated and may be
killed anywhere: a run that did not reach the inbox is read again, one that was loaded is known by its id.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from extractors.errors import ConfigurationError
from extractors.records import Source
from extractors.shards import shards_of
from flows.alerting import SendingReport
from flows.collecting import Collected, collect_news
from flows.locking import only_pass
from flows.progress import SILENT, Progress
from flows.settings import Settings
from flows.storing import check_supply, load_news, publish_all, tell_news
from warehouse.alerts import PendingAlert
from warehouse.load import LoadReport, add_up
from warehouse.pending import with_pending
from warehouse.shared import SharedFolder
from warehouse.state import PassState, published_state
from warehouse.waiting import staged_folders

AT_ONCE = 100
"""Runs taken out of the inbox at once: so much of them lies on the loader's disk."""
WHAT_WORKERS_NEED = ("run.json", "addresses.parquet", "articles.parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedInbox:
    """What the loader did."""

    loaded: LoadReport
    told: SendingReport
    remarks: tuple[str, ...]


def collect_shard(
    settings: Settings,
    sources: Sequence[Source],
    *,
    number: int,
    of: int,
    now: datetime,
    force: bool = False,
    connect_to: Mapping[str, tuple[str, int]] | None = None,
    progress: Progress = SILENT,
) -> Collected:
    """Collect what is due of shard `number` (from 0) of `of` and put its rows into the shared inbox.

    Raises PassRunningError when this machine collects the shard already, StorageError when the shared folder
    cannot be read or written: what was read then stays here and is sent by the next pass.
    """
    shared = shared_folder(settings)
    shard = shards_of(sources, of)[number]
    own = shard_settings(settings, number, of)
    with only_pass(own.pass_lock):
        _send(shared, own.staged)
        collected = collect_news(
            own, sources, now=now, force=force, connect_to=connect_to or {}, progress=progress,
            state=known_state(shared, own.warehouse.parent), shard=shard,
        )  # fmt: skip
        progress.stage("sending")
        _send(shared, own.staged)
    return collected


def load_inbox(
    settings: Settings, *, now: datetime, tell: Callable[[PendingAlert], None], with_alerts: bool = True
) -> LoadedInbox:
    """Load what lies in the shared inbox, tell what is new, and put the read copy where the workers see it.

    Raises PassRunningError when another loader works on this warehouse, StorageError when the shared folder
    or the warehouse cannot be read or written; nothing leaves the inbox then.
    """
    shared = shared_folder(settings)
    reports = []
    with only_pass(settings.pass_lock):
        while names := shared.waiting()[:AT_ONCE]:
            shared.fetch(names, settings.staged)
            reports.append(load_news(settings, now=now, with_alerts=with_alerts))
            _publish(settings, shared)
            shared.discard(names)
        shared.sweep(now)
        told = SendingReport()
        remarks: tuple[str, ...] = ()
        if with_alerts and settings.warehouse.exists():
            told = tell_news(settings, now=now, tell=tell)
            if told != SendingReport():
                _publish(settings, shared)
            remarks = tuple(check_supply(settings, now=now)[1])
    return LoadedInbox(loaded=add_up(reports), told=told, remarks=(*told.remarks, *remarks))


def shared_folder(settings: Settings) -> SharedFolder:
    """The shared folder that the settings name. Raises ConfigurationError when they name none."""
    if settings.shared is None:
        raise ConfigurationError(
            "AJAR_SHARED is not set; name the folder all machines share, e.g. /mnt/ajar or s3://bucket/ajar"
        )
    return SharedFolder(settings.shared)


def shard_settings(settings: Settings, number: int, of: int) -> Settings:
    """The settings of one shard: a folder of its own for what it stages and for its snapshots."""
    folder = settings.home / "shards" / f"{number}-of-{of}"
    return replace(settings, warehouse=folder / settings.warehouse.name)


def known_state(shared: SharedFolder, folder: Path) -> PassState:
    """What earlier passes left, as the read copy and the inbox tell it; `folder` holds the copy on this machine."""
    with tempfile.TemporaryDirectory(prefix="ajar-inbox-") as place:
        # The inbox first: what is loaded and leaves it meanwhile stands in the copy looked at after.
        waiting = shared.fetch(shared.waiting(), Path(place), only=WHAT_WORKERS_NEED)
        copy = shared.read_copy(folder)
        return with_pending(published_state(copy) if copy else PassState(), waiting)


def _publish(settings: Settings, shared: SharedFolder) -> None:
    publish_all(settings)
    shared.publish(settings.published)


def _send(shared: SharedFolder, staged: Path) -> None:
    for folder in staged_folders(staged):
        shared.send(folder)
