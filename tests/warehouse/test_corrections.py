"""Corrections of wrong joins."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.errors import ConfigurationError
from tests.warehouse.newsroom import DAY, HOUR, NOW, Newsroom, mention, report
from warehouse.corrections import read_corrections
from warehouse.load import LoadReport

HEADER = "report,story,because\n"
MINI = "https://wire-nine.example/mini"


def shifts(newsroom: Newsroom) -> list[list[str]]:
    """The titles of the articles of each shift."""
    found = newsroom.rows("""
        SELECT list(title ORDER BY title) FROM mentions JOIN articles USING (article_id)
        GROUP BY shift_id ORDER BY ALL
    """)
    return [titles for (titles,) in found]


def run_with(newsroom: Newsroom, corrections: str, tmp_path: Path, day: int) -> LoadReport:
    """A pass that reads nothing new, with this correction file."""
    path = tmp_path / "corrections.csv"
    path.write_text(HEADER + corrections, encoding="utf-8")
    newsroom.stage(now=NOW + day * DAY)
    return newsroom.load(now=NOW + day * DAY, corrections=path)


@pytest.fixture
def wrongly_joined(newsroom: Newsroom) -> Newsroom:
    """A newsroom whose tagger takes two models for one."""
    newsroom.run(
        report("lumen", mention()),
        report("lumen-too", mention(), source="seoul-signal"),
        report("mini", mention(), source="wire-nine", published=NOW),
    )
    assert shifts(newsroom) == [["Lumen", "Lumen too", "Mini"]]
    return newsroom


def test_a_report_is_taken_out_of_a_story(wrongly_joined: Newsroom, tmp_path: Path) -> None:
    run_with(wrongly_joined, f"{MINI},lumen-mini,Another model.\n", tmp_path, 1)
    assert shifts(wrongly_joined) == [["Lumen", "Lumen too"], ["Mini"]]


def test_a_correction_tells_nobody_anything(wrongly_joined: Newsroom, tmp_path: Path) -> None:
    loaded = run_with(wrongly_joined, f"{MINI},lumen-mini,Another model.\n", tmp_path, 1)
    assert loaded.alerts_queued == 0
    assert wrongly_joined.rows("SELECT count(*) FROM alerts") == [(1,)]


def test_later_reports_join_the_story_they_fit_and_not_the_corrected_one(
    wrongly_joined: Newsroom, tmp_path: Path
) -> None:
    run_with(wrongly_joined, f"{MINI},lumen-mini,Another model.\n", tmp_path, 1)
    wrongly_joined.run(report("later", mention(), published=NOW + HOUR), now=NOW + 2 * DAY)
    assert shifts(wrongly_joined) == [["Later", "Lumen", "Lumen too"], ["Mini"]]


def test_reports_kept_apart_are_put_together(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.run(report("lumen", mention()), report("mini", mention(artefact="Lumen II"), source="wire-nine"))
    assert len(shifts(newsroom)) == 2
    lines = f"{MINI},lumen,The same model.\nhttps://halden-post.example/lumen,lumen,The same model.\n"
    run_with(newsroom, lines, tmp_path, 1)
    assert shifts(newsroom) == [["Lumen", "Mini"]]


def test_a_line_taken_out_is_undone(wrongly_joined: Newsroom, tmp_path: Path) -> None:
    ids = wrongly_joined.rows("SELECT shift_id FROM shifts")
    run_with(wrongly_joined, f"{MINI},lumen-mini,Another model.\n", tmp_path, 1)
    run_with(wrongly_joined, "", tmp_path, 2)
    assert shifts(wrongly_joined) == [["Lumen", "Lumen too", "Mini"]]
    assert wrongly_joined.rows("SELECT shift_id FROM shifts") == ids


def test_no_file_means_no_corrections(tmp_path: Path) -> None:
    assert read_corrections(tmp_path / "corrections.csv") == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "the first line must be report,story,because"),
        ("url,story\n", "the first line must be report,story,because"),
        (HEADER + f"{MINI},lumen-mini\n", "line 2 is 'https://wire-nine.example/mini,lumen-mini'"),
        (HEADER + f"\n{MINI},lumen-mini,\n", "line 3 is"),
        (HEADER + f"{MINI},a,Because.\n{MINI},b,Because.\n", f"line 3 names {MINI} again"),
    ],
)
def test_a_wrong_file_is_one_clear_line(tmp_path: Path, text: str, wrong: str) -> None:
    path = tmp_path / "corrections.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        read_corrections(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert wrong in str(caught.value)


def test_a_file_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    path.write_bytes(
        b"\xef\xbb\xbf" + HEADER.replace("\n", "\r\n").encode() + b'"https://a.example/b", s ,"Yes, so."\r\n'
    )
    assert read_corrections(path) == [("https://a.example/b", "s", "Yes, so.")]
