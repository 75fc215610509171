"""The cited shifts: what stands in the files of warehouse/history, and what the warehouse makes of it."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime
from importlib.resources import files
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest
import yaml

from extractors.openness.names import family_of
from extractors.records import Stage
from warehouse.database import open_warehouse
from warehouse.life_cycle import ALLOWED
from warehouse.queries import run_query

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
FOLDER = Path(str(files("warehouse") / "history"))
REGISTRY = files("extractors") / "openness"

Row = dict[str, str]


def rows_of(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def registry(name: str, part: str) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", yaml.safe_load((REGISTRY / name).read_text("utf-8"))[part])


SHIFTS = rows_of("shifts.csv")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("history") / "ajar.duckdb"
    with open_warehouse(path, now=NOW):
        pass
    return path


def test_every_event_has_an_id_of_its_own_that_begins_with_its_day() -> None:
    ids = [row["event_id"] for row in SHIFTS]
    assert len(set(ids)) == len(ids)
    assert [row for row in SHIFTS if not row["event_id"].startswith(row["happened_on"])] == []


def test_events_stand_in_the_order_of_their_days() -> None:
    assert sorted((row["happened_on"], row["event_id"]) for row in SHIFTS) == [
        (row["happened_on"], row["event_id"]) for row in SHIFTS
    ]


def test_the_states_of_a_shift_follow_one_another_as_the_life_cycle_allows() -> None:
    wrong = []
    for _, states in groupby(
        sorted(SHIFTS, key=lambda row: row["shift_id"]), key=lambda row: row["shift_id"]
    ):
        for before, after in pairwise(states):
            if after["stage"] not in ALLOWED[cast("Stage", before["stage"])]:
                wrong.append((before["event_id"], after["event_id"]))
            assert (before["actor"], before["direction"]) == (after["actor"], after["direction"])
    assert wrong == []


def test_a_shift_is_named_by_its_first_event() -> None:
    first: dict[str, str] = {}
    for row in SHIFTS:
        first.setdefault(row["shift_id"], row["event_id"])
    assert {shift_id for shift_id, event_id in first.items() if shift_id != event_id} == set()


def test_what_is_confirmed_cites_a_source_and_what_is_from_memory_does_not() -> None:
    assert [row["event_id"] for row in SHIFTS if row["certainty"] == "confirmed" and not row["url"]] == []
    assert [row["event_id"] for row in SHIFTS if row["certainty"] == "memory" and row["url"]] == []
    assert [row["url"] for row in SHIFTS if row["url"] and not re.match(r"https://[^/]+/.", row["url"])] == []


def test_every_actor_is_in_the_registry() -> None:
    known = {row["actor"] for row in rows_of("organisations.csv")}
    assert {row["actor"] for row in SHIFTS} - known == set()


def test_every_licence_is_in_the_registry() -> None:
    known = {row["licence"] for row in rows_of("licences.csv")}
    named = {row[end] for row in SHIFTS for end in ("licence_from", "licence_to") if row[end]}
    assert named - known == set()


def test_every_family_is_in_the_registry_or_made_from_the_name() -> None:
    known = {family["id"] for family in registry("artefacts.yaml", "families")}
    strange = {row["family"] for row in SHIFTS if row["family"] not in known | {family_of(row["artefact"])}}
    assert strange == set()


def test_no_event_is_both_a_shift_and_none() -> None:
    shifts = {(row["happened_on"], row["artefact"]) for row in SHIFTS if row["artefact"]}
    left_out = rows_of("not_shifts.csv")
    assert [row for row in left_out if (row["happened_on"], row["artefact"]) in shifts] == []
    assert [row for row in left_out if not row["reason"]] == []


@pytest.mark.parametrize("name", ["licences.csv", "organisations.csv"])
def test_groups_are_those_of_the_registry(name: str) -> None:
    """warehouse must not read the files of extractors, so it has a copy of what it groups by."""
    expected = licences() if name == "licences.csv" else organisations()
    text = io.StringIO()
    writer = csv.DictWriter(text, list(expected[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(expected)
    path = FOLDER / name
    if not path.is_file() or path.read_text("utf-8") != text.getvalue():
        path.write_text(text.getvalue(), "utf-8")
        pytest.fail(f"the registry has changed; wrote {path}; read it, then commit it")


def licences() -> list[Row]:
    found = [
        {
            "licence": licence.get("spdx") or licence["name"],
            "name": licence["name"],
            "class": licence["class"],
        }
        for licence in registry("licences.yaml", "licences")
    ]
    return sorted(found, key=lambda row: row["licence"])


def organisations() -> list[Row]:
    listed = registry("actors.yaml", "organisations") + registry("actors.yaml", "governments")
    found = [
        {
            "actor": actor["name"],
            "country": actor.get("country") or "",
            "type": actor.get("type") or "government",
        }
        for actor in listed
    ]
    return sorted(found, key=lambda row: row["actor"])


def test_the_warehouse_holds_what_the_files_say(path: Path) -> None:
    with duckdb.connect(path, read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM history").fetchone() == (len(SHIFTS),)
        assert connection.execute("""
            SELECT happened_on, artefact, due, licence_to, level_from, territory, certainty
            FROM history WHERE event_id = '2026-07-16-kimi-k3'
        """).fetchone() == (date(2026, 7, 16), "Kimi K3", date(2026, 7, 27), None, 3, None, "confirmed")


def test_opening_again_changes_nothing(path: Path) -> None:
    held = []
    for _ in range(2):
        with open_warehouse(path, now=NOW) as warehouse:
            held.append(warehouse.connection.execute("FROM history ORDER BY event_id").fetchall())
    assert held[0] == held[1]


def test_a_changed_file_replaces_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "ajar.duckdb"
    with open_warehouse(path, now=NOW) as warehouse:
        warehouse.connection.execute("DELETE FROM history WHERE actor = 'OpenAI'")
        warehouse.connection.execute("UPDATE bundled_files SET sha256 = 'older' WHERE folder = 'history'")
    with open_warehouse(path, now=NOW) as warehouse:
        assert warehouse.connection.execute("SELECT count(*) FROM history").fetchone() == (len(SHIFTS),)


def test_a_promise_put_off_twice_and_kept_is_one_shift_of_four_states(path: Path) -> None:
    with duckdb.connect(path, read_only=True) as connection:
        states = connection.execute("""
            SELECT stage, CAST(since AS DATE) FROM all_stages
            WHERE shift_id = '2025-03-31-open-weight-model' ORDER BY step
        """).fetchall()
    assert states == [
        ("announced", date(2025, 3, 31)),
        ("delayed", date(2025, 6, 10)),
        ("delayed", date(2025, 7, 11)),
        ("done", date(2025, 8, 5)),
    ]


@pytest.mark.parametrize(
    ("artefact", "status"),
    [
        ("Kimi K3", "kept"),
        ("Grok 2", "late"),
        ("Grok 3", "lapsed"),
        ("GLM-5.3", "kept_with_other_licence"),
        ("Muse Spark 1.2", "open"),
    ],
)
def test_cited_promises_are_judged(path: Path, artefact: str, status: str) -> None:
    with duckdb.connect(path, read_only=True) as connection:
        result = run_query(connection, "promises", {"as_of": "2026-10-10"})
    found = {
        row[result.columns.index("artefact")]: row[result.columns.index("status")] for row in result.rows
    }
    assert found[artefact] == status
