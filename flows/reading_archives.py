"""A backfill divided among processes or machines: each archive is read by one of them, one process loads.

prepare_reading   refuses what is no archive, and loads what an earlier backfill left
read_archive      reads one archive and stages what is not done; called wherever there is a core
load_read         loads it, unless the loader of the shared inbox does
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from extractors.archives import ArchiveReader, is_feed, local_copy
from extractors.errors import ConfigurationError
from flows.backfilling import StagedArchive, archive_id, stage_archive
from flows.locking import only_pass
from flows.settings import Settings
from flows.sharing import shared_folder
from flows.storing import load_news, publish_all
from warehouse.database import open_published
from warehouse.load import LoadReport
from warehouse.rereading import loaded_runs
from warehouse.waiting import staged_folders

WAIT_FOR_PASS = 1800.0
"""Seconds to wait for a pass under way before loading."""


def prepare_reading(settings: Settings, archives: Sequence[str], *, now: datetime) -> None:
    """Refuse what is no archive before any is read, and load what an interrupted backfill has staged here.

    Raises ConfigurationError for a file that is no archive and for a feed, which one process has to read.
    """
    reader = ArchiveReader((), now)
    for archive in archives:
        if is_feed(archive):
            raise ConfigurationError(
                f"{archive}: is a feed, which is read page by page; leave processes at 1"
            )
        if "://" not in archive:
            reader.check(Path(archive))
    load_read(settings, now=now)


def read_archive(settings: Settings, archive: str, *, now: datetime) -> StagedArchive:
    """Read and tag what is not done of one archive, and stage it: here, or in the shared inbox.

    `archive` is a path, or an address that fsspec reaches. `now` is that of the whole backfill: who does again
    what a killed process has done half goes on from there.
    """
    place = _own_place(settings.home / "archives")
    with local_copy(archive, place) as path:
        named = f"backfill-{archive_id(path)}-"
        done = {run for run in _done(settings) if run.startswith(named)}
        if settings.shared is None:
            return stage_archive(settings, path, now=now, done=done)
        own = replace(settings, warehouse=place / archive_id(path) / settings.warehouse.name)
        staged = stage_archive(own, path, now=now, done=done)
    shared = shared_folder(settings)
    for folder in staged_folders(own.staged):
        shared.send(folder)
    shutil.rmtree(own.warehouse.parent, ignore_errors=True)
    return staged


def _own_place(folder: Path) -> Path:
    """A folder of this process; those that killed ones have left go."""
    for left in folder.glob("[0-9]*"):
        if left.name.isdigit() and not Path(f"/proc/{left.name}").exists():
            shutil.rmtree(left, ignore_errors=True)
    return folder / f"{os.getpid()}"


def load_read(settings: Settings, *, now: datetime) -> LoadReport | None:
    """Load what was read; nobody is alerted. None: the loader of the shared inbox does."""
    if settings.shared is not None:
        return None
    with only_pass(settings.pass_lock, wait=WAIT_FOR_PASS):
        loaded = load_news(settings, now=now, with_alerts=False)
        if settings.warehouse.exists():
            publish_all(settings)
    return loaded


def _done(settings: Settings) -> set[str]:
    """Ids of the runs that are loaded, or wait in the inbox to be."""
    waiting: set[str] = set()
    copy: Path | None = settings.published if settings.published.exists() else None
    if settings.shared is not None:
        shared = shared_folder(settings)
        waiting = {name.partition("-")[2] for name in shared.waiting()}
        copy = shared.read_copy(settings.home / "archives")
    if copy is None:
        return waiting
    with open_published(copy) as connection:
        return waiting | loaded_runs(connection)
