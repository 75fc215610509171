"""`ajar serve`: one command that starts a Prefect server, deploys the schedules and works them off.

All of it runs on this machine and keeps its files in AJAR_HOME. The parts are Prefect's own commands,
so whatever Prefect's documentation says of a server, a worker or a deployment holds here too.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from extractors.errors import AjarError, ConfigurationError
from flows.settings import Settings

CHECKOUT = Path(__file__).resolve().parent.parent
WORK_POOL = "ajar"
WATCH = "watch-sources/every-15-minutes"
# The first start makes Prefect's database: 14 s on two idle cores, several times that on busy ones.
START_SECONDS = 120
LOOK_EVERY = 1.0
"""Seconds between two looks at whether server and worker still run."""
_PR_SET_PDEATHSIG = 1


class ServingError(AjarError):
    """The server, the deployments or the worker did not start; the message names the log to read."""


@dataclass(frozen=True, slots=True)
class Served:
    """Where a running installation can be seen."""

    ui: str
    api: str
    logs: Path
    parts: Mapping[str, subprocess.Popen[bytes]]
    """The processes by their names, which are those of their logs."""

    def wait(self) -> NoReturn:
        """Wait until a part ends, which none does by itself. Raises ServingError then."""
        while True:
            for name, process in self.parts.items():
                if process.poll() is not None:
                    raise ServingError(
                        f"the Prefect {name} has ended with exit code {process.returncode}; "
                        f"see {self.logs / name}.log, then start `ajar serve` again"
                    )
            time.sleep(LOOK_EVERY)


@contextmanager
def serving(
    settings: Settings,
    *,
    port: int,
    prefect_file: Path,
    tell: Callable[[str], None],
    json_logs: bool = False,
) -> Iterator[Served]:
    """Run server, schedules and one worker until the block ends, then stop them in reverse order.

    Runs that an earlier server left behind are settled before the worker starts: what is said to run has
    crashed, and of the runs that were missed the newest of each deployment is worked off.
    `json_logs`: the logs of server and worker hold one JSON object a line.
    Raises ConfigurationError when the port is taken or prefect.yaml is missing, ServingError when a part
    does not come up.
    """
    if not prefect_file.is_file():
        raise ConfigurationError(f"{prefect_file}: no such file; start `ajar serve` from a checkout of Ajar")
    _refuse_taken_port(port)
    prefect = PrefectCommands(
        environment=prefect_environment(settings, f"http://127.0.0.1:{port}/api", json_logs=json_logs),
        logs=settings.logs,
    )
    prefect.logs.mkdir(parents=True, exist_ok=True)
    with prefect.running("server", "server", "start", "--host", "127.0.0.1", "--port", str(port)) as server:
        tell("starting the Prefect server …")
        prefect.wait_until_healthy(server)
        prefect.call("work-pool", "work-pool", "create", WORK_POOL, "--type", "process", "--overwrite")
        prefect.call("deploy", "--no-prompt", "deploy", "--all", "--prefect-file", str(prefect_file))
        prefect.prepare()
        with prefect.running("worker", "worker", "start", "--pool", WORK_POOL) as worker:
            yield Served(
                ui=f"http://127.0.0.1:{port}",
                api=f"http://127.0.0.1:{port}/api",
                logs=prefect.logs,
                parts={"server": server, "worker": worker},
            )


def serve_forever(
    settings: Settings, *, port: int, tell: Callable[[str], None], json_logs: bool = False
) -> None:
    """Serve until SIGINT or SIGTERM, also while starting. The first pass starts at once, not at the next
    quarter of an hour.

    Raises ServingError when the server or the worker ends by itself, so that whoever started this can start
    it anew.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        with serving(
            settings, port=port, prefect_file=CHECKOUT / "prefect.yaml", tell=tell, json_logs=json_logs
        ) as served:
            first = PrefectCommands(
                prefect_environment(settings, served.api, json_logs=json_logs), served.logs
            )
            first.call("first-pass", "deployment", "run", WATCH)
            tell(f"Prefect UI     {served.ui}")
            tell(f"Schedules      {served.ui}/deployments")
            tell(f"Warehouse      {settings.warehouse}")
            tell(f"Read copy      {settings.published}  (appears with the first pass)")
            tell(f"Logs           {served.logs}")
            tell("Running; stop with Ctrl-C.")
            served.wait()
    except KeyboardInterrupt:
        tell("stopped")


def prefect_environment(settings: Settings, api: str, *, json_logs: bool = False) -> dict[str, str]:
    """The environment of Prefect's processes: our server, our folder, nobody told."""
    return {
        **os.environ,
        **({"PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER": "json"} if json_logs else {}),
        "AJAR_HOME": str(settings.home),
        "AJAR_WAREHOUSE": str(settings.warehouse),
        "PREFECT_HOME": str(settings.home / "prefect"),
        "PREFECT_API_URL": api,
        # SQLite lets one write at a time; on a busy machine the default of 10 s makes errors of waits.
        "PREFECT_SERVER_DATABASE_TIMEOUT": "60",
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


@dataclass(frozen=True, slots=True)
class PrefectCommands:
    """Prefect's commands in one environment, each with a log of its own."""

    environment: Mapping[str, str]
    logs: Path

    @contextmanager
    def running(self, name: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """A command that runs as long as the block."""
        with (self.logs / f"{name}.log").open("ab") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", "prefect", *arguments],
                env=self.environment,
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A Ctrl-C meant for us must not reach it before we have stopped what depends on it.
                start_new_session=True,
                preexec_fn=_prepare_child,
            )
        try:
            yield started
        finally:
            _stop(started)

    def call(self, name: str, *arguments: str) -> None:
        """A command that has to succeed."""
        self._run(name, "-m", "prefect", *arguments)

    def prepare(self) -> None:
        """What only we know of: see flows.prefect_setup."""
        self._run("setup", "-m", "flows.prefect_setup", "--alone")

    def wait_until_healthy(self, server: subprocess.Popen[bytes]) -> None:
        """Wait for the server's first answer."""
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up and server.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.environment['PREFECT_API_URL']}/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.25)
        raise ServingError(
            f"the Prefect server did not answer within {START_SECONDS} s; see {self.logs / 'server.log'}"
        )

    def _run(self, name: str, *arguments: str) -> None:
        log = self.logs / f"{name}.log"
        with log.open("ab") as output:
            code = subprocess.run(
                [sys.executable, *arguments],
                env=self.environment,
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            ).returncode
        if code != 0:
            raise ServingError(
                f"`{' '.join(('python', *arguments))}` ended with exit code {code}; its output is in {log}"
            )


def _prepare_child() -> None:
    """Between fork and exec: the child can be interrupted, also where a shell that has started us in the
    background made us ignore that. On Linux a killed `ajar serve` takes its server and worker along."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(started: subprocess.Popen[bytes]) -> None:
    """Interrupt, then terminate, then kill the process and those it has started."""
    for number, seconds in ((signal.SIGINT, 20), (signal.SIGTERM, 10), (signal.SIGKILL, 10)):
        if started.poll() is not None:
            return
        os.killpg(started.pid, number)
        try:
            started.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
