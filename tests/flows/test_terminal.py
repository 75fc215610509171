"""What a table looks like where there is little room."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from flows import terminal

COLUMNS = ("actor", "artefact", "kind", "licence_promised", "what", "url")
ROW: tuple[Any, ...] = (
    "Corvane", "Lumen 2 of the north", "weights", None, "The weights of Lumen 2 can be downloaded",
    "https://corvane.example/lumen-2-of-the-north",
)  # fmt: skip


def shown(monkeypatch: pytest.MonkeyPatch, width: int, *rows: tuple[Any, ...]) -> list[str]:
    """The lines of a table in a terminal so many columns wide."""
    console = Console(width=width, record=True, file=StringIO())
    monkeypatch.setattr(terminal, "OUT", console)
    terminal.print_table(COLUMNS, rows)
    return console.export_text().splitlines()


def test_a_table_that_fits_has_one_row_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(monkeypatch, 160, ROW, ROW)
    assert len(lines) == 4
    assert lines[0].split() == [
        "actor",
        "┃",
        "artefact",
        "┃",
        "kind",
        "┃",
        "licence",
        "promised",
        "┃",
        "what",
        "┃",
        "url",
    ]


def test_a_table_too_wide_for_the_terminal_is_a_list_of_what_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = [line.rstrip() for line in shown(monkeypatch, 60, ROW, ROW)]
    assert [line.partition(" ─")[0] for line in lines if "─" in line] == ["1 of 2", "2 of 2"]
    assert "what              The weights of Lumen 2 can be downloaded" in lines
    assert not any(line.startswith("licence promised") for line in lines)


def test_every_line_fits_a_terminal_of_forty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(monkeypatch, 40, ROW)
    assert max(map(len, lines)) <= 40
    assert "https://corvane.example/lumen-2-of-the-north" in "".join(line[18:].strip() for line in lines)


def test_a_table_without_rows_shows_its_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "actor" in shown(monkeypatch, 100)[0]
