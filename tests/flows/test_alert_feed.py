"""The Atom feed and the JSON file of shifts."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest

from flows.messages import compose_shift
from flows.shift_feed import atom_feed, write_shift_files
from tests.flows.receivers import HOSTILE, pending_alert
from tests.warehouse.newsroom import DAY, HOUR, NOW, Newsroom, mention, report
from warehouse.database import publish


def published(folder: Path) -> Path:
    """The read copy of a newsroom with a promise that was kept and another shift."""
    newsroom = Newsroom(folder)
    newsroom.run(now=NOW - DAY)
    newsroom.run(report("promise", mention(stage="announced", licence="MIT")))
    newsroom.run(
        report("kept", mention(licence="MIT"), source="corvane-blog", published=NOW + HOUR),
        report("other", mention(actor="Halvard", artefact="Skarn", direction="closing")),
        now=NOW + HOUR,
    )
    copy = folder / "ajar-latest.duckdb"
    publish(newsroom.path, copy)
    return copy


def test_both_files_lie_beside_the_read_copy_and_say_what_is_in_it(tmp_path: Path) -> None:
    copy = published(tmp_path)
    write_shift_files(copy)
    feed = feedparser.parse((tmp_path / "shifts.atom").read_bytes())
    assert not feed.bozo and feed.version == "atom10"
    assert [entry.title for entry in feed.entries] == [
        "Opening · done: Corvane opens Lumen 2 (weights)",
        "Closing · done: Halvard closes Skarn (weights)",
        "Opening · announced: Corvane promises to open Lumen 2 (weights)",
    ]
    assert feed.entries[0].link == "https://corvane-blog.example/kept"
    shifts = json.loads((tmp_path / "shifts.json").read_text(encoding="utf-8"))
    assert {(shift["actor"], shift["stage"], len(shift["stages"])) for shift in shifts} == {
        ("Corvane", "done", 2),
        ("Halvard", "done", 1),
    }


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    copy = published(tmp_path)
    write_shift_files(copy)
    before = [(tmp_path / name).read_bytes() for name in ("shifts.atom", "shifts.json")]
    write_shift_files(copy)
    assert [(tmp_path / name).read_bytes() for name in ("shifts.atom", "shifts.json")] == before
    assert not list(tmp_path.glob(".shifts*"))


def test_no_shift_makes_an_empty_feed(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    newsroom.run(now=NOW)
    publish(newsroom.path, tmp_path / "ajar-latest.duckdb")
    write_shift_files(tmp_path / "ajar-latest.duckdb")
    assert feedparser.parse((tmp_path / "shifts.atom").read_bytes()).entries == []
    assert json.loads((tmp_path / "shifts.json").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("text", [*HOSTILE, "not in XML: \ufffe \uffff"])
def test_a_hostile_text_stays_text(text: str) -> None:
    alert = pending_alert(
        actor=text, headline=text, evidence=text, territory=text, url=f"https://x.example/{text}"
    )
    document = atom_feed([compose_shift(alert)])
    tags = {element.tag.partition("}")[2] for element in ElementTree.fromstring(document).iter()}
    assert tags <= {
        "feed",
        "id",
        "title",
        "updated",
        "author",
        "name",
        "entry",
        "link",
        "category",
        "content",
    }


def test_each_stage_has_an_id_of_its_own_that_stays() -> None:
    stages = [compose_shift(pending_alert(stage=stage)) for stage in ("announced", "done")]
    ids = [entry.id for entry in feedparser.parse(atom_feed(stages)).entries]
    assert len(set(ids)) == 2
    assert [entry.id for entry in feedparser.parse(atom_feed(stages[::-1])).entries] == ids[::-1]
