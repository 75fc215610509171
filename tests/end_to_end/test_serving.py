"""`ajar serve` from start to stop: signals, killed parts, runs that were missed, and what is forgotten."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.serving import CHECKOUT, serving
from flows.settings import load_settings
from tests.end_to_end.prefect_api import eventually, free_port, runs_of

pytestmark = [pytest.mark.servers, pytest.mark.long, pytest.mark.timeout(900)]


@pytest.fixture
def sources(site: Any, tmp_path: Path) -> Path:
    """A catalogue of one source."""
    site.feed("/feed.xml", ("/a", "Quiet day."))
    site.page("/a", "Quiet day.", "Nothing happened in the whole town, as it often is in spring. " * 5)
    return Path(site.sources(tmp_path / "sources.yaml", "/feed.xml"))


@contextmanager
def ajar_serve(home: Path, sources: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The command, in a process of its own; nothing of it is left after the block."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("AJAR_", "PREFECT_"))
    }
    environment |= {"AJAR_HOME": str(home), "AJAR_SOURCES": str(sources), "AJAR_ALLOW_PRIVATE": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "flows", "serve", "--port", f"{port}"],
        env=environment, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
        eventually(60, lambda: not processes_of(home))


def processes_of(home: Path) -> list[int]:
    """Processes that were started with this AJAR_HOME and are no zombies."""
    wanted = f"AJAR_HOME={home}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """What it prints up to a line with these words."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if words in line:
            return "".join(lines)
    raise AssertionError(f"it ended without saying “{words}”: {''.join(lines)}")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything(tmp_path: Path, sources: Path, number: signal.Signals) -> None:
    home = tmp_path / "home"
    with ajar_serve(home, sources, free_port()) as serve:
        told = read_until(serve, "Running; stop with Ctrl-C.")
        assert "Prefect UI     http://127.0.0.1:" in told

        def passed() -> bool:
            """The first pass was made at once."""
            return (home / "ajar-latest.duckdb").exists()

        assert eventually(180, passed)
        serve.send_signal(number)
        assert serve.wait(60) == 0
        assert processes_of(home) == []


def test_started_where_ctrl_c_is_ignored_it_stops_as_fast(tmp_path: Path, sources: Path) -> None:
    """A shell lets what it starts in the background ignore SIGINT, which is how the parts are stopped."""
    home = tmp_path / "home"
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with ajar_serve(home, sources, free_port()) as serve:
            read_until(serve, "Running; stop with Ctrl-C.")
            parts = [pid for pid in processes_of(home) if parent_of(pid) == serve.pid]
            assert len(parts) == 2
            assert not any(ignores_interrupts(pid) for pid in parts)
            serve.send_signal(signal.SIGTERM)
            assert serve.wait(60) == 0
    finally:
        signal.signal(signal.SIGINT, before)


def parent_of(pid: int) -> int:
    """The process that started this one."""
    return int(Path(f"/proc/{pid}/stat").read_text().split()[3])


def ignores_interrupts(pid: int) -> bool:
    """Whether a process ignores SIGINT."""
    status = Path(f"/proc/{pid}/status").read_text()
    mask = int(next(line for line in status.splitlines() if line.startswith("SigIgn")).split()[1], 16)
    return bool(mask >> (signal.SIGINT - 1) & 1)


def test_a_signal_while_it_starts_stops_it(tmp_path: Path, sources: Path) -> None:
    home = tmp_path / "home"
    with ajar_serve(home, sources, free_port()) as serve:
        read_until(serve, "starting the Prefect server")
        serve.send_signal(signal.SIGTERM)
        assert serve.wait(60) == 0
        assert processes_of(home) == []


def test_a_killed_server_ends_it_with_the_name_of_the_log(tmp_path: Path, sources: Path) -> None:
    home = tmp_path / "home"
    with ajar_serve(home, sources, free_port()) as serve:
        read_until(serve, "Running; stop with Ctrl-C.")
        (server,) = [
            pid
            for pid in processes_of(home)
            if b"server\0start" in Path(f"/proc/{pid}/cmdline").read_bytes() and parent_of(pid) == serve.pid
        ]
        os.kill(server, signal.SIGKILL)
        assert serve.wait(90) == 1
        assert serve.stdout is not None
        assert f"see {home / 'logs' / 'server.log'}" in serve.stdout.read()
        assert eventually(30, lambda: processes_of(home) == [])


def test_killed_itself_it_takes_server_and_worker_along(tmp_path: Path, sources: Path) -> None:
    home = tmp_path / "home"
    with ajar_serve(home, sources, free_port()) as serve:
        read_until(serve, "Running; stop with Ctrl-C.")
        serve.kill()
        serve.wait()

        def gone() -> bool:
            """No process of it is left."""
            return processes_of(home) == []

        assert eventually(60, gone)


def test_missed_runs_are_worked_off_once_and_old_runs_forgotten(
    tmp_path: Path, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AJAR_ALLOW_PRIVATE", "1")
    monkeypatch.setenv("PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS", "5")
    project = yaml.safe_load((CHECKOUT / "prefect.yaml").read_text())
    project["deployments"] = [project["deployments"][0]]
    project["deployments"][0]["parameters"] = {"sources": str(sources)}
    project["deployments"][0]["schedules"][0]["interval"] = 10
    file = tmp_path / "prefect.yaml"
    file.write_text(yaml.safe_dump(project))
    settings = load_settings({"AJAR_HOME": str(tmp_path / "home")}, folder=tmp_path)
    port = free_port()

    def completed(api: str) -> list[dict[str, Any]]:
        return [run for run in runs_of(api, "watch-sources") if run["state_name"] == "Completed"]

    with serving(settings, port=port, prefect_file=file, tell=print) as served:
        first = eventually(180, lambda: completed(served.api))[0]
    stopped_at = datetime.now(UTC)
    # Runs are due every ten seconds while nobody is there.
    while datetime.now(UTC) < stopped_at + timedelta(seconds=60):
        time.sleep(1)
    with sqlite3.connect(settings.home / "prefect" / "prefect.db", timeout=30) as database:
        old = (datetime.now(UTC) - timedelta(days=31)).strftime("%Y-%m-%d %H:%M:%S.%f")
        database.execute("UPDATE flow_run SET end_time = ? WHERE id = ?", (old, first["id"]))
        assert database.total_changes == 1
    started_at = datetime.now(UTC)
    with serving(settings, port=port, prefect_file=file, tell=print) as served:

        def caught_up() -> bool:
            """A run that was due after the restart completed."""
            return any(run["expected_start_time"] > started_at.isoformat() for run in completed(served.api))

        assert eventually(180, caught_up)
        due = [
            run
            for run in runs_of(served.api, "watch-sources")
            if stopped_at.isoformat() < run["expected_start_time"] < started_at.isoformat()
        ]
        assert len(due) >= 4
        worked = [run["name"] for run in due if run["state_name"] not in ("Missed", "Cancelled")]
        assert len(worked) <= 1, worked
        assert sum(run["state_name"] == "Missed" for run in due) >= len(due) - 1

        def forgotten() -> bool:
            """The run that ended 31 days ago is not there any more."""
            return all(run["id"] != first["id"] for run in runs_of(served.api, "watch-sources"))

        assert eventually(60, forgotten)
