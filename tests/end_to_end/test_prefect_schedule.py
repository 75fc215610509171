"""The schedules of prefect.yaml, with a real Prefect server and a real worker."""

from __future__ import annotations

import json
import socket
import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from flows.serving import CHECKOUT, Served, serving
from flows.settings import load_settings

pytestmark = [pytest.mark.servers, pytest.mark.timeout(420)]

NEWS = "Arnor Labs has released the weights of Gondor-7B under the Apache 2.0 licence on Tuesday."


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def hastened(sources: Path, file: Path) -> Path:
    """The project's own prefect.yaml, but for the sources and for a quarter of an hour made five seconds."""
    project = yaml.safe_load((CHECKOUT / "prefect.yaml").read_text())
    watching = next(each for each in project["deployments"] if each["entrypoint"].endswith(":watch_sources"))
    watching["parameters"] = {"sources": str(sources)}
    watching["schedules"][0]["interval"] = 5
    file.write_text(yaml.safe_dump(project))
    return file


def ask(served: Served, path: str, question: dict[str, Any]) -> Any:
    """One question to Prefect's API."""
    request = urllib.request.Request(
        f"{served.api}{path}", json.dumps(question).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def eventually(seconds: float, condition: Callable[[], Any]) -> Any:
    """What the condition gives as soon as that is true; fails when it never is."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        if found := condition():
            return found
        time.sleep(0.5)
    raise AssertionError(f"not within {seconds:g} s: {condition.__doc__}")


def test_a_scheduled_run_fills_the_warehouse(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.feed("/feed.xml", ("/a", "Gondor-7B weights are out"), age=timedelta(minutes=30))
    site.page("/a", "Gondor-7B weights are out", NEWS)
    sources = site.sources(tmp_path / "sources.yaml", "/feed.xml")
    monkeypatch.setenv("AJAR_ALLOW_PRIVATE", "1")
    settings = load_settings({"AJAR_HOME": str(tmp_path / "home")}, folder=tmp_path)

    with serving(
        settings, port=free_port(), prefect_file=hastened(sources, tmp_path / "prefect.yaml"), tell=print
    ) as served:

        def completed() -> Any:
            """A run that the schedule made, and nobody else, completed."""
            runs = ask(served, "/flow_runs/filter", {"flows": {"name": {"any_": ["watch-sources"]}}})
            return [run for run in runs if run["auto_scheduled"] and run["state_type"] == "COMPLETED"]

        assert eventually(180, completed)
        with urllib.request.urlopen(served.ui, timeout=10) as page:
            assert b"Prefect" in page.read()
        deployments = ask(served, "/deployments/filter", {})
        schedules = {each["name"]: each["schedules"][0]["schedule"] for each in deployments}
        assert schedules["every-morning"]["cron"] == "30 5 * * *"

    with duckdb.connect(str(settings.published), read_only=True) as connection:
        row = connection.execute("SELECT actor, artefact, direction, stage FROM shifts").fetchone()
        assert row == ("Arnor Labs", "Gondor-7B", "opening", "done")
        assert connection.execute("SELECT DISTINCT status FROM alerts").fetchall() == [("sent",)]


def test_prefect_yaml_names_flows_that_exist() -> None:
    project = yaml.safe_load((CHECKOUT / "prefect.yaml").read_text())
    for deployment in project["deployments"]:
        file, function = deployment["entrypoint"].split(":")
        assert f"def {function}(" in (CHECKOUT / file).read_text()
        assert deployment["schedules"], f"{deployment['name']} never runs"
