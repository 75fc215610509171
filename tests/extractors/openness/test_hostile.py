"""Texts written to break a reader take under a second and never raise."""

from __future__ import annotations

import time
from datetime import date

import pytest

from extractors.openness.tagger import load_tagger

SENTENCE = "Mistral released the weights of an open-source model under Apache 2.0 "
TEXTS = {
    "a megabyte without a full stop": (SENTENCE * 20_000)[:1_000_000],
    "a hundred thousand opening brackets": "(" * 100_000,
    "brackets among words": "open source (" * 20_000,
    "lone surrogates": "\ud800 released \udfff open weights " * 500,
    "zero-width characters": "Mis\u200btral rel\u200beased open\u200d-weight models. " * 300,
    "bidirectional controls": "\u202eopen source\u202c released \u2066weights\u2069. " * 300,
    "private characters like our masks": "\ue001 released \ue004 open weights. " * 300,
    "quotes": "\"'“”" * 30_000,
    "the words of a rule over and over": "release of open weights made available to download " * 20_000,
    "nothing": "",
    "letters that grow in lower case": "\u0130 open source " * 5_000,
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_hostile_text_is_read_within_a_second(text: str) -> None:
    tagger = load_tagger()
    tagger.tag(title="", text="Mistral released an open model.", published=None)
    started = time.process_time()
    tagging = tagger.tag(title=text[:5000], text=text, published=date(2026, 1, 1), language="en")
    assert time.process_time() - started < 1.0
    for mention in tagging.shifts:
        source = text[:5000] if mention.where == "title" else text
        assert source[mention.start : mention.end] == mention.evidence


def test_unseen_characters_do_not_hide_a_release() -> None:
    text = "Mistral re\u200bleased an open\u2011weight model on Mon\u00adday."
    tagging = load_tagger().tag(title="", text=text, published=date(2026, 1, 1))
    assert [(m.actor, m.direction, m.evidence) for m in tagging.shifts] == [("Mistral AI", "opening", text)]
