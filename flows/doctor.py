"""`ajar doctor`: is this installation fit to run? Each check is one fact with a verdict and what to do."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from extractors.errors import AjarError
from flows.catalogue import sources_in_force
from flows.housekeeping import backup_folder
from flows.locking import PassRunningError, only_pass
from flows.server_checks import check_server
from flows.settings import Settings
from flows.sharing import shared_folder
from warehouse.database import open_published
from warehouse.locking import program_that_holds
from warehouse.queries import run_query
from warehouse.waiting import staged_folders

LEAST_FREE = 0.05
"""Share of the disk below which a pass may fail in the middle of writing."""
LONG_PASS = timedelta(hours=2)
"""No ordinary pass takes so long."""
LATE_BACKUP = timedelta(days=2)
MANY_RUNS = 500
"""In the inbox: what the loader takes out in a few minutes."""
LATE_AFTER = timedelta(hours=1)
"""A schedule of every 15 minutes that has brought nothing for so long does not work."""
NOTED = ("ajar", "prefect", "duckdb", "httpx", "feedparser", "trafilatura")
BREAKS_FROM: Mapping[str, tuple[tuple[int, int], str]] = {
    "fastapi": ((0, 151), "`prefect deploy` fails"),
    "sqlalchemy": ((2, 1), "schedules never fire"),
}
"""Versions that break Prefect 3.8 in silence, as measured."""

Verdict = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about the installation."""

    check: str
    verdict: Verdict
    fact: str
    """What was found, and what to do about it when the verdict is not ok."""


def examine(settings: Settings, *, now: datetime) -> list[Finding]:
    """All checks, in the order a person would go through them. Nothing is changed; no source is asked."""
    return [
        *_versions(),
        *_clock(now),
        *_folders(settings),
        *_contact(settings),
        *_sources(settings),
        *_locks(settings, now),
        *_staged(settings),
        *_shared(settings),
        *_warehouse(settings, now),
        *_backups(settings, now),
        *(Finding(*answer) for answer in check_server(now)),
    ]


def settings_in_force(settings: Settings) -> dict[str, Any]:
    """Every setting as JSON values, secrets masked."""
    return {each.name: _shown(getattr(settings, each.name)) for each in fields(settings)}


def as_json(settings: Settings, findings: list[Finding]) -> str:
    """Settings and findings as one object."""
    return json.dumps(
        {"settings": settings_in_force(settings), "findings": [asdict(finding) for finding in findings]},
        ensure_ascii=False,
        indent=2,
    )


