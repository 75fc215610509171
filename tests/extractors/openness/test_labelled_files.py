"""The labelled passages are well formed, and there are enough of every sort."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from extractors.openness.rulebook import load_null_ids
from extractors.records import Direction, Kind, Stage

LABELLED = Path(__file__).parents[2] / "labelled"
QUIET = Path(__file__).parents[2] / "quiet"

PASSAGE_KEYS = {"id", "title", "published", "text", "source", "actor", "label", "events", "nulls", "traps"}
EVENT_KEYS = {
    "actor",
    "artefact",
    "kind",
    "direction",
    "stage",
    "due",
    "licence_from",
    "licence_to",
    "level_from",
    "level_to",
    "territory",
    "compelled_by",
    "current",
    "headline",
    "evidence",
    "todo",
}
NULLS = load_null_ids()
TRAPS = range(1, 18)


def passages() -> Iterator[dict[str, Any]]:
    for path in sorted(LABELLED.glob("*.yaml")):
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert isinstance(rows, list), f"{path.name}: not a list of passages"
        yield from rows


PASSAGES = list(passages())
EVENTS = [(row, event) for row in PASSAGES for event in row.get("events", [])]


def language(row: dict[str, Any]) -> str:
    return str(row["id"]).split("-", 1)[0]


@pytest.mark.parametrize("row", PASSAGES, ids=lambda row: row["id"])
def test_a_passage_says_what_its_readme_says_it_must(row: dict[str, Any]) -> None:
    assert set(row) <= PASSAGE_KEYS, f"unknown keys: {sorted(set(row) - PASSAGE_KEYS)}"
    assert re.fullmatch(r"(en|ko|zh)-[a-z]+-\d{3}", row["id"])
    assert row["title"].strip()
    assert row["text"].strip()
    assert type(row["published"]) is date
    assert row["label"] in {"shift", "mention", "none"}
    assert set(row.get("nulls", [])) <= {null for sort in NULLS.values() for null in sort}
    assert set(row.get("traps", [])) <= set(TRAPS)
    current = [event for event in row.get("events", []) if event.get("current", True)]
    assert bool(current) == (row["label"] == "shift"), (
        "a passage is labelled shift when it holds a current event"
    )
    assert not (row["label"] == "none" and row.get("events"))


@pytest.mark.parametrize(
    ("row", "event"), EVENTS, ids=[f"{row['id']}-{event['actor']}" for row, event in EVENTS]
)
def test_an_event_has_valid_values_and_words_that_stand_in_the_passage(
    row: dict[str, Any], event: dict[str, Any]
) -> None:
    assert set(event) <= EVENT_KEYS, f"unknown keys: {sorted(set(event) - EVENT_KEYS)}"
    assert event["actor"].strip()
    assert isinstance(event["artefact"], str)
    assert event["kind"] in get_args(Kind)
    assert event["direction"] in get_args(Direction)
    assert event["stage"] in get_args(Stage)
    assert isinstance(event["headline"], bool)
    assert event["evidence"] in row["title"] or event["evidence"] in row["text"]
    for end in ("level_from", "level_to"):
        assert event.get(end, 0) in range(9)
    if "due" in event:
        assert event["due"] >= row["published"]


def test_every_passage_has_an_id_of_its_own() -> None:
    repeated = [key for key, count in Counter(row["id"] for row in PASSAGES).items() if count > 1]
    assert not repeated


def test_no_two_passages_share_their_words() -> None:
    repeated = [key for key, count in Counter(row["text"] for row in PASSAGES).items() if count > 1]
    assert not repeated


@pytest.mark.parametrize(("code", "fewest"), [("en", 200), ("ko", 60), ("zh", 60)])
def test_there_are_enough_passages_in_every_language(code: str, fewest: int) -> None:
    assert sum(language(row) == code for row in PASSAGES) >= fewest


@pytest.mark.parametrize(("label", "least"), [("shift", 0.40), ("mention", 0.10), ("none", 0.25)])
def test_no_label_is_rare(label: str, least: float) -> None:
    assert sum(row["label"] == label for row in PASSAGES) / len(PASSAGES) >= least


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_has_ten_events(kind: str) -> None:
    assert sum(event["kind"] == kind for _, event in EVENTS) >= 10


@pytest.mark.parametrize("direction", ["opening", "closing"])
def test_both_directions_have_sixty_events(direction: str) -> None:
    assert sum(event["direction"] == direction for _, event in EVENTS) >= 60


@pytest.mark.parametrize("stage", get_args(Stage))
def test_every_stage_has_eight_events(stage: str) -> None:
    assert sum(event["stage"] == stage for _, event in EVENTS) >= 8


@pytest.mark.parametrize("code", ["en", "ko", "zh"])
@pytest.mark.parametrize("null", NULLS["classes"])
def test_every_null_class_is_expected_somewhere_in_every_language(null: str, code: str) -> None:
    fewest = 2 if code == "en" else 1
    assert sum(null in row.get("nulls", []) for row in PASSAGES if language(row) == code) >= fewest


@pytest.mark.parametrize("trap", TRAPS)
def test_every_trap_is_set_twice(trap: int) -> None:
    assert sum(trap in row.get("traps", []) for row in PASSAGES) >= 2


def test_long_articles_hide_the_news_among_background() -> None:
    long = [row for row in PASSAGES if len(re.findall(r"[.!?。](?:\s|$)", row["text"])) >= 8]
    assert sum(row["label"] == "shift" for row in long) >= 12


def test_the_quiet_corpus_holds_sixty_kilobytes_without_repeating_a_paragraph() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(QUIET.glob("*.txt"))]
    assert sum(len(text.encode("utf-8")) for text in texts) >= 60_000
    paragraphs = [part.strip() for text in texts for part in text.split("\n\n") if part.strip()]
    assert len(paragraphs) == len(set(paragraphs))
