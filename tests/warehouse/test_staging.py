"""Staged folders: complete or not there."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from extractors.errors import StorageError
from tests.warehouse.newsroom import HOUR, NOW, SOURCES, article, mention
from warehouse.durable import file_hash
from warehouse.staging import SCHEMAS, StagedRun, stage_run
from warehouse.waiting import staged_folders


def run(run_id: str = "one", **rows: object) -> StagedRun:
    """A run with nothing in it but the rows given."""
    facts = {"run_id": run_id, "started_at": NOW, "finished_at": NOW, "ruleset": "rules-1"}
    return StagedRun(**{**facts, **rows})  # type: ignore[arg-type]


def test_a_folder_holds_a_file_for_every_schema_and_its_hash(tmp_path: Path) -> None:
    folder = stage_run(tmp_path, run(sources=tuple(SOURCES.values()), articles=[article("lumen")]))
    assert folder.name == "20260302T090000000000Z-one"
    manifest = json.loads((folder / "run.json").read_text())
    assert manifest["sha256"] == {name: file_hash(folder / f"{name}.parquet") for name in SCHEMAS}
    assert [pq.read_schema(folder / f"{name}.parquet") for name in SCHEMAS] == list(SCHEMAS.values())
    assert pq.read_table(folder / "sources.parquet").num_rows == len(SOURCES)


def test_folders_sort_by_the_start_of_their_runs(tmp_path: Path) -> None:
    later = stage_run(tmp_path, run("a", started_at=NOW + HOUR))
    earlier = stage_run(tmp_path, run("z", started_at=NOW))
    assert staged_folders(tmp_path) == [earlier, later]


def test_half_written_and_broken_folders_do_not_wait_for_a_load(tmp_path: Path) -> None:
    (tmp_path / ".partial-20260302T090000000000Z-x").mkdir()
    (tmp_path / "20260302T090000000000Z-y.broken").mkdir()
    assert staged_folders(tmp_path) == []


def test_no_folder_yet_means_nothing_waits(tmp_path: Path) -> None:
    assert staged_folders(tmp_path / "nowhere") == []


def test_only_articles_that_report_something_get_a_sketch(tmp_path: Path) -> None:
    told, silent = article("told"), article("silent")
    folder = stage_run(tmp_path, run(articles=[told, silent], mentions=[(told.article_id, mention())]))
    sketches = pq.read_table(folder / "articles.parquet").column("sketch").to_pylist()
    assert [bool(sketch) for sketch in sketches] == [True, False]


def test_mentions_are_numbered_within_their_article(tmp_path: Path) -> None:
    folder = stage_run(tmp_path, run(mentions=[("a", mention()), ("b", mention()), ("a", mention())]))
    table = pq.read_table(folder / "mentions.parquet", columns=["article_id", "position"])
    assert list(zip(*table.to_pydict().values(), strict=True)) == [("a", 0), ("b", 0), ("a", 1)]


@pytest.mark.parametrize("run_id", ["", "a/b", "..\\x", "a b", "a\n"])
def test_a_run_id_that_is_no_file_name_is_refused(tmp_path: Path, run_id: str) -> None:
    with pytest.raises(ValueError, match="use letters, digits"):
        stage_run(tmp_path, run(run_id))


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="rows cannot be staged here"):
        stage_run(tmp_path / "file", run())


def test_a_failure_while_writing_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("warehouse.staging.sync", full)
    with pytest.raises(StorageError, match="No space left on device"):
        stage_run(tmp_path, run())
    assert list(tmp_path.iterdir()) == []
