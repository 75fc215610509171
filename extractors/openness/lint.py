"""What is wrong with the rules though each file reads well: found over all of them together."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from extractors.openness.rulebook import Rule, Rulebook

# Groups that code asks for by name.
_ASKED_BY_NAME = re.compile(r"^(?:cue_\w+|breakers)$")
_GROUP_IN_PATTERN = re.compile(r"\{([a-z_|]+)(?::[a-z]+)?\}")
SECONDS_PER_RULE = 0.5
"""A rule may take this long on all hostile texts together."""
HOSTILE = (
    "open source " * 400,
    "(" * 5000,
    "releases " + "very " * 900 + "weights",
    "a " * 2500,
    "open-" * 1000,
    '"' * 4000 + " released the weights",
)


def lint(rulebook: Rulebook) -> list[str]:
    """One line for everything that wants mending; empty when all is well."""
    return [
        *_unused_groups(rulebook),
        *_opposite_examples(rulebook),
        *_doubled_patterns(rulebook),
        *_slow_rules(rulebook),
    ]


def _unused_groups(rulebook: Rulebook) -> Iterator[str]:
    for language, vocabulary in rulebook.vocabularies.items():
        used = {
            name
            for rule in rulebook.rules
            if rule.language == language
            for pattern in (*rule.patterns, *rule.unless)
            for names in _GROUP_IN_PATTERN.findall(pattern.source)
            for name in names.split("|")
        }
        used |= {name for group in vocabulary.groups.values() for name in group.includes}
        for name in vocabulary.groups:
            if name not in used and not _ASKED_BY_NAME.match(name):
                yield f"vocabulary.{language}.yaml: no rule uses the group {name!r}"


def _opposite_examples(rulebook: Rulebook) -> Iterator[str]:
    directions: dict[str, Rule] = {}
    for rule in rulebook.rules:
        for example in rule.match:
            other = directions.setdefault(example, rule)
            if rule.direction and other.direction and rule.direction != other.direction:
                also = f"is also an example of {other.id}, which says {other.direction}"
                yield f"rules/{rule.id}.yaml: {example!r} {also}"


def _doubled_patterns(rulebook: Rulebook) -> Iterator[str]:
    for rule in rulebook.rules:
        sources = [pattern.source for pattern in rule.patterns]
        for source in sorted({source for source in sources if sources.count(source) > 1}):
            yield f"rules/{rule.id}.yaml: {source!r} is written twice"


def _slow_rules(rulebook: Rulebook) -> Iterator[str]:
    for rule in rulebook.rules:
        started = time.process_time()
        for pattern in (*rule.patterns, *rule.unless):
            for text in HOSTILE:
                pattern.regex.search(text[:900])
                pattern.loose.search(text[:900])
        seconds = time.process_time() - started
        if seconds > SECONDS_PER_RULE:
            yield f"rules/{rule.id}.yaml: {seconds:.2f} s on hostile text; use shorter gaps"
