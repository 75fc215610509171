"""Loading staged runs: each in one short transaction, its folder removed only after the commit."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from extractors.errors import StorageError
from warehouse.alerts import any_unsent
from warehouse.checks import run_checks
from warehouse.corrections import apply_corrections, read_corrections
from warehouse.database import WAIT_SECONDS, Warehouse, open_warehouse
from warehouse.durable import file_hash
from warehouse.outbox import AlertRules, queue_alerts
from warehouse.search_index import index_articles
from warehouse.shifts import Refreshed, follow_joining_rules, refresh_shifts
from warehouse.staging import FORMAT, SCHEMAS
from warehouse.statements import bundled_text, transaction
from warehouse.waiting import BROKEN, PARTIAL, staged_folders

POLLS = ("1_sources", "2_fetches", "3_address_states")
STEPS = (
    *POLLS,
    "4_incoming",
    "5_articles",
    "6_touched",
    "7_in_play",
    "8_mentions",
)
"""The statements in `loading/` that store a run, in order; then its shifts and alerts follow. A run without
articles needs only those of its polls."""

PARTIAL_AGE = timedelta(days=1)
"""A folder half written for so long belongs to a run that was killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadReport:
    """What was loaded."""

    runs: int = 0
    articles_new: int = 0
    articles_updated: int = 0
    """Known articles whose title or text was different."""
    mentions: int = 0
    shifts_new: int = 0
    shifts_advanced: int = 0
    """Known shifts that reached another stage."""
    alerts_queued: int = 0
    alerts_waiting: bool = field(default=True, compare=False)
    """False: no alert waits to be sent. True also when nobody looked."""
    set_aside: tuple[str, ...] = field(default=())
    """Broken folders with the reason, one line each."""


class _BrokenFolderError(Exception):
    """A staged folder that cannot be loaded, whenever it is tried."""


def load_staged(
    warehouse_path: Path,
    staging_folder: Path,
    *,
    now: datetime,
    rules: AlertRules | None = None,
    corrections: Path | None = None,
    wait: float = WAIT_SECONDS,
    reached: Callable[[str], None] = lambda point: None,
) -> LoadReport:
    """Load every staged run, oldest first. Loading one twice changes nothing.

    A folder that is broken is set aside under a name that ends in `.broken`, with its reason, and the
    rest is loaded. `rules` say which changes are told (None: the default rules). `corrections` is the file
    in which users put reports together or apart (None: those applied before stay). `reached` is called
    with the name of each point passed, so that a test can stop the process there.

    Raises StorageError when the warehouse cannot be written or a check finds something wrong; the run
    at fault is rolled back and it and all later ones stay staged. Raises ConfigurationError when the
    correction file is wrong; nothing has been loaded then.
    """
    corrected = None if corrections is None else read_corrections(corrections)
    _sweep(staging_folder, now)
    if not staged_folders(staging_folder):
        return LoadReport()
    reports = []
    with open_warehouse(warehouse_path, now=now, wait=wait) as warehouse:
        try:
            follow_joining_rules(warehouse.connection, now=now)
            if corrected is not None:
                apply_corrections(warehouse.connection, corrected, now=now)
        except duckdb.Error as error:
            reason = str(error).split("\n", 1)[0]
            raise StorageError(f"{warehouse_path}: the shifts cannot be joined anew: {reason}") from error
        # Listed again: while we waited for the warehouse, another run may have loaded some.
        for folder in staged_folders(staging_folder):
            try:
                reports.append(_load_folder(warehouse, folder, now, rules or AlertRules(), reached))
            except _BrokenFolderError as error:
                reports.append(LoadReport(set_aside=(_set_aside(warehouse, folder, now, error),)))
            except (duckdb.Error, OSError) as error:
                reason = str(error).split("\n", 1)[0]
                raise StorageError(
                    f"{folder.name}: not loaded and kept for the next run: {reason}"
                ) from error
            else:
                _remove(folder)
                reached("folder removed")
        try:
            index_articles(warehouse.connection)
        except duckdb.Error as error:
            reason = str(error).split("\n", 1)[0]
            raise StorageError(f"{warehouse_path}: the words cannot be taken down: {reason}") from error
        reached("indexed")
        waiting = any_unsent(warehouse.connection)
    return replace(add_up(reports), alerts_waiting=waiting)


def _load_folder(
    warehouse: Warehouse, folder: Path, now: datetime, rules: AlertRules, reached: Callable[[str], None]
) -> LoadReport:
    manifest = _verified(folder)
    connection = warehouse.connection
    run_id = manifest["run_id"]
    if connection.execute("SELECT 1 FROM runs WHERE run_id = ?", [run_id]).fetchone():
        return LoadReport()
    started_at = datetime.fromisoformat(manifest["started_at"])
    try:
        with transaction(connection):
            _set_variables(connection, folder, manifest, now)
            articles = _brings_articles(folder)
            for step in STEPS if articles else POLLS:
                connection.execute(bundled_text("loading", step))
                reached(step)
            if not articles:
                report = LoadReport(runs=1)
                _store_run(connection, manifest, now, report)
                return report
            refreshed = refresh_shifts(connection, now=now)
            reached("shifts")
            queued = 0
            if manifest["kind"] == "pass":
                queued = queue_alerts(
                    connection, refreshed, rules, run_id=run_id, started_at=started_at, now=now
                )
            reached("alerts")
            report = _report(connection, refreshed, queued)
            _store_run(connection, manifest, now, report)
            run_checks(connection)
            reached("before commit")
    except (duckdb.ConstraintException, duckdb.ConversionException) as error:
        raise _BrokenFolderError(str(error).split("\n", 1)[0]) from error
    reached("committed")
    return report


