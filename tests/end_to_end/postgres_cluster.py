"""A PostgreSQL server of a test's own, from the distribution's programs, in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgres_cluster(port: int) -> Iterator[str]:
    """Run a server on loopback; gives the address of its database as SQLAlchemy takes it.

    PostgreSQL refuses to run as root: then it runs as the user `postgres` that its package has made.
    """
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    assert programs, "PostgreSQL is not installed: `make test-all` does it"
    # Not in pytest's folder, which only its own user may enter.
    folder = Path(tempfile.mkdtemp(prefix="ajar-postgres-"))
    other: list[str] = []
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        other = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]

    def program(name: str, *arguments: str) -> list[str]:
        return [*other, str(programs[-1] / name), *arguments]

    data = str(folder / "data")
    subprocess.run(
        program("initdb", "-D", data, "-U", "ajar", "-A", "trust", "-E", "UTF8", "--no-sync"),
        check=True, capture_output=True, cwd=folder,
    )  # fmt: skip
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            program("postgres", "-D", data, "-p", f"{port}", "-h", "127.0.0.1", "-k", str(folder), "-F"),
            stdout=log, stderr=log, cwd=folder,
        )  # fmt: skip
    try:
        _wait_until_ready(program("pg_isready", "-h", "127.0.0.1", "-p", f"{port}", "-q"), server, folder)
        yield f"postgresql+asyncpg://ajar@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_ready(asking: list[str], server: subprocess.Popen[bytes], folder: Path) -> None:
    give_up = time.monotonic() + 60
    while subprocess.run(asking).returncode != 0:
        assert server.poll() is None and time.monotonic() < give_up, (folder / "log").read_text()
        time.sleep(0.1)
