"""Prefect's database holds what `prefect.toml` keeps and no more, however long Ajar runs.

Server, runs, logs, artifacts, events and the vacuum are real; days pass by dating back what the database holds.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections import defaultdict
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.serving import PrefectCommands, prefect_environment
from flows.settings import load_settings
from tests.end_to_end.prefect_api import eventually, free_port

pytestmark = [pytest.mark.servers, pytest.mark.long, pytest.mark.timeout(900)]

ROUNDS, RUNS, DAYS = 12, 4, 5
"""Four runs every five days, for two months."""
PASSES = f"""
import sys
from flows.watch_sources import watch_sources
for _ in range({RUNS}):
    watch_sources(sources=sys.argv[1], force=True)
"""
FULL = 30 // DAYS
"""Rounds after which as much is forgotten as comes: runs are kept for 30 days."""
OLD_BY = {"flow_run": "end_time", "events": "occurred", "event_resources": "occurred"}
"""The tables by whose times the vacuum decides; the rest goes with the runs."""


def test_after_thirty_days_the_prefect_database_grows_no_more(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.feed("/feed.xml", ("/a", "Quiet day."))
    site.page("/a", "Quiet day.", "Nothing happened in the whole town, as it often is in spring. " * 5)
    sources = site.sources(tmp_path / "sources.yaml", "/feed.xml")
    settings = load_settings({"AJAR_HOME": str(tmp_path / "home")}, folder=tmp_path)
    monkeypatch.setenv("AJAR_HOME", str(settings.home))
    monkeypatch.setenv("AJAR_ALLOW_PRIVATE", "1")
    port = free_port()
    environment = prefect_environment(settings, f"http://127.0.0.1:{port}/api") | {
        "PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": "2"
    }
    prefect = PrefectCommands(environment=environment, logs=settings.logs)
    settings.logs.mkdir(parents=True)
    rows: defaultdict[str, list[int]] = defaultdict(list)
    with prefect.running("server", "server", "start", "--host", "127.0.0.1", "--port", f"{port}") as server:
        prefect.wait_until_healthy(server)
        database = settings.home / "prefect" / "prefect.db"
        for _ in range(ROUNDS):
            # A process of its own: Prefect's client tells events to the first server it met for as long as it lives.
            subprocess.run(
                [sys.executable, "-c", PASSES, str(sources)], env={**os.environ, **environment}, check=True
            )
            eventually(60, lambda: all_told(database))
            days_pass(database, DAYS)
            eventually(60, lambda: is_tidy(database))
            for table, count in sizes(database).items():
                rows[table].append(count)
    # What ended exactly thirty days ago is gone: five rounds are left.
    assert rows["flow_run"][FULL:] == [(FULL - 1) * RUNS] * (ROUNDS - FULL)
    for table in ("flow_run_state", "task_run", "log", "artifact", "events"):
        assert rows[table][-1] > 0, table
    print({table: counts[FULL::3] for table, counts in rows.items() if any(counts)})  # noqa: T201
    for table, counts in rows.items():
        assert max(counts[FULL + 1 :]) <= 1.1 * max(counts[: FULL + 1]), (table, counts)


def days_pass(database: Path, days: int) -> None:
    """Date back what the database holds."""
    with closing(sqlite3.connect(database, timeout=60)) as connection, connection:
        for table, column in OLD_BY.items():
            connection.execute(
                f"UPDATE {table} SET {column} = strftime('%Y-%m-%d %H:%M:%f', {column}, ?) || '000'",
                (f"-{days} days",),
            )


def all_told(database: Path) -> bool:
    """The end of each run since days passed last has been told."""
    today = f"occurred > {before(timedelta(days=1))}"
    return count(database, f"events WHERE event = 'ajar.run.ended' AND {today}") == RUNS


def is_tidy(database: Path) -> bool:
    """Nothing is there any more that is older than prefect.toml keeps it."""
    return not (
        count(database, f"flow_run WHERE end_time < {before(timedelta(days=30))}")
        or count(database, f"events WHERE occurred < {before(timedelta(days=7))}")
        or count(database, "log WHERE NOT flow_run_id IN (SELECT id FROM flow_run)")
        or count(database, "artifact WHERE NOT flow_run_id IN (SELECT id FROM flow_run)")
    )


def sizes(database: Path) -> dict[str, int]:
    """Rows of each table, and pages of the file."""
    with closing(sqlite3.connect(database, timeout=60)) as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    return {table: count(database, f'"{table}"') for table in tables} | {"pages": pages}


def count(database: Path, rows: str) -> int:
    """How many rows there are of these."""
    with closing(sqlite3.connect(database, timeout=60)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {rows}").fetchone()[0])


def before(age: timedelta) -> str:
    """The moment so long ago, as Prefect writes it."""
    return f"'{datetime.now(UTC) - age:%Y-%m-%d %H:%M:%S.%f}'"
