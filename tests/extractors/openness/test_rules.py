"""Every rule catches its own examples and leaves its near misses alone."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.openness.reading import Reading
from extractors.openness.rulebook import NearMiss, Rule, bundled_rulebook
from extractors.openness.tagger import load_tagger

RULES = [rule for rule in bundled_rulebook().rules if rule.status != "retired"]
PUBLISHED = date(2026, 6, 10)


def readings(text: str, rule: Rule) -> list[Reading]:
    """What the rule makes of a text, as the body of an article on openness that appeared on a Wednesday."""
    title = "On open source" if rule.is_null else ""
    _, found, _ = load_tagger().read(title=title, text=text, published=PUBLISHED, language=rule.language)
    return [reading for reading in found if reading.rule.id == rule.id and reading.sentence.where == "text"]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [(rule, text) for rule in RULES for text in rule.match],
    ids=lambda value: getattr(value, "id", None),
)
def test_a_rule_catches_the_sentences_it_names(rule: Rule, sentence: str) -> None:
    found = readings(sentence, rule)
    assert found, f"{rule.id} does not match {sentence!r}"
    if not rule.is_null:
        assert any(reading.null is None for reading in found), [
            (reading.null, reading.why) for reading in found
        ]


@pytest.mark.parametrize(
    ("rule", "miss"),
    [(rule, miss) for rule in RULES for miss in rule.near_misses],
    ids=lambda value: getattr(value, "id", None),
)
def test_a_rule_leaves_its_near_misses_alone(rule: Rule, miss: NearMiss) -> None:
    found = readings(miss.text, rule)
    if rule.is_null:
        assert not found, f"{rule.id} fires although {miss.because}"
    else:
        taken = [
            reading
            for reading in found
            if reading.null is None and reading.currency and reading.currency.current
        ]
        assert not taken, f"{rule.id} fires on {taken[0].pattern.source!r} although {miss.because}"
