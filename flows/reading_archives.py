"""A backfill divided among processes or machines: each archive is read by one of them, one process loads.

archives_to_read   which archives there are, and which of their batches are done
read_archive       reads one archive and stages what is not done; called wherever there is a core
load_read          loads it, unless the loader of the shared inbox does
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from extractors.archives import ArchiveReader
from flows.backfilling import StagedArchive, archive_id, runs_done, stage_archive
from flows.locking import only_pass
from flows.passes import load_news, publish_all
from flows.settings import Settings
from flows.sharing import shared_folder
from warehouse.database import open_published
from warehouse.load import LoadReport
from warehouse.rereading import loaded_runs
from warehouse.staging import staged_folders

WAIT_FOR_PASS = 1800.0
"""Seconds to wait for a pass under way before loading."""


def archives_to_read(
    settings: Settings, archives: Sequence[Path], *, now: datetime
) -> Mapping[Path, tuple[str, ...]]:
    """Each archive with the ids of those of its batches that are loaded or wait to be.

    Raises ConfigurationError for a file that is no archive; nothing is read then.
    """
    reader = ArchiveReader((), now)
    for archive in archives:
        reader.check(archive)
    done = _done_by_all(settings) if settings.shared else _done_here(settings, now)
    return {
        archive: tuple(sorted(run for run in done if run.startswith(f"backfill-{archive_id(archive)}-")))
        for archive in archives
    }


def read_archive(settings: Settings, archive: Path, *, now: datetime, done: Collection[str]) -> StagedArchive:
    """Read and tag what is not done of one archive, and stage it: here, or in the shared inbox.

    `now` is that of the whole backfill: who does again what a killed process has done half goes on from there.
    """
    if settings.shared is None:
        return stage_archive(settings, archive, now=now, done=done)
    shared = shared_folder(settings)
    place = settings.home / "archives" / archive_id(archive)
    own = replace(settings, warehouse=place / settings.warehouse.name)
    staged = stage_archive(own, archive, now=now, done=done)
    for folder in staged_folders(own.staged):
        shared.send(folder)
    shutil.rmtree(place, ignore_errors=True)
    return staged


def load_read(settings: Settings, *, now: datetime) -> LoadReport | None:
    """Load what was read; nobody is alerted. None: the loader of the shared inbox does."""
    if settings.shared is not None:
        return None
    with only_pass(settings.pass_lock, wait=WAIT_FOR_PASS):
        loaded = load_news(settings, now=now, with_alerts=False)
        publish_all(settings)
    return loaded


def _done_here(settings: Settings, now: datetime) -> set[str]:
    with only_pass(settings.pass_lock, wait=WAIT_FOR_PASS):
        # What an interrupted backfill staged counts as done once it is loaded.
        load_news(settings, now=now, with_alerts=False)
        return runs_done(settings, now=now)


def _done_by_all(settings: Settings) -> set[str]:
    shared = shared_folder(settings)
    waiting = {name.partition("-")[2] for name in shared.waiting()}
    copy = shared.read_copy(settings.home / "archives")
    if copy is None:
        return waiting
    with open_published(copy) as connection:
        return waiting | loaded_runs(connection)