def _verified(folder: Path) -> dict[str, Any]:
    """The manifest of a folder whose files are all there, whole and of the right shape."""
    try:
        manifest: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise _BrokenFolderError(f"format {manifest['format']}; this Ajar reads format {FORMAT}")
        for name, schema in SCHEMAS.items():
            path = folder / f"{name}.parquet"
            if file_hash(path) != manifest["sha256"][name]:
                raise _BrokenFolderError(f"{path.name} is not as it was written")
            if not pq.read_schema(path).equals(schema):
                raise _BrokenFolderError(f"{path.name} has other columns than this Ajar reads")
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise _BrokenFolderError(f"{type(error).__name__}: {error}") from error
    return manifest


def _brings_articles(folder: Path) -> bool:
    """Whether a run is more than polls. Mentions come with the articles they are in, or that are tagged again."""
    return any(pq.read_metadata(folder / f"{name}.parquet").num_rows for name in ("articles", "retagged"))


def _set_variables(
    connection: duckdb.DuckDBPyConnection, folder: Path, manifest: dict[str, Any], now: datetime
) -> None:
    connection.execute("SET VARIABLE staged = ?", [str(folder)])
    connection.execute("SET VARIABLE loaded_at = ?", [now])
    connection.execute("SET VARIABLE run_id = ?", [manifest["run_id"]])
    connection.execute("SET VARIABLE ruleset = ?", [manifest["ruleset"]])
    connection.execute("SET VARIABLE started_at = ?", [datetime.fromisoformat(manifest["started_at"])])


def _report(connection: duckdb.DuckDBPyConnection, refreshed: Refreshed, queued: int) -> LoadReport:
    row = connection.execute("""
        SELECT
            count(*) FILTER (WHERE verdict = 'new'),
            count(*) FILTER (WHERE verdict = 'newer' AND changed),
            (SELECT count(*) FROM staged_mentions)
        FROM incoming
    """).fetchone()
    new, updated, mentions = row or (0, 0, 0)
    return LoadReport(
        runs=1,
        articles_new=new,
        articles_updated=updated,
        mentions=mentions,
        shifts_new=len(refreshed.new),
        shifts_advanced=len(refreshed.advanced),
        alerts_queued=queued,
    )


def _store_run(
    connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any], now: datetime, report: LoadReport
) -> None:
    connection.execute(
        """
        INSERT INTO runs BY NAME SELECT
            $1 AS run_id, $2 AS kind, $3 AS started_at, $4 AS finished_at, $5 AS loaded_at, $6 AS ruleset,
            (SELECT count(*) FROM fetches WHERE run_id = $1) AS fetches,
            $7 AS articles_new, $8 AS articles_updated, $9 AS mentions,
            $10 AS shifts_new, $11 AS shifts_advanced, $12 AS alerts_queued
        """,
        [
            manifest["run_id"],
            manifest["kind"],
            datetime.fromisoformat(manifest["started_at"]),
            datetime.fromisoformat(manifest["finished_at"]),
            now,
            manifest["ruleset"],
            report.articles_new,
            report.articles_updated,
            report.mentions,
            report.shifts_new,
            report.shifts_advanced,
            report.alerts_queued,
        ],
    )


def _set_aside(warehouse: Warehouse, folder: Path, now: datetime, error: Exception) -> str:
    """Move a broken folder out of the way and note why; returns the line for people."""
    aside = folder.with_name(folder.name + BROKEN)
    with transaction(warehouse.connection):
        warehouse.connection.execute(
            "INSERT OR REPLACE INTO load_failures VALUES (?, ?, ?)", [aside.name, now, str(error)]
        )
    (folder / "reason.txt").write_text(f"{error}\n", encoding="utf-8")
    folder.rename(aside)
    return f"{aside.name}: {error}"


def _remove(folder: Path) -> None:
    """Take the folder away whole: one that is half removed would look broken to the next load."""
    loaded = folder.rename(folder.with_name(PARTIAL + folder.name))
    shutil.rmtree(loaded)


def _sweep(staging_folder: Path, now: datetime) -> None:
    """Remove what runs that were killed while staging have left."""
    for path in staging_folder.glob(f"{PARTIAL}*") if staging_folder.is_dir() else ():
        if path.stat().st_mtime < (now - PARTIAL_AGE).timestamp():
            shutil.rmtree(path)


def add_up(reports: Sequence[LoadReport]) -> LoadReport:
    """Several reports as one."""
    return LoadReport(
        runs=sum(report.runs for report in reports),
        articles_new=sum(report.articles_new for report in reports),
        articles_updated=sum(report.articles_updated for report in reports),
        mentions=sum(report.mentions for report in reports),
        shifts_new=sum(report.shifts_new for report in reports),
        shifts_advanced=sum(report.shifts_advanced for report in reports),
        alerts_queued=sum(report.alerts_queued for report in reports),
        set_aside=tuple(line for report in reports for line in report.set_aside),
    )
