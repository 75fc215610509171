"""One writer at a time.

DuckDB locks its file against other processes, but not against a second connection of this one, and a
reader blocks a writer. So every writer first takes an advisory lock on `<warehouse>.lock`, which also
says who holds it. The kernel lets go of it when the holder dies, however it dies.
"""

from __future__ import annotations

import fcntl
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from extractors.errors import StorageError

PAUSE_SECONDS = 0.05
_FLOCK = "hhqqi4x"
"""`struct flock` on 64-bit Linux: type, whence, start, length, process."""


@contextmanager
def writer_lock(warehouse: Path, *, wait: float) -> Iterator[None]:
    """Hold the writer's lock of a warehouse; `wait` is the longest time to wait for it, in seconds.

    Raises StorageError naming the holder's process id when the time is over, or when the folder
    cannot be written.
    """
    path = warehouse.with_name(warehouse.name + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StorageError(
            f"{warehouse}: the folder cannot be written ({error.strerror}); "
            "name another with AJAR_WAREHOUSE or --warehouse"
        ) from error
    try:
        _take(descriptor, warehouse, time.monotonic() + wait)
        # Only a help for whoever waits: a full disk must be reported as what it is, by what comes next.
        with suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, warehouse: Path, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
                raise StorageError(
                    f"{warehouse}: held by another Ajar process (PID {holder}); "
                    f"wait until it ends, or stop it with: kill {holder}"
                ) from error
            time.sleep(PAUSE_SECONDS)


def program_that_holds(warehouse: Path) -> int | None:
    """The process that has the warehouse open; 0: one of another machine, None: nobody. Takes no lock.

    DuckDB locks its file with `fcntl`: this process's own connections do not show, and must not be open,
    because closing any handle on the file drops them.
    """
    try:
        with warehouse.open("rb+") as file:
            asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
            kind, _, _, _, pid = struct.unpack(_FLOCK, fcntl.fcntl(file, fcntl.F_GETLK, asked))
    except OSError:
        return None
    return None if kind == fcntl.F_UNLCK else int(pid)
