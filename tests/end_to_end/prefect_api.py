"""What tests ask a real Prefect server, and how they wait for it."""

from __future__ import annotations

import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def ask(api: str, path: str, question: dict[str, Any]) -> Any:
    """One question to Prefect's API."""
    request = urllib.request.Request(
        f"{api}{path}", json.dumps(question).encode(), {"Content-Type": "application/json"}
    )
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            # Prefect's own client waits as well when the server's SQLite is busy.
            if error.code != 503:
                raise
            time.sleep(1)


def runs_of(api: str, flow: str) -> list[dict[str, Any]]:
    """The runs of a flow, the oldest start first."""
    found = ask(api, "/flow_runs/filter", {"flows": {"name": {"any_": [flow]}}, "sort": "START_TIME_ASC"})
    return [dict(run) for run in found]


def eventually(seconds: float, condition: Callable[[], Any]) -> Any:
    """What the condition gives as soon as that is true; fails when it never is."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if found := condition():
            return found
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds:g} s: {condition.__doc__}")
