"""Opening, refusing, migrating and publishing a warehouse file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from extractors.errors import StorageError
from tests.warehouse.newsroom import NOW, Newsroom, mention, report
from warehouse.database import open_published, open_warehouse, publish
from warehouse.schema import migrate
from warehouse.statements import bundled_files


@contextmanager
def another_process(program: str, *arguments: str) -> Iterator[int]:
    """A Python program that is running and has printed a line; gives its process id."""
    child = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        yield child.pid
    finally:
        child.communicate("\n")


HOLD_AS_AJAR = """
import sys; from datetime import datetime, UTC; from pathlib import Path
from warehouse.database import open_warehouse
with open_warehouse(Path(sys.argv[1]), now=datetime(2026, 3, 2, tzinfo=UTC)):
    print("open", flush=True); sys.stdin.readline()
"""
HOLD_IN_A_SHELL = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print("open", flush=True); sys.stdin.readline()
"""


def refusal(path: Path, *, wait: float = 0) -> str:
    """The one line that opening a path gives."""
    with pytest.raises(StorageError) as caught, open_warehouse(path, now=NOW, wait=wait):
        pass
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message
    return message


def test_a_warehouse_held_by_another_run_names_its_process(tmp_path: Path) -> None:
    path = tmp_path / "ajar.duckdb"
    with another_process(HOLD_AS_AJAR, str(path)) as pid:
        assert f"held by another Ajar process (PID {pid})" in refusal(path)
    with open_warehouse(path, now=NOW, wait=0):
        pass


def test_a_warehouse_open_in_a_shell_names_the_program(newsroom: Newsroom) -> None:
    with another_process(HOLD_IN_A_SHELL, str(newsroom.path)) as pid:
        message = refusal(newsroom.path)
        assert "open in another program (python" in message
        assert f"PID {pid}" in message


def test_the_wait_for_another_run_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "ajar.duckdb"
    with another_process(HOLD_AS_AJAR, str(path)):
        started = time.monotonic()
        refusal(path, wait=0.3)
        assert 0.3 <= time.monotonic() - started < 5


def test_a_second_writer_in_the_same_process_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ajar.duckdb"
    with open_warehouse(path, now=NOW):
        assert f"PID {os.getpid()}" in refusal(path)


def test_staged_rows_outlive_a_warehouse_that_is_held(newsroom: Newsroom) -> None:
    folder = newsroom.stage(report("lumen", mention()))
    with another_process(HOLD_IN_A_SHELL, str(newsroom.path)), pytest.raises(StorageError):
        newsroom.load()
    assert folder.exists()
    assert newsroom.load().articles_new == 1


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are my notes, and they are longer than a header." * 100)
    before = path.read_bytes()
    assert "is no DuckDB file" in refusal(path)
    assert path.read_bytes() == before


def test_a_database_of_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name VARCHAR)")
    assert "DuckDB file of something else than Ajar" in refusal(path)
    with duckdb.connect(path, read_only=True) as connection:
        assert connection.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("recipes",)]


def test_a_folder_is_no_warehouse(tmp_path: Path) -> None:
    assert "is a folder; name a file" in refusal(tmp_path)


def test_a_path_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be written" in refusal(tmp_path / "file" / "ajar.duckdb")


def test_a_newer_schema_is_refused_and_left_as_it_is(newsroom: Newsroom) -> None:
    with newsroom.open() as warehouse:
        warehouse.connection.execute("INSERT INTO schema_migrations VALUES (9999, '9999_later.sql', now())")
    assert "has schema 9999, made by a newer Ajar" in refusal(newsroom.path)


