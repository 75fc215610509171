"""docs/fetching.md names a test for every behaviour; the names must be those of tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
TABLE = (TESTS.parent / "docs" / "fetching.md").read_text(encoding="utf-8")


def test_every_test_named_in_the_table_exists() -> None:
    existing = set()
    for file in TESTS.rglob("test_*.py"):
        existing.update(re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"`(test_\w+)`", TABLE))
    assert len(named) > 100
    assert named - existing == set()


def test_every_behaviour_stands_in_the_table_once_and_is_proven() -> None:
    rows = re.findall(r"^\| (\d+) \|.*\| (.*) \|$", TABLE, re.MULTILINE)
    assert sorted(int(number) for number, _ in rows) == [*range(1, 88), *range(97, 101)]
    assert [number for number, proof in rows if "`test_" not in proof] == []
