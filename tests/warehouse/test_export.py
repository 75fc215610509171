"""The warehouse as Parquet files."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from extractors.errors import StorageError
from tests.warehouse.newsroom import HOUR, NOW, Newsroom, mention, report
from warehouse.database import open_published, publish
from warehouse.export import EXPORTED, export_tables

DAY = date(2026, 3, 2)


def exported(newsroom: Newsroom, folder: Path) -> Path:
    """Publish and export a newsroom."""
    copy = newsroom.path.with_name("ajar-latest.duckdb")
    publish(newsroom.path, copy)
    with open_published(copy) as connection:
        return export_tables(connection, folder, day=DAY)


def test_every_table_is_a_file_with_the_same_columns_and_rows(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.run(report("lumen", mention(stage="announced")))
    folder = exported(newsroom, tmp_path / "export")
    assert folder == tmp_path / "export" / "2026-03-02"
    assert sorted(path.stem for path in folder.iterdir()) == sorted(EXPORTED)
    with newsroom.open() as warehouse:
        for name in EXPORTED:
            from_file = warehouse.connection.execute(
                "FROM read_parquet(?) ORDER BY ALL", [str(folder / f"{name}.parquet")]
            ).fetchall()
            assert from_file == warehouse.connection.execute(f"FROM {name} ORDER BY ALL").fetchall()


def test_an_export_of_the_same_day_is_replaced_whole(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.run(report("lumen", mention()))
    exported(newsroom, tmp_path / "export")
    newsroom.run(report("ember", mention(artefact="Ember 1"), published=NOW), now=NOW + HOUR)
    folder = exported(newsroom, tmp_path / "export")
    assert duckdb.read_parquet(str(folder / "shifts.parquet")).shape[0] == 2
    assert [path.name for path in (tmp_path / "export").iterdir()] == ["2026-03-02"]


def test_a_folder_that_cannot_be_written_is_one_clear_line(newsroom: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="the tables cannot be exported here"):
        exported(newsroom, tmp_path / "file")
