"""How fast the tagger is, and that its cost follows the text and not the number of rules."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest

from extractors.openness.entities import load_entities
from extractors.openness.folding import fold
from extractors.openness.patterns import Pattern
from extractors.openness.rulebook import Rule, Rulebook, bundled_rulebook
from extractors.openness.tagger import Tagger, load_tagger
from tests.benchmarks.invented_news import Article, invent_articles

DAY = date(2026, 6, 17)
ARTICLES = invent_articles(200)
ROUNDS = 7
"""Each article counts with its fastest round: what else the machine does is not the tagger's."""

pytestmark = pytest.mark.long


def seconds_of_tagging(tagger: Tagger, articles: list[Article] = ARTICLES) -> float:
    """Processor time of one article, on average."""
    fastest = [float("inf")] * len(articles)
    for _ in range(ROUNDS):
        for number, article in enumerate(articles):
            started = time.process_time()
            tagger.tag(title=article.title, text=article.text, published=DAY)
            fastest[number] = min(fastest[number], time.process_time() - started)
    return sum(fastest) / len(articles)


def seconds_of_a_plain_loop(rules: tuple[Rule, ...], articles: list[Article]) -> float:
    """What a loop over all patterns of the same rules takes for one article: each is searched in the whole text."""
    fastest = [float("inf")] * len(articles)
    texts = [fold(article.text).folded for article in articles]
    for _ in range(2):
        for number, text in enumerate(texts):
            started = time.process_time()
            for rule in rules:
                for pattern in rule.patterns:
                    pattern.loose.search(text)
            fastest[number] = min(fastest[number], time.process_time() - started)
    return sum(fastest) / len(articles)


def test_the_tagger_is_a_hundred_times_as_fast_as_a_loop_over_its_rules() -> None:
    rules = bundled_rulebook().of("en")
    loop = seconds_of_a_plain_loop(rules, ARTICLES[:10])
    tagging = seconds_of_tagging(load_tagger())
    print(  # noqa: T201
        f"{1 / tagging:.0f} articles of 4 KB a second, {loop / tagging:.0f} times a loop of re "
        f"over {sum(len(rule.patterns) for rule in rules)} patterns"
    )
    assert loop / tagging > 100


def renamed(pattern: Pattern, copy: int) -> Pattern:
    """The same pattern over words of its own, as another rule about something else would have."""
    needs = {
        name: needed._replace(words=tuple(f"{word}{copy}q" for word in needed.words))
        for name, needed in pattern.needs.items()
    }
    return replace(pattern, needs=needs)


def test_ten_times_the_rules_cost_little_more() -> None:
    rulebook = bundled_rulebook()
    copies = [
        replace(
            rule, id=f"{rule.id}-{copy}", patterns=tuple(renamed(pattern, copy) for pattern in rule.patterns)
        )
        for copy in range(9)
        for rule in rulebook.rules
    ]
    many: Rulebook = replace(rulebook, rules=(*rulebook.rules, *copies))
    few_seconds = seconds_of_tagging(load_tagger(), ARTICLES[:60])
    many_seconds = seconds_of_tagging(Tagger(many, load_entities()), ARTICLES[:60])
    print(f"ten times the rules take {many_seconds / few_seconds:.2f} times as long")  # noqa: T201
    assert many_seconds < 1.5 * few_seconds
