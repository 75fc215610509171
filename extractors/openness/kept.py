"""What is made of the data files, kept in the user's cache folder: reading it takes a tenth of making it.

A kept file bears a digest of all that it was made of, the data files, this package and Python itself: other rules,
another file. It may be removed at any time. One that is missing, cut short, broken or not the user's own is made
anew, and where none can be written everything works as well, a second later.
"""

from __future__ import annotations

import gc
import hashlib
import io
import os
import pickle
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

import platformdirs

Made = TypeVar("Made")

MOST_FILES = 8
"""Of the newest; older ones were made of rules that are no longer there."""
_DIGEST = hashlib.sha256().digest_size
_OWN = "extractors.openness."
_FOREIGN = frozenset((("datetime", "date"), ("re", "_compile")))
"""What kept files may hold beside strings, numbers, collections and this package's own records."""


def kept(name: str, make: Callable[[], Made]) -> Made:
    """What `make` gives, read from the cache folder when it is there; else made and written there.

    `name` tells apart what is kept. What `make` raises is raised; a file that cannot be read or written never does.
    """
    path = cache_folder() / f"{name}-{_made_of()}.pickle"
    if not path.is_absolute():  # nobody's home
        return make()
    found = _read(path)
    if found is not None:
        return found  # type: ignore[no-any-return]
    made = make()
    _write(path, made)
    return made


def cache_folder() -> Path:
    """Where kept files lie: the user's cache folder, whatever the warehouse."""
    return Path(platformdirs.user_cache_dir("ajar", appauthor=False))


@cache
def _made_of() -> str:
    """A digest of the data files and the code of this package, and of what reads them."""
    digest = hashlib.sha256(sys.version.encode())
    for path, file in sorted(_files(resources.files("extractors.openness"), "")):
        digest.update(path.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:24]


def _files(folder: Traversable, path: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in folder.iterdir():
        below = f"{path}/{entry.name}"
        if entry.name.endswith((".py", ".yaml")):
            found.append((below, entry))
        elif entry.is_dir() and entry.name != "__pycache__":
            found.extend(_files(entry, below))
    return found


class _Reader(pickle.Unpickler):
    """Makes nothing but this package's own records, so that a file somebody else left there does nothing."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _FOREIGN:
            if not module.startswith(_OWN) or "." in name:
                raise pickle.UnpicklingError(f"{module}.{name} is not kept")
            found = super().find_class(module, name)
            if getattr(found, "__module__", None) != module:
                raise pickle.UnpicklingError(f"{module}.{name} is not kept")
            return found
        return super().find_class(module, name)


def _read(path: Path) -> Any:
    """What a file keeps; None when it cannot be used."""
    try:
        if not _is_own(path):
            return None
        content = path.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(content[_DIGEST:]).digest() != content[:_DIGEST]:
        return None
    collecting = gc.isenabled()
    gc.disable()  # it would look through all of it again and again while it is made
    try:
        return _Reader(io.BytesIO(content[_DIGEST:])).load()
    except Exception:  # noqa: BLE001 - whatever is wrong with it, it is made anew
        return None
    finally:
        if collecting:
            gc.enable()


def _is_own(path: Path) -> bool:
    """Whether nobody but the user can have written a file."""
    if not hasattr(os, "geteuid"):
        return True
    status = path.stat()
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _write(path: Path, made: object) -> None:
    """Keep it, if that is possible: written aside and renamed, so that nobody reads a half."""
    content = pickle.dumps(made, protocol=pickle.HIGHEST_PROTOCOL)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".pickle")
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(content).digest() + content)
        Path(aside).replace(path)
        newest = sorted(path.parent.glob("*.pickle"), key=lambda kept: -kept.stat().st_mtime)
        for old in newest[MOST_FILES:]:
            old.unlink(missing_ok=True)
    except OSError:
        return
