"""One pass at a time: a lock on a file that the operating system lets go of when its holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extractors.errors import AjarError, StorageError

PAUSE_SECONDS = 0.2


class PassRunningError(AjarError):
    """Another pass over the same warehouse is under way. Nothing was done."""


@contextmanager
def only_pass(path: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock of a pass; raises PassRunningError when another process has it, after `wait` seconds.

    The lock is `flock`, so a killed pass leaves none behind, whatever the file says.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StorageError(
            f"{path.parent}: cannot be written ({error.strerror}); name another with AJAR_HOME"
        ) from error
    try:
        _take(handle, time.monotonic() + wait)
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)


def _take(handle: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                holder = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
                raise PassRunningError(
                    f"another pass over this warehouse is running (process {holder}); this one did nothing"
                ) from error
        time.sleep(PAUSE_SECONDS)
