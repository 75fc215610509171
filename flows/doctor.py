"""`ajar doctor`: is this installation fit to run? Each check is one fact with a verdict and what to do."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from extractors.errors import AjarError
from flows.catalogue import sources_in_force
from flows.locking import PassRunningError, only_pass
from flows.settings import Settings
from warehouse.database import open_published
from warehouse.queries import run_query
from warehouse.staging import staged_folders

LEAST_FREE = 0.05
"""Share of the disk below which a pass may fail in the middle of writing."""
LATE_AFTER = timedelta(hours=1)
"""A schedule of every 15 minutes that has brought nothing for so long does not work."""
NOTED = ("prefect", "duckdb", "httpx", "feedparser", "trafilatura")
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
        *_folder(settings),
        *_contact(settings),
        *_sources(settings),
        *_lock(settings),
        *_staged(settings),
        *_warehouse(settings, now),
        *_server(),
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
        yield Finding("versions", "ok", ", ".join(f"{name} {version}" for name, version in found.items()))


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:2] if part.isdigit())


def _folder(settings: Settings) -> Iterator[Finding]:
    folder = settings.warehouse.parent
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        yield Finding("folder", "fault", f"{folder} cannot be written; name another with AJAR_HOME")
        return
    yield Finding("folder", "ok", f"{folder} can be written")
    disk = shutil.disk_usage(existing)
    free = disk.free / disk.total
    fact = f"{disk.free / 1e9:.1f} GB free ({free:.0%})"
    if free < LEAST_FREE:
        yield Finding("disk", "warning", f"{fact}; make room before the disk is full")
    else:
        yield Finding("disk", "ok", fact)


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


def _lock(settings: Settings) -> Iterator[Finding]:
    if not settings.pass_lock.exists():
        yield Finding("lock", "ok", "no pass has run here yet")
        return
    try:
        with only_pass(settings.pass_lock):
            yield Finding("lock", "ok", "no pass is running")
    except PassRunningError as error:
        yield Finding("lock", "ok", f"{error}")
    except AjarError as error:
        yield Finding("lock", "fault", f"{error}")


def _staged(settings: Settings) -> Iterator[Finding]:
    waiting = len(staged_folders(settings.staged))
    broken = len(list(settings.staged.glob("*.broken"))) if settings.staged.is_dir() else 0
    if broken:
        yield Finding("staged", "warning", f"{broken} broken in {settings.staged}; reason.txt says why")
    elif waiting:
        yield Finding("staged", "warning", f"{waiting} runs wait to be loaded; `ajar run` loads them")
    else:
        yield Finding("staged", "ok", "nothing waits to be loaded")


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
        yield Finding("health", "ok", f"all {len(states)} sources answer")


def _server() -> Iterator[Finding]:
    api = os.environ.get("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    if urlsplit(api).scheme not in ("http", "https"):
        yield Finding("server", "fault", "PREFECT_API_URL is no web address, e.g. http://127.0.0.1:4200/api")
        return
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=3) as answer:
            answers = answer.status == 200
    except OSError:
        answers = False
    if answers:
        yield Finding("server", "ok", f"a Prefect server answers at {api}")
    else:
        yield Finding("server", "warning", f"no Prefect server answers at {api}; `ajar serve` starts one")
