"""Every class of what is not a shift answers with its own id and raises no event."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from extractors.errors import RuleFileError
from extractors.openness.evaluate import read_passages
from extractors.openness.rulebook import LANGUAGES, bundled_rulebook, load_null_ids, load_rulebook
from extractors.openness.tagger import load_tagger

GUIDE = Path(__file__).parents[3] / "docs" / "adding-a-rule.md"
LABELLED = Path(__file__).parents[2] / "labelled"
NULLS = load_null_ids()
# What is not a shift, as the vocabulary of openness lists it, with the ids that answer for it.
NOT_A_SHIFT = {
    "price and free tiers": ("price", "free-tier"),
    "ordinary launches and general availability of proprietary models": ("ordinary-launch",),
    "an app, SDK, benchmark, report, blog post or feature released": ("app-or-feature",),
    "open-source software that is not AI": ("not-ai-open-source",),
    "funding, valuation, hiring, acquisition": ("funding", "hiring", "acquisition"),
    "benchmark results": ("benchmark",),
    "lawsuits": ("lawsuit",),
    "security incidents and accidental leaks": ("security", "leak"),
    "tutorials and reviews using an open tool": ("tutorial",),
    "licensing of content to AI firms": ("content-licensing",),
    "governments blocking a chatbot for its content": ("chatbot-ban",),
    "retirement of an old API": ("api-retirement",),
    "a rename or a move": ("rename-or-move",),
    "opinion, wish or question with no actor's commitment": ("opinion",),
    "history and comparison": ("history", "comparison"),
    "names with open in them": ("open-name",),
    "MIT the university": ("mit-university",),
    "Apache Kafka": ("apache-project",),
}

TITLE = "Notes on open-source AI"
CLASSES = [
    ("OpenAI cut the price of o3 by 80 percent.", "price"),
    ("OpenAI released o3-mini for free on Friday.", "free-tier"),
    ("Claude Opus 5 is now generally available.", "ordinary-launch"),
    ("Perplexity released an app for Windows.", "app-or-feature"),
    ("OpenAI published a report on the safety of its agents.", "app-or-feature"),
    ("A distributor changed the license of its Linux distribution.", "not-ai-open-source"),
    ("The lab raised 300 million dollars in a Series B round.", "funding"),
    ("Nvidia acquired the startup behind an open source scheduler.", "acquisition"),
    ("Meta hired three researchers from OpenAI.", "hiring"),
    ("GPT-5 tops the leaderboard.", "benchmark"),
    ("Authors sued Anthropic over an open-source dataset of books.", "lawsuit"),
    ("Hackers hid malware in an open source AI tool.", "security"),
    ("Anthropic accidentally exposed the source code of Claude Code.", "leak"),
    ("Here's how to run an open-source model on a laptop.", "tutorial"),
    ("The newspaper signed a licensing deal with OpenAI.", "content-licensing"),
    ("Italy blocked the chatbot over privacy.", "chatbot-ban"),
    ("OpenAI is retiring GPT-4o from ChatGPT.", "api-retirement"),
    ("Moltbot was renamed to OpenClaw.", "rename-or-move"),
    ("Analysts believe that open-source models will prevail.", "opinion"),
    ("OpenAI opens an office in Seoul.", "open-name"),
    ("MIT researchers built a model that folds laundry.", "mit-university"),
    ("The pipeline reads from Apache Kafka.", "apache-project"),
    ("The U.S. tightens export controls on AI chips.", "chips"),
    ("Anthropic tightens usage limits for Claude Code.", "usage-limits"),
    ("The industry is shifting to open source.", "trend"),
    ("Open-sourcing is undecided, the lab says.", "undecided"),
]


@pytest.mark.parametrize(("sentence", "null"), CLASSES, ids=[null for _, null in CLASSES])
def test_a_class_that_is_no_shift_is_named_by_its_id(sentence: str, null: str) -> None:
    tagging = load_tagger().tag(title=TITLE, text=sentence, published=date(2026, 6, 17))
    assert null in {event.id for event in tagging.nulls}
    assert not [mention for mention in tagging.shifts if mention.current]


def test_a_null_event_quotes_its_sentence_where_it_stands() -> None:
    text = "A quiet week. OpenAI cut the price of o3 by 80 percent."
    tagging = load_tagger().tag(title=TITLE, text=text, published=None)
    null = next(event for event in tagging.nulls if event.id == "price")
    assert text[null.start : null.end] == null.evidence == "OpenAI cut the price of o3 by 80 percent."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", NOT_A_SHIFT)
def test_whatever_is_no_shift_has_rules_in_every_language(what: str, language: str) -> None:
    told = {rule.null_id for rule in bundled_rulebook().of(language) if rule.is_null}
    assert set(NOT_A_SHIFT[what]) <= told & set(NULLS["classes"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("null", NULLS["classes"])
def test_a_class_is_told_by_its_id_in_every_language(null: str, language: str) -> None:
    rule = next(rule for rule in bundled_rulebook().of(language) if rule.is_null and rule.null_id == null)
    title = {"en": TITLE, "ko": "오픈소스 AI 소식", "zh": "开源AI消息"}[language]
    for sentence in rule.match:
        tagging = load_tagger().tag(
            title=title, text=sentence, published=date(2026, 6, 17), language=language
        )
        assert null in {event.id for event in tagging.nulls}, sentence
        assert not [mention for mention in tagging.shifts if mention.current], sentence


def test_every_id_that_is_given_is_listed() -> None:
    listed = {null for sort in NULLS.values() for null in sort}
    for passage in read_passages(LABELLED)[::8]:
        tagging = load_tagger().tag(title=passage.title, text=passage.text, published=passage.published)
        assert {event.id for event in tagging.nulls} <= listed, passage.id


def test_a_null_rule_whose_id_is_not_listed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.en.yaml").write_text("language: en\ngroups: {weights: [weights]}\n")
    (tmp_path / "nulls.yaml").write_text("classes: {price: a price}\nfurther: {}\n")
    (tmp_path / "rules" / "null").mkdir(parents=True)
    (tmp_path / "rules" / "null" / "prices.yaml").write_text(
        "id: null/prices\ntitle: A price\nlanguage: en\nstatus: testing\nwords: [costs]\n"
        "match: [It costs a lot., It costs more.]\n"
        "near_misses: [{text: It is free., because: no price}, {text: A coast., because: no price}]\n"
    )
    with pytest.raises(
        RuleFileError, match=r"prices.yaml: 'prices' is no id of nulls.yaml; use one of price"
    ):
        load_rulebook(tmp_path)


def test_the_guide_lists_every_id() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert not [null for sort in NULLS.values() for null in sort if f"`{null}`" not in guide]
