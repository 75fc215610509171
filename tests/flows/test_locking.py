"""Two passes over one warehouse never overlap, and a killed one leaves no lock behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from extractors.errors import StorageError
from flows.locking import PassRunningError, only_pass

HOLDER = """
import sys
from pathlib import Path
from flows.locking import only_pass
with only_pass(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_pass_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    lock = tmp_path / "pass.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(PassRunningError, match=f"process {holder.pid}"), only_pass(lock):
            pass
        holder.kill()
        holder.wait()
        with only_pass(lock):
            pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be written"), only_pass(tmp_path / "file" / "pass.lock"):
        pass
