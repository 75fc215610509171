"""docs/storing.md names a test for every behaviour; the names must be those of tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
TABLE = (TESTS.parent / "docs" / "storing.md").read_text(encoding="utf-8")


def test_every_test_named_in_the_table_of_storing_exists() -> None:
    written = {
        name
        for path in (TESTS / "warehouse").glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    named = set(re.findall(r"`(test_\w+)`", TABLE))
    assert len(named) > 40
    assert named <= written, sorted(named - written)


def test_every_behaviour_of_storage_has_a_row() -> None:
    assert [int(number) for number in re.findall(r"^\| (\d+) \|", TABLE, re.MULTILINE)] == list(range(88, 97))
