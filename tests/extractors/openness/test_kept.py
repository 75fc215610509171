"""What is made of the rules is kept for the next start, and never when it is not what would be made."""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from extractors.openness import kept as keeping
from extractors.openness.kept import kept
from extractors.openness.tagger import Tagger, load_tagger
from tests.benchmarks.invented_news import invent_articles

DAY = date(2026, 6, 17)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache folder, not there yet."""
    monkeypatch.setattr(keeping, "cache_folder", lambda: tmp_path / "ajar")
    return tmp_path / "ajar"


def counted(makings: list[int]) -> Callable[[], tuple[str, ...]]:
    """Makes something, and counts how often."""

    def make() -> tuple[str, ...]:
        makings.append(1)
        return ("made", str(len(makings)))

    return make


def only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_what_is_made_once_is_read_the_next_time(folder: Path) -> None:
    makings: list[int] = []
    assert kept("pair", counted(makings)) == kept("pair", counted(makings)) == ("made", "1")
    assert len(makings) == 1
    assert folder.stat().st_mode & 0o077 == 0
    assert only_file(folder).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"\0" * 400])
def test_a_broken_file_is_made_anew(folder: Path, damage: bytes) -> None:
    makings: list[int] = []
    kept("pair", counted(makings))
    only_file(folder).write_bytes(damage)
    assert kept("pair", counted(makings)) == ("made", "2")
    assert kept("pair", counted(makings)) == ("made", "2")


def test_a_file_cut_short_or_changed_by_one_bit_is_made_anew(folder: Path) -> None:
    makings: list[int] = []
    kept("pair", counted(makings))
    whole = only_file(folder).read_bytes()
    for content in (whole[:-3], whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:]):
        only_file(folder).write_bytes(content)
        made = len(makings)
        assert kept("pair", counted(makings)) == ("made", str(made + 1))


class Shell:
    """What somebody who leaves a file there would like to be made of it."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return os.system, (f"touch {self.mark}",)


def test_a_file_that_would_run_something_runs_nothing(folder: Path, tmp_path: Path) -> None:
    makings: list[int] = []
    kept("pair", counted(makings))
    content = pickle.dumps(Shell(tmp_path / "mark"))
    only_file(folder).write_bytes(hashlib.sha256(content).digest() + content)
    assert kept("pair", counted(makings)) == ("made", "2")
    assert not (tmp_path / "mark").exists()


def test_a_file_that_others_may_write_is_not_read(folder: Path) -> None:
    makings: list[int] = []
    kept("pair", counted(makings))
    only_file(folder).chmod(0o666)
    assert kept("pair", counted(makings)) == ("made", "2")


def test_without_a_folder_to_write_in_everything_is_made_each_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write_text("a file stands where the folder would be")
    makings: list[int] = []
    kept("pair", counted(makings))
    assert kept("pair", counted(makings)) == ("made", "2")


def test_another_digest_is_another_file_and_the_oldest_go(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    makings: list[int] = []
    for number in range(keeping.MOST_FILES + 3):
        monkeypatch.setattr(keeping, "_made_of", lambda number=number: f"digest{number}")
        kept("pair", counted(makings))
        os.utime(folder / f"pair-digest{number}.pickle", (number, number))
    assert len(makings) == keeping.MOST_FILES + 3
    assert len([*folder.iterdir()]) == keeping.MOST_FILES
    assert not (folder / "pair-digest0.pickle").exists()


def test_rules_and_code_are_part_of_the_digest() -> None:
    paths = {path for path, _ in keeping._files(resources.files("extractors.openness"), "")}
    assert {"/actors.yaml", "/vocabulary.en.yaml", "/rules/weights/released.yaml", "/matching.py"} <= paths


def test_a_tagger_from_its_file_tags_as_the_one_that_was_made(folder: Path) -> None:
    load_tagger.cache_clear()
    made = load_tagger()
    load_tagger.cache_clear()
    read = load_tagger()
    load_tagger.cache_clear()
    assert isinstance(read, Tagger) and read is not made
    for article in invent_articles(40):
        tagged = [each.tag(title=article.title, text=article.text, published=DAY) for each in (made, read)]
        assert tagged[0] == tagged[1]


def test_starting_again_costs_much_less_than_the_first_time(tmp_path: Path) -> None:
    load = (
        "import time; from extractors.openness.tagger import load_tagger; load_tagger(); "
        "print(time.process_time())"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path)}
    costs = [
        float(
            subprocess.run(
                [sys.executable, "-c", load], env=environment, capture_output=True, check=True
            ).stdout
        )
        for _ in range(2)
    ]
    assert costs[1] < costs[0] * 0.7, costs
