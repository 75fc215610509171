"""`ajar serve`: one command that starts a Prefect server, deploys the schedules and works them off.

All of it runs on this machine and keeps its files in AJAR_HOME. The parts are Prefect's own commands,
so whatever Prefect's documentation says of a server, a worker or a deployment holds here too.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from extractors.errors import AjarError, ConfigurationError
from flows.settings import Settings

CHECKOUT = Path(__file__).resolve().parent.parent
WORK_POOL = "ajar"
WATCH = "watch-sources/every-15-minutes"
# The first start makes Prefect's database: 14 s on two idle cores, several times that on busy ones.
START_SECONDS = 120


class ServingError(AjarError):
    """The server, the deployments or the worker did not start; the message names the log to read."""


@dataclass(frozen=True, slots=True)
class Served:
    """Where a running installation can be seen."""

    ui: str
    api: str
    logs: Path


@contextmanager
def serving(
    settings: Settings, *, port: int, prefect_file: Path, tell: Callable[[str], None]
) -> Iterator[Served]:
    """Run server, schedules and one worker until the block ends, then stop them in reverse order.

    Raises ConfigurationError when the port is taken or prefect.yaml is missing, ServingError when a part
    does not come up.
    """
    if not prefect_file.is_file():
        raise ConfigurationError(f"{prefect_file}: no such file; start `ajar serve` from a checkout of Ajar")
    _refuse_taken_port(port)
    served = Served(
        ui=f"http://127.0.0.1:{port}", api=f"http://127.0.0.1:{port}/api", logs=settings.home / "logs"
    )
    served.logs.mkdir(parents=True, exist_ok=True)
    environment = prefect_environment(settings, served.api)
    with _running(
        "server", ["server", "start", "--host", "127.0.0.1", "--port", str(port)], environment, served
    ):
        tell("starting the Prefect server …")
        _wait_until_healthy(served)
        _run(
            "work-pool",
            ["work-pool", "create", WORK_POOL, "--type", "process", "--overwrite"],
            environment,
            served,
        )
        _run(
            "deploy",
            ["--no-prompt", "deploy", "--all", "--prefect-file", str(prefect_file)],
            environment,
            served,
        )
        with _running("worker", ["worker", "start", "--pool", WORK_POOL], environment, served):
            yield served


def serve_forever(settings: Settings, *, port: int, tell: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. The first pass starts at once, not at the next quarter of an hour."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with serving(settings, port=port, prefect_file=CHECKOUT / "prefect.yaml", tell=tell) as served:
        _run("first-pass", ["deployment", "run", WATCH], prefect_environment(settings, served.api), served)
        tell(f"Prefect UI     {served.ui}")
        tell(f"Schedules      {served.ui}/deployments")
        tell(f"Warehouse      {settings.warehouse}")
        tell(f"Read copy      {settings.published}  (appears with the first pass)")
        tell(f"Logs           {served.logs}")
        tell("Running; stop with Ctrl-C.")
        stop.wait()
        tell("stopping …")


def prefect_environment(settings: Settings, api: str) -> dict[str, str]:
    """The environment of Prefect's processes: our server, our folder, nobody told."""
    return {
        **os.environ,
        "AJAR_HOME": str(settings.home),
        "AJAR_WAREHOUSE": str(settings.warehouse),
        "PREFECT_HOME": str(settings.home / "prefect"),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLI_PROMPT": "false",
        "DO_NOT_TRACK": "1",
    }


def _refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ConfigurationError(
                f"--port {port}: {error.strerror}; stop what uses it or name another, e.g. --port {port + 1}"
            ) from error


def _prefect(arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", "prefect", *arguments]


@contextmanager
def _running(
    name: str, arguments: list[str], environment: Mapping[str, str], served: Served
) -> Iterator[None]:
    with (served.logs / f"{name}.log").open("ab") as log:
        started = subprocess.Popen(
            _prefect(arguments),
            env=environment,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # A Ctrl-C meant for us must not reach it before we have stopped what depends on it.
            start_new_session=True,
        )
    try:
        yield
    finally:
        _stop(started)


def _stop(started: subprocess.Popen[bytes]) -> None:
    for number, seconds in ((signal.SIGINT, 20), (signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        if started.poll() is not None:
            return
        os.killpg(started.pid, number)
        try:
            started.wait(seconds)
        except subprocess.TimeoutExpired:
            continue


def _run(name: str, arguments: list[str], environment: Mapping[str, str], served: Served) -> None:
    log = served.logs / f"{name}.log"
    with log.open("ab") as output:
        code = subprocess.run(
            _prefect(arguments),
            env=environment,
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        ).returncode
    if code != 0:
        raise ServingError(
            f"`prefect {' '.join(arguments)}` ended with exit code {code}; its output is in {log}"
        )


def _wait_until_healthy(served: Served) -> None:
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        try:
            with urllib.request.urlopen(f"{served.api}/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
    raise ServingError(
        f"the Prefect server did not answer within {START_SECONDS} s; see {served.logs / 'server.log'}"
    )
