"""Every class of what is not a shift answers with its own id and raises no event."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.openness.tagger import load_tagger

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