def _shown(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _shown(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(_shown(each) for each in value)
    if is_dataclass(value):
        return {each.name: _shown(getattr(value, each.name)) for each in fields(value)}
    # A secret prints as ***, whatever asks it to.
    return f"{value}"


def _versions() -> Iterator[Finding]:
    found = {name: importlib.metadata.version(name) for name in (*BREAKS_FROM, *NOTED)}
    broken = [
        f"{name} {found[name]} does not work ({why})"
        for name, (limit, why) in BREAKS_FROM.items()
        if _version(found[name]) >= limit
    ]
    if broken:
        yield Finding("versions", "fault", "; ".join(broken) + "; install from requirements.lock")
    else:
        noted = ", ".join(f"{name} {version}" for name, version in found.items())
        yield Finding("versions", "ok", f"{noted}, Python {platform.python_version()}")


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())


def _clock(now: datetime) -> Iterator[Finding]:
    """Nothing can have been installed in the future."""
    installed = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    if now < installed - timedelta(days=1):
        fact = f"it is {now:%Y-%m-%d} by the clock, and Ajar was installed on {installed:%Y-%m-%d}; set the clock"
        yield Finding("clock", "fault", fact)


def _folders(settings: Settings) -> Iterator[Finding]:
    folder = settings.warehouse.parent
    wanted = dict.fromkeys(
        (folder, settings.home, settings.staged, settings.snapshots, backup_folder(settings))
    )
    refused = [f"{each}" for each in wanted if not _can_be_written(each)]
    # A file an earlier run made as another user (root, once) stops the next.
    refused += [
        f"{file}"
        for file in (settings.warehouse, settings.published, settings.pass_lock)
        if file.exists() and not os.access(file, os.R_OK | os.W_OK)
    ]
    if refused:
        fact = f"{', '.join(refused)}: cannot be written; change the owner, or name another with AJAR_HOME"
        yield Finding("folder", "fault", fact)
        return
    yield Finding("folder", "ok", f"{folder} can be written")
    disk = shutil.disk_usage(_existing(folder))
    free = disk.free / disk.total
    fact = f"{disk.free / 1e9:.1f} GB free ({free:.0%})"
    needed = 2 * settings.warehouse.stat().st_size if settings.warehouse.exists() else 0
    if disk.free < needed:
        fact = f"{fact}; the read copy and its successor need {needed / 1e9:.1f} GB"
        yield Finding("disk", "fault", fact)
    elif free < LEAST_FREE:
        yield Finding("disk", "warning", f"{fact}; make room before the disk is full")
    else:
        yield Finding("disk", "ok", fact)


def _can_be_written(folder: Path) -> bool:
    existing = _existing(folder)
    return existing.is_dir() and os.access(existing, os.R_OK | os.W_OK | os.X_OK)


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _contact(settings: Settings) -> Iterator[Finding]:
    if settings.contact is None:
        yield Finding("contact", "warning", "publishers cannot write to you; set AJAR_CONTACT to an address")
    else:
        yield Finding("contact", "ok", settings.contact)


def _sources(settings: Settings) -> Iterator[Finding]:
    try:
        sources = sources_in_force(settings)
    except AjarError as error:
        yield Finding("sources", "fault", f"{error}")
        return
    addresses = sum(len(source.addresses) for source in sources)
    yield Finding("sources", "ok", f"{len(sources)} sources with {addresses} addresses")


def _locks(settings: Settings, now: datetime) -> Iterator[Finding]:
    if not settings.pass_lock.exists():
        yield Finding("lock", "ok", "no pass has run here yet")
    else:
        try:
            with only_pass(settings.pass_lock):
                yield Finding("lock", "ok", "no pass is running")
        except PassRunningError as error:
            since = datetime.fromtimestamp(settings.pass_lock.stat().st_mtime, UTC)
            fact = f"{error}, since {since:%Y-%m-%d %H:%M} UTC"
            if now - since > LONG_PASS:
                yield Finding("lock", "warning", f"{fact}: it hangs, or a backfill is under way")
            else:
                yield Finding("lock", "ok", fact)
        except AjarError as error:
            yield Finding("lock", "fault", f"{error}")
    holder = program_that_holds(settings.warehouse)
    if holder is not None:
        fact = f"the warehouse is open in process {holder}; passes wait for it. Read {settings.published.name} instead"
        yield Finding("lock", "warning", fact)


def _staged(settings: Settings) -> Iterator[Finding]:
    waiting = len(staged_folders(settings.staged))
    broken = len(list(settings.staged.glob("*.broken"))) if settings.staged.is_dir() else 0
    if broken:
        yield Finding("staged", "warning", f"{broken} broken in {settings.staged}; reason.txt says why")
    elif waiting:
        yield Finding("staged", "warning", f"{waiting} runs wait to be loaded; `ajar run` loads them")
    else:
        yield Finding("staged", "ok", "nothing waits to be loaded")


def _shared(settings: Settings) -> Iterator[Finding]:
    if settings.shared is None:
        return
    try:
        waiting = len(shared_folder(settings).waiting())
    except AjarError as error:
        yield Finding("shared", "fault", f"{error}")
        return
    if waiting > MANY_RUNS:
        yield Finding("shared", "warning", f"{waiting} runs wait in the inbox; does the loader run?")
    else:
        yield Finding("shared", "ok", f"{waiting} runs wait in the inbox")


def _backups(settings: Settings, now: datetime) -> Iterator[Finding]:
    if not settings.keep_backups or not settings.published.exists():
        return
    folder = backup_folder(settings)
    newest = max((path.stat().st_mtime for path in folder.glob("ajar-*.duckdb")), default=None)
    if newest is None:
        yield Finding("backup", "warning", f"none in {folder} yet; `ajar serve` makes one every night")
    elif now - datetime.fromtimestamp(newest, UTC) > LATE_BACKUP:
        fact = (
            f"the newest is of {datetime.fromtimestamp(newest, UTC):%Y-%m-%d}; does tidy-up/every-night run?"
        )
        yield Finding("backup", "warning", fact)
    else:
        yield Finding("backup", "ok", f"the newest is of {datetime.fromtimestamp(newest, UTC):%Y-%m-%d}")


def _warehouse(settings: Settings, now: datetime) -> Iterator[Finding]:
    if not settings.published.exists():
        yield Finding("warehouse", "warning", f"{settings.published} does not exist yet; `ajar run` makes it")
        return
    try:
        with open_published(settings.published) as connection:
            row = connection.execute("SELECT max(started_at) FROM runs").fetchone()
            health = run_query(connection, "source_health")
    except AjarError as error:
        yield Finding("warehouse", "fault", f"{error}")
        return
    last = row[0] if row else None
    if last is None:
        yield Finding("schedule", "warning", "no pass has been loaded yet; start one with `ajar run`")
    elif last > now + timedelta(minutes=5):
        yield Finding(
            "clock", "fault", f"the last pass was {last:%Y-%m-%d %H:%M} UTC, in the future; set the clock"
        )
    elif now - last > LATE_AFTER:
        yield Finding(
            "schedule", "warning", f"the last pass was {last:%Y-%m-%d %H:%M} UTC; is `ajar serve` running?"
        )
    else:
        yield Finding("schedule", "ok", f"the last pass was {last:%Y-%m-%d %H:%M} UTC")
    states = [dict(zip(health.columns, line, strict=True)) for line in health.rows]
    ailing = [f"{state['source']} ({state['state']})" for state in states if state["state"] != "healthy"]
    if ailing:
        shown = ", ".join(ailing[:8]) + (f" and {len(ailing) - 8} more" if len(ailing) > 8 else "")
        yield Finding("health", "warning", f"{shown}; `ajar query source_health` says why")
    else:
        yield Finding(
            "health",
            "ok",
            f"{len(states)} of {len(states)} sources answer" if states else "no source was asked yet",
        )
