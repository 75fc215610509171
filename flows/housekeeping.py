"""What has to be done now and then so that an installation runs for months: forget, export, back up, rotate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from extractors.snapshots import remove_old
from flows.locking import only_pass
from flows.passes import counted
from flows.settings import Settings
from flows.storing import publish_all
from flows.trends import daily_export
from warehouse.database import open_warehouse
from warehouse.retention import back_up, forget_fetches, keep_newest

WAIT_FOR_PASS = 1800.0
"""Seconds to wait for a pass under way; a longer one is no ordinary pass."""
LARGEST_LOG = 20_000_000
"""Bytes after which a log is put away; one older one is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Housekeeping:
    """What was done."""

    snapshots_removed: int
    """Files of snapshots."""
    fetches_forgotten: int
    """Rows."""
    exported: Path
    backup: Path | None
    """None: no backups are kept."""
    old_removed: int
    """Exports, reports and backups."""
    logs_rotated: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """One line a fact."""
        yield f"{counted(self.snapshots_removed, 'file')} of snapshots removed"
        yield f"{counted(self.fetches_forgotten, 'row')} of fetches forgotten"
        yield f"tables exported to {self.exported}"
        yield f"backup {self.backup}" if self.backup else "no backup: keep_backups is 0"
        yield f"{counted(self.old_removed, 'old export, report or backup', 'old exports, reports and backups')} removed"
        if self.logs_rotated:
            yield f"logs rotated: {', '.join(self.logs_rotated)}"


def keep_house(settings: Settings, *, now: datetime, wait: float = WAIT_FOR_PASS) -> Housekeeping:
    """Forget what is too old, publish, export the tables, back up, and rotate the logs of `ajar serve`.

    Every step can be repeated. Raises PassRunningError when a pass goes on for longer than `wait` seconds,
    StorageError when the warehouse, the exports or the backups cannot be written.
    """
    # Room first: on a full disk the other steps would fail for want of it.
    rotated = tuple(rotate_logs(settings.logs))
    snapshots = 0
    if settings.keep_snapshots_days:
        snapshots = remove_old(settings.snapshots, timedelta(days=settings.keep_snapshots_days), now)
    folder = backup_folder(settings)
    removed = (
        keep_newest(settings.exports, "????-??-??", settings.keep_exports - 1)
        + keep_newest(settings.warehouse.parent / "reports", "trends-????-??-??.*", settings.keep_exports)
        + keep_newest(folder, "ajar-????-??-??.duckdb", max(0, settings.keep_backups - 1))
    )
    with only_pass(settings.pass_lock, wait=wait):
        fetches = 0
        with open_warehouse(settings.warehouse, now=now, wait=settings.warehouse_wait_seconds) as warehouse:
            if settings.keep_fetches_days:
                before = now - timedelta(days=settings.keep_fetches_days)
                fetches = forget_fetches(warehouse.connection, before=before)
        publish_all(settings)
    return Housekeeping(
        snapshots_removed=snapshots,
        fetches_forgotten=fetches,
        exported=daily_export(settings, now=now),
        backup=back_up(settings.published, folder, day=now.date()) if settings.keep_backups else None,
        old_removed=removed,
        logs_rotated=rotated,
    )


def backup_folder(settings: Settings) -> Path:
    """Where backups are kept."""
    return settings.backups or settings.warehouse.parent / "backups"


def rotate_logs(folder: Path) -> Iterator[str]:
    """Put away logs that have grown too large; yields their names.

    Their writers append and keep them open, so that a log is copied and then emptied.
    """
    for log in sorted(folder.glob("*.log")):
        if log.stat().st_size > LARGEST_LOG:
            log.with_name(f"{log.name}.1").write_bytes(log.read_bytes()[-LARGEST_LOG:])
            with log.open("r+b") as file:
                file.truncate(0)
            yield log.name
