"""What `ajar doctor` asks a Prefect server: does it answer, are the schedules there, is anybody working?

Over HTTP and without Prefect, which takes longer to import than all checks together.
"""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

LATE_RUNS = 5
"""So many runs that nobody has taken up are more than a busy worker."""

Answer = tuple[str, Literal["ok", "warning", "fault"], str]
"""Check, verdict, fact."""


def check_server(now: datetime) -> Iterator[Answer]:
    """The checks in order; the later ones only when there is a server."""
    api = os.environ.get("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    if urlsplit(api).scheme not in ("http", "https"):
        yield "server", "fault", "PREFECT_API_URL is no web address, e.g. http://127.0.0.1:4200/api"
        return
    try:
        version = _ask(api, "/admin/version")
    except (OSError, ValueError):
        yield "server", "warning", f"no Prefect server answers at {api}; `ajar serve` starts one"
        return
    yield "server", "ok", f"a Prefect server {version} answers at {api}"
    try:
        yield from _schedules(api)
        yield from _workers(api)
        yield from _runs(api, now)
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield (
            "server",
            "warning",
            f"{api} does not answer as Prefect 3.8 does ({type(error).__name__}: {error})",
        )


def _schedules(api: str) -> Iterator[Answer]:
    deployments = _ask(api, "/deployments/filter", {"deployments": {"tags": {"all_": ["ajar"]}}})
    if not deployments:
        yield (
            "deployments",
            "warning",
            "none of Ajar's is there; `prefect --no-prompt deploy --all` makes them",
        )
        return
    paused = [
        each["name"]
        for each in deployments
        if each["paused"]
        or (each["schedules"] and not any(schedule["active"] for schedule in each["schedules"]))
    ]
    if paused:
        yield "deployments", "warning", f"paused: {', '.join(sorted(paused))}; resume them in Prefect's UI"
    else:
        yield "deployments", "ok", f"{len(deployments)} deployments, none paused"


def _workers(api: str) -> Iterator[Answer]:
    for pool in ("ajar", "ajar-readers"):
        try:
            workers = _ask(api, f"/work_pools/{pool}/workers/filter", {})
        except urllib.error.HTTPError:
            if pool == "ajar":
                yield "workers", "warning", "there is no work pool ajar; `ajar serve` makes it"
            continue
        online = [worker["name"] for worker in workers if worker["status"] == "ONLINE"]
        if online:
            yield "workers", "ok", f"{len(online)} online in the pool {pool}"
        else:
            yield "workers", "warning", f"none is online; start one with `prefect worker start --pool {pool}`"


def _runs(api: str, now: datetime) -> Iterator[Answer]:
    late = _ask(api, "/flow_runs/count", {"flow_runs": {"state": {"name": {"any_": ["Late"]}}}})
    if late >= LATE_RUNS:
        yield "runs", "warning", f"{late} runs are late: too few workers, or a run that hangs"
    since = (now - timedelta(days=1)).isoformat()
    ended_badly = {"state": {"type": {"any_": ["FAILED", "CRASHED"]}}, "start_time": {"after_": since}}
    failed = _ask(api, "/flow_runs/filter", {"flow_runs": ended_badly, "limit": 100})
    if failed:
        newest = max(failed, key=lambda run: str(run["start_time"]))
        count = f"{len(failed)} {'run' if len(failed) == 1 else 'runs'}"
        why = newest["state"]["message"] or "no message"
        yield "runs", "warning", f"{count} failed since yesterday, the newest “{newest['name']}”: {why}"[:300]
    elif late < LATE_RUNS:
        yield "runs", "ok", "none failed since yesterday, none is late"


def _ask(api: str, path: str, question: dict[str, Any] | None = None) -> Any:
    request = urllib.request.Request(
        f"{api}{path}",
        data=None if question is None else json.dumps(question).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.load(answer)
