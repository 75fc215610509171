"""A folder that many machines share: workers put staged runs into it, one loader takes them out.

It may lie on a network file system or in an object store: whatever fsspec has an address for.

    <shared>/inbox/<run>/…parquet, run.json   staged runs; complete when run.json is there
    <shared>/ajar-latest.duckdb               the read copy, from which workers know what was read before

A run leaves the inbox only after its rows stand in the read copy, so that a worker that looks into the inbox
first and then into the copy misses none.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from extractors.errors import ConfigurationError, StorageError
from warehouse.load import PARTIAL_AGE
from warehouse.waiting import PARTIAL

MANIFEST = "run.json"
COPY = "ajar-latest.duckdb"


class SharedFolder:
    """The shared folder at an address that fsspec understands: `/mnt/ajar`, `s3://bucket/ajar` …

    Every method raises StorageError when the folder cannot be read or written.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        try:
            self._files, self._root = url_to_fs(address)
        except (ValueError, ImportError) as error:
            raise ConfigurationError(
                f"shared is '{address}': {error}; give a folder or an address such as s3://bucket/ajar"
            ) from error

    def send(self, folder: Path) -> None:
        """Put a staged run into the inbox and remove it here."""
        target = f"{self._root}/inbox/{folder.name}"
        try:
            self._files.makedirs(target, exist_ok=True)
            for path in sorted(folder.iterdir(), key=lambda path: path.name == MANIFEST):
                self._put(path, f"{target}/{path.name}")
        except OSError as error:
            raise self._failed(f"{folder.name} cannot be sent there and stays here", error) from error
        shutil.rmtree(folder)

    def waiting(self) -> list[str]:
        """Names of the complete runs in the inbox, oldest first."""
        return [name for name in self._inbox() if self._exists(f"{self._root}/inbox/{name}/{MANIFEST}")]

    def fetch(self, names: Iterable[str], folder: Path, *, only: Sequence[str] | None = None) -> list[Path]:
        """Copy runs of the inbox into a folder of this machine, each whole or not at all; returns those copied.

        `only`: these files of each; None: all. One that the loader has removed meanwhile is left out.
        """
        copied = []
        for name in names:
            target, partial = folder / name, folder / f"{PARTIAL}{name}"
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            try:
                for path in self._files.ls(f"{self._root}/inbox/{name}", detail=False):
                    file = path.rsplit("/", 1)[-1]
                    if only is None or file in only:
                        self._files.get_file(path, str(partial / file))
            except FileNotFoundError:
                shutil.rmtree(partial)
                continue
            except OSError as error:
                raise self._failed(f"{name} cannot be read", error) from error
            shutil.rmtree(target, ignore_errors=True)
            partial.rename(target)
            copied.append(target)
        return copied

    def discard(self, names: Iterable[str]) -> None:
        """Remove runs from the inbox; their rows stand in the read copy."""
        try:
            for name in names:
                # The manifest first: without it a run that is half removed counts as never sent.
                self._files.rm(f"{self._root}/inbox/{name}/{MANIFEST}")
                self._files.rm(f"{self._root}/inbox/{name}", recursive=True)
        except OSError as error:
            raise self._failed("runs that were loaded cannot be removed", error) from error

    def sweep(self, now: datetime) -> int:
        """Remove runs that a killed worker left incomplete more than a day ago; returns how many."""
        removed = 0
        for name in self._inbox():
            staged_at = datetime.strptime(name.split("-", 1)[0], "%Y%m%dT%H%M%S%f%z")
            if now - staged_at > PARTIAL_AGE and not self._exists(f"{self._root}/inbox/{name}/{MANIFEST}"):
                self._files.rm(f"{self._root}/inbox/{name}", recursive=True)
                removed += 1
        return removed

    def publish(self, copy: Path) -> None:
        """Put the read copy where all workers find it; who reads the former one is not disturbed."""
        try:
            self._files.makedirs(self._root, exist_ok=True)
            self._put(copy, f"{self._root}/{COPY}")
        except OSError as error:
            raise self._failed("the read copy cannot be written", error) from error

    def read_copy(self, folder: Path) -> Path | None:
        """The read copy as a file of this machine, in `folder`; None when nothing was published yet.

        It is brought over again only when it has changed.
        """
        local, stamp = folder / COPY, folder / f"{COPY}.version"
        try:
            about = self._files.info(f"{self._root}/{COPY}")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._failed("the read copy cannot be read", error) from error
        version = self._version(about)
        if local.exists() and stamp.exists() and stamp.read_text() == version:
            return local
        try:
            folder.mkdir(parents=True, exist_ok=True)
            aside = local.with_name(f".{COPY}.{os.getpid()}.new")
            self._files.get_file(f"{self._root}/{COPY}", str(aside))
            stamp.unlink(missing_ok=True)
            aside.replace(local)
            stamp.write_text(version)
        except OSError as error:
            raise self._failed("the read copy cannot be brought over", error) from error
        return local

    def _put(self, path: Path, target: str) -> None:
        """Where files can be renamed a reader sees the former or the new one; an object store does so itself."""
        if self._is_local():
            self._files.put_file(str(path), f"{target}.new")
            self._files.mv(f"{target}.new", target)
        else:
            self._files.put_file(str(path), target)

    def _is_local(self) -> bool:
        return isinstance(self._files, LocalFileSystem)

    def _inbox(self) -> list[str]:
        try:
            paths = self._files.ls(f"{self._root}/inbox", detail=False)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._failed("the inbox cannot be read", error) from error
        return sorted(path.rstrip("/").rsplit("/", 1)[-1] for path in paths)

    def _exists(self, path: str) -> bool:
        return bool(self._files.exists(path))

    @staticmethod
    def _version(about: dict[str, Any]) -> str:
        named = ("ETag", "etag", "ino", "mtime", "created", "LastModified", "size")
        return " ".join(str(about[name]) for name in named if name in about)

    def _failed(self, what: str, error: Exception) -> StorageError:
        return StorageError(f"{self._address}: {what} ({error})")
