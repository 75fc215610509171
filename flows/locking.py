"""One pass at a time: a lock on a file that the operating system lets go of when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extractors.errors import AjarError, StorageError


class PassRunningError(AjarError):
    """Another pass over the same warehouse is under way. Nothing was done."""


@contextmanager
def only_pass(path: Path) -> Iterator[None]:
    """Hold the lock of a pass; raises PassRunningError at once when another process has it.

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
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
            raise PassRunningError(
                f"another pass over this warehouse is running (process {holder}); this one did nothing"
            ) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)
