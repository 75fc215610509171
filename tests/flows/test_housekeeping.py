"""The nightly housekeeping: what is old goes, what people need stays."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from extractors.errors import StorageError
from extractors.records import Address, FetchRow, Source
from flows import housekeeping
from flows.housekeeping import keep_house, rotate_logs
from flows.locking import PassRunningError, only_pass
from flows.settings import Settings, load_settings
from warehouse.database import open_warehouse, publish
from warehouse.load import load_staged
from warehouse.staging import StagedRun, stage_run

NOW = datetime(2026, 3, 12, 3, 20, tzinfo=UTC)
FEED = "http://x.example/feed"
SOURCE = Source(
    id="x", publisher="X", language="en", tier="press", addresses=(Address(url=FEED, role="feed"),)
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with fetches of 400, 399 and 10 days ago."""
    settings = load_settings({"AJAR_HOME": str(tmp_path), "AJAR_KEEP_BACKUPS": "2"}, folder=tmp_path)
    for number, days in enumerate((400, 399, 10)):
        at = NOW - timedelta(days=days)
        row = FetchRow(
            source="x", url=FEED, at=at, outcome="unchanged", status=304, reason=None, bytes=0, seconds=0.1,
            entries=None,
        )  # fmt: skip
        run = StagedRun(
            run_id=f"run{number}", started_at=at, finished_at=at, ruleset="r", sources=[SOURCE], fetches=[row]
        )
        stage_run(settings.staged, run)
    load_staged(settings.warehouse, settings.staged, now=NOW)
    publish(settings.warehouse, settings.published)
    return settings


def test_old_fetches_are_forgotten_and_the_copy_the_export_and_the_backup_know_it(settings: Settings) -> None:
    done = keep_house(settings, now=NOW)
    assert done.fetches_forgotten == 2
    assert done.backup == settings.home / "backups" / "ajar-2026-03-12.duckdb"
    for file in (settings.published, done.backup):
        with duckdb.connect(str(file), read_only=True) as connection:
            assert connection.execute("SELECT count(*) FROM fetches").fetchone() == (1,)
    with duckdb.connect() as connection:
        exported = connection.execute(f"SELECT count(*) FROM '{done.exported / 'fetches.parquet'}'")
        assert exported.fetchone() == (1,)


def test_the_newest_fetch_of_an_address_stays_however_old_it_is(settings: Settings) -> None:
    keep_house(settings, now=NOW + timedelta(days=1000))
    with open_warehouse(settings.warehouse, now=NOW) as warehouse:
        assert warehouse.connection.execute("SELECT count(*) FROM fetches").fetchone() == (1,)


def test_the_newest_exports_and_backups_stay(settings: Settings) -> None:
    for day in range(4):
        keep_house(settings, now=NOW + timedelta(days=day))
    kept = sorted(path.name for path in (settings.home / "backups").iterdir())
    assert kept == ["ajar-2026-03-14.duckdb", "ajar-2026-03-15.duckdb"]
    assert len(list(settings.exports.iterdir())) == 4


def test_a_backup_can_take_the_warehouses_place(settings: Settings) -> None:
    backup = keep_house(settings, now=NOW).backup
    assert backup is not None
    settings.warehouse.write_bytes(backup.read_bytes())
    with open_warehouse(settings.warehouse, now=NOW) as warehouse:
        assert warehouse.connection.execute("SELECT count(*) FROM runs").fetchone() == (3,)


def test_old_snapshots_go(settings: Settings) -> None:
    settings.snapshots.mkdir()
    for name, days in (("ajar-old.warc.gz", 366), ("ajar-new.warc.gz", 364)):
        file = settings.snapshots / name
        file.touch()
        moment = (NOW - timedelta(days=days)).timestamp()
        os.utime(file, (moment, moment))
    assert keep_house(settings, now=NOW).snapshots_removed == 1
    assert [path.name for path in settings.snapshots.iterdir()] == ["ajar-new.warc.gz"]


def test_it_waits_for_a_pass_under_way(settings: Settings) -> None:
    with only_pass(settings.pass_lock), pytest.raises(PassRunningError):
        keep_house(settings, now=NOW, wait=0.1)
    ended = threading.Event()

    def make_pass() -> None:
        with only_pass(settings.pass_lock):
            begun.set()
            ended.wait(10)

    begun = threading.Event()
    running = threading.Thread(target=make_pass)
    running.start()
    begun.wait(10)
    ending = threading.Timer(0.3, ended.set)
    ending.start()
    assert keep_house(settings, now=NOW, wait=10).backup is not None
    running.join()
    ending.join()


def test_a_backup_folder_that_cannot_be_written_is_named(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("in the way")
    with pytest.raises(StorageError, match="backups: the backup cannot be written here"):
        keep_house(settings, now=NOW)


def test_a_log_that_has_grown_is_put_away_while_its_writer_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "LARGEST_LOG", 10)
    with (tmp_path / "worker.log").open("ab", buffering=0) as writer:
        writer.write(b"first line\nsecond line\n")
        assert list(rotate_logs(tmp_path)) == ["worker.log"]
        writer.write(b"third\n")
    assert (tmp_path / "worker.log").read_bytes() == b"third\n"
    assert (tmp_path / "worker.log.1").read_bytes() == b"cond line\n"
