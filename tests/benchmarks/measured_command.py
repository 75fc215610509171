"""Runs a command and prints, as JSON, what it took: itself and every process it started.

    python measured_command.py COMMAND ARGUMENT…

A process of its own, because the processor time of a child's children is only known to whom they were left to
(Linux: prctl(2), PR_SET_CHILD_SUBREAPER).
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
EVERY = 0.2
"""Seconds between two looks at the memory."""


def descendants() -> list[int]:
    """Ids of all processes below this one."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found = {os.getpid()}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return sorted(found - {os.getpid()})


def memory() -> int:
    """Bytes that all descendants hold; what several share is counted once (proc(5), Pss)."""
    total = 0
    for process in descendants():
        with suppress(OSError):
            text = Path(f"/proc/{process}/smaps_rollup").read_text()
            total += (
                next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) * 1024
            )
    return total


def main(command: list[str]) -> None:
    """Run it, wait for all it left behind, print."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    peak, over = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(EVERY):
            peak = max(peak, memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun = time.monotonic()
    run = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - begun
    over.set()
    watcher.join()
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(  # noqa: T201
        json.dumps(
            {
                "code": run.returncode,
                "seconds": seconds,
                "cpu": spent.ru_utime + spent.ru_stime,
                "peak": peak,
                "out": run.stdout,
                "err": run.stderr[-2000:],
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
