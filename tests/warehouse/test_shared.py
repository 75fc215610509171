"""The folder that many machines share, on a disk and in an object store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import fsspec
import pytest

from extractors.errors import ConfigurationError, StorageError
from tests.warehouse.newsroom import DAY, NOW
from warehouse.load import load_staged
from warehouse.shared import SharedFolder
from warehouse.staging import StagedRun, stage_run
from warehouse.waiting import staged_folders


@pytest.fixture(params=["disk", "object store"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A shared folder; fsspec's own store in memory has the rules of an object store: keys, no renames."""
    if request.param == "disk":
        yield str(tmp_path / "shared")
    else:
        yield "memory://ajar-test"
        store = fsspec.filesystem("memory")
        if store.exists("/ajar-test"):
            store.rm("/ajar-test", recursive=True)


def staged(folder: Path, number: int = 0) -> Path:
    """An empty run."""
    moment = NOW + timedelta(minutes=number)
    return stage_run(
        folder, StagedRun(run_id=f"run{number}", started_at=moment, finished_at=moment, ruleset="r")
    )


def test_a_run_goes_through_the_inbox_and_can_be_loaded(address: str, tmp_path: Path) -> None:
    shared = SharedFolder(address)
    names = [staged(tmp_path / "worker", number).name for number in (1, 0)]
    for folder in staged_folders(tmp_path / "worker"):
        shared.send(folder)
    assert staged_folders(tmp_path / "worker") == []
    assert shared.waiting() == sorted(names)
    shared.fetch(shared.waiting(), tmp_path / "loader")
    assert load_staged(tmp_path / "ajar.duckdb", tmp_path / "loader", now=NOW + DAY).runs == 2
    shared.discard(names)
    assert shared.waiting() == []
    assert shared.sweep(NOW + 2 * DAY) == 0


def test_a_run_that_a_killed_worker_left_half_sent_is_not_taken_and_goes_after_a_day(
    address: str, tmp_path: Path
) -> None:
    shared = SharedFolder(address)
    folder = staged(tmp_path / "worker")
    shared.send(folder)
    files, root = fsspec.core.url_to_fs(address)
    files.rm(f"{root}/inbox/{folder.name}/run.json")
    assert shared.waiting() == []
    assert shared.sweep(NOW + timedelta(hours=23)) == 0
    assert shared.sweep(NOW + timedelta(hours=25)) == 1
    assert files.ls(f"{root}/inbox", detail=False) == []


def test_a_run_that_the_loader_removes_meanwhile_is_left_out(address: str, tmp_path: Path) -> None:
    shared = SharedFolder(address)
    names = [staged(tmp_path / "worker", number).name for number in (0, 1)]
    for folder in staged_folders(tmp_path / "worker"):
        shared.send(folder)
    waiting = shared.waiting()
    shared.discard(names[:1])
    assert [path.name for path in shared.fetch(waiting, tmp_path / "reader")] == names[1:]


def test_the_read_copy_is_brought_over_when_it_has_changed_and_only_then(
    address: str, tmp_path: Path
) -> None:
    shared = SharedFolder(address)
    assert shared.read_copy(tmp_path / "worker") is None
    copy = tmp_path / "ajar-latest.duckdb"
    copy.write_bytes(b"first")
    shared.publish(copy)
    local = shared.read_copy(tmp_path / "worker")
    assert local is not None and local.read_bytes() == b"first"
    brought_at = local.stat().st_mtime_ns
    assert shared.read_copy(tmp_path / "worker") == local
    assert local.stat().st_mtime_ns == brought_at
    copy.write_bytes(b"second!")
    shared.publish(copy)
    shared.read_copy(tmp_path / "worker")
    assert local.read_bytes() == b"second!"


def test_a_folder_that_cannot_be_written_is_named_and_the_run_stays(tmp_path: Path) -> None:
    (tmp_path / "shared").write_text("in the way")
    folder = staged(tmp_path / "worker")
    with pytest.raises(StorageError, match="cannot be sent there and stays here"):
        SharedFolder(str(tmp_path / "shared")).send(folder)
    assert staged_folders(tmp_path / "worker") == [folder]


def test_an_address_of_no_known_kind_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="shared is 'nosuch://x'"):
        SharedFolder("nosuch://x")
