"""The guide is right: the rule it shows, saved where it says, works."""

from __future__ import annotations

import re
import shutil
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from extractors.openness.entities import load_entities
from extractors.openness.lint import lint
from extractors.openness.rulebook import load_rulebook
from extractors.openness.tagger import Tagger

GUIDE = Path(__file__).parents[3] / "docs" / "adding-a-rule.md"


@pytest.fixture
def extended(tmp_path: Path) -> Tagger:
    """A tagger with the bundled rules and the one of the guide."""
    text = GUIDE.read_text(encoding="utf-8")
    rule = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    path = re.search(r"Save it as `extractors/openness/(rules/[^`]+)`", text)
    assert rule and path
    with resources.as_file(resources.files("extractors.openness")) as bundle:
        shutil.copytree(bundle, tmp_path / "openness", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (tmp_path / "openness" / path[1]).write_text(rule[1], encoding="utf-8")
    return Tagger(load_rulebook(tmp_path / "openness"), load_entities())


def test_the_rule_of_the_guide_catches_its_sentence(extended: Tagger) -> None:
    rule = next(rule for rule in extended.rulebook.rules if rule.id == "weights/thrown-open")
    for sentence in rule.match:
        tagging = extended.tag(title="", text=sentence, published=date(2026, 6, 17))
        assert [(m.kind, m.direction) for m in tagging.shifts if m.current] == [("weights", "opening")]
    for miss in rule.near_misses:
        assert not extended.tag(title="", text=miss.text, published=date(2026, 6, 17)).shifts


def test_the_rule_of_the_guide_passes_the_lint(extended: Tagger) -> None:
    assert lint(extended.rulebook) == []


def test_every_key_of_a_rule_is_explained_in_the_guide() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for key in (
        "unless",
        "stage",
        "negated",
        "confidence",
        "level_to",
        "needs",
        "place",
        "overrules",
        "reach",
    ):
        assert f"`{key}" in text