def test_a_migration_keeps_the_rows(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.run(report("lumen", mention()))
    new = tmp_path / "9999_a_column.sql"
    new.write_text(
        "ALTER TABLE article_facts ADD COLUMN tone VARCHAR; UPDATE article_facts SET tone = 'dry';"
    )
    with newsroom.open() as warehouse:
        migrate(warehouse.connection, newsroom.path, NOW, [*bundled_files("migrations"), new])
        assert warehouse.connection.execute("SELECT title, tone FROM article_facts").fetchall() == [
            ("Lumen", "dry")
        ]
        assert warehouse.connection.execute("SELECT max(version) FROM schema_migrations").fetchone() == (
            9999,
        )


def test_two_migrations_of_one_number_are_refused(newsroom: Newsroom, tmp_path: Path) -> None:
    twins = [tmp_path / "9999_one.sql", tmp_path / "9999_other.sql"]
    with newsroom.open() as warehouse, pytest.raises(ValueError, match=r"9999_one\.sql, 9999_other\.sql"):
        migrate(warehouse.connection, newsroom.path, NOW, twins)


def test_a_failing_migration_changes_nothing(newsroom: Newsroom, tmp_path: Path) -> None:
    new = tmp_path / "9999_broken.sql"
    new.write_text("CREATE TABLE half (a INTEGER); SELECT broken FROM nowhere;")
    with newsroom.open() as warehouse:
        with pytest.raises(duckdb.CatalogException):
            migrate(warehouse.connection, newsroom.path, NOW, [*bundled_files("migrations"), new])
        applied = "SELECT 1 FROM schema_migrations WHERE version = 9999"
        assert warehouse.connection.execute(applied).fetchall() == []
        found = "SELECT 1 FROM duckdb_tables() WHERE table_name = 'half'"
        assert warehouse.connection.execute(found).fetchall() == []


def test_opening_again_writes_nothing(newsroom: Newsroom) -> None:
    before = newsroom.path.read_bytes()
    with newsroom.open():
        pass
    assert newsroom.path.read_bytes() == before


def test_files_can_be_read_by_duckdb_1_5(newsroom: Newsroom) -> None:
    with newsroom.open() as warehouse:
        tags = warehouse.connection.execute(
            "SELECT tags FROM duckdb_databases() WHERE database_name = 'ajar'"
        ).fetchone()
    assert tags is not None
    assert tags[0]["storage_version"] == "v1.5.0+"


def test_a_published_copy_is_read_while_the_warehouse_is_written(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", mention()))
    copy = newsroom.path.with_name("ajar-latest.duckdb")
    publish(newsroom.path, copy)
    with open_published(copy) as reader:
        newsroom.run(report("ember", mention(artefact="Ember 1")))
        publish(newsroom.path, copy)
        assert reader.execute("SELECT count(*) FROM shifts").fetchone() == (1,)
    with open_published(copy) as reader:
        assert reader.execute("SELECT count(*) FROM shifts").fetchone() == (2,)
        assert reader.execute("SELECT current_setting('TimeZone')").fetchone() == ("UTC",)
    assert [path.name for path in newsroom.path.parent.glob(".ajar-latest*")] == []


def test_a_published_copy_cannot_be_written(newsroom: Newsroom) -> None:
    copy = newsroom.path.with_name("ajar-latest.duckdb")
    publish(newsroom.path, copy)
    with open_published(copy) as reader, pytest.raises(duckdb.InvalidInputException, match="read-only"):
        reader.execute("DELETE FROM sources")


def test_a_copy_that_is_not_there_yet_is_a_clear_line(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="there is no published warehouse yet"):
        open_published(tmp_path / "ajar-latest.duckdb")


def test_publishing_before_the_first_run_makes_no_warehouse(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="there is no warehouse to publish yet"):
        publish(tmp_path / "ajar.duckdb", tmp_path / "ajar-latest.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_cannot_be_written_leaves_the_former_one(newsroom: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        publish(newsroom.path, tmp_path / "file" / "ajar-latest.duckdb")


def test_a_published_copy_restores_the_warehouse(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", mention()))
    copy = newsroom.path.with_name("ajar-latest.duckdb")
    publish(newsroom.path, copy)
    newsroom.path.unlink()
    copy.rename(newsroom.path)
    loaded = newsroom.run(report("lumen", mention()), report("ember", mention(artefact="Ember 1")))
    assert (loaded.articles_new, loaded.shifts_new) == (1, 1)
