"""The name an article begins with or quotes, where nothing else tells who acts.

A capitalised word at the head of a title ("Meadowlark hedges on open source") or before a verb of saying ("…,
Meadowlark said") is too little to make a name of it wherever it stands. Where a rule has matched and no actor was
found, it is the best guess, and mostly right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.openness.article import PreparedArticle, Sentence
from extractors.openness.name_records import KnownSpan, blank
from extractors.openness.name_runs import Run, find_runs
from extractors.openness.name_words import words

_LEAD = 3
"""Sentences of the text, at most, in which the name is looked for."""
_LONGEST = 3
"""Words of such a name."""
_SHORTEST = 3
"""Letters of it."""
# Behind the first name of a title: a verb in the present, a colon, a possession. No plural noun.
_ACTS = re.compile(
    r"(?:'s)? (?!(?:models?|weights|users|fans|shares|developers|researchers|engineers|scientists|employees|"
    r"tools|agents|chips|apps|robots|customers|investors|talks|rules|terms|licen[sc]es|series|plus|versus|news|"
    r"products|services|systems|phones|stocks|workers|drivers|is|was|has|goes|gets|comes|was|its|this|as|us|across|"
    r"less|always|besides|towards|years|months|weeks|days|times)\b)[a-z]{2,}(?<!s)s\b"
    r"|: |'s (?!open\b)[a-z]|,? (?:to|will|would|won't|isn't|may|might|could|said to|reported to|seeks to) [a-z]"
    r"|,? (?:and|&) others\b|, [^,]{3,40}, (?:will|would|has|is|to) [a-z]"
)
_SAYS = re.compile(
    r",? (?:says?|said|tells?|told|writes?|wrote|explains?|explained|argues?|argued|insists?|insisted|adds|added|"
    r"stresse[sd]|admits|admitted|promises|promised)\b"
)


def bare_subject(article: PreparedArticle, sentence: Sentence) -> str | None:
    """The unlisted name that the sentence quotes or its article begins with; None: there is none."""
    lead = [near for near in article.head if near.where == "text"][:_LEAD]
    for near in dict.fromkeys((sentence, *article.titles, *lead)):
        for run in _runs(near):
            name = near.text[run.start : run.end]
            begins = near.where == "title" and run.start == 0 and _ACTS.match(near.folded, run.end)
            says = len(run.words) == 1 and _SAYS.match(near.folded, run.end)
            if (begins or says) and _may_be_a_name(article, run, name):
                return name
    return None


def _runs(sentence: Sentence) -> Iterator[Run]:
    known = [KnownSpan(entity.start, entity.end, None) for entity in sentence.entities]
    for run in find_runs(blank(sentence.text, known)):
        if len(run.words) <= _LONGEST:
            yield run


def _may_be_a_name(article: PreparedArticle, run: Run, name: str) -> bool:
    """Whether it is no common word, no model and no person's name."""
    if len(name) < _SHORTEST or any(char.isdigit() for char in name) or not name.isascii():
        return False
    if run.words[0].lower() in words().breaks or run.words[0].endswith(("ing", "ly")):
        return False
    whole = f"{article.folded['title'].text}\n{article.folded['text'].text}"
    small = re.compile(rf"(?<![\w.]){re.escape(name.lower())}(?![\w.])")
    surname = re.compile(
        rf"(?<![.!?:] )(?<!^)\b[A-Z][a-z]+ {re.escape(name)}\b(?! [A-Z])|\b{re.escape(name)}, \d"
    )
    return small.search(whole) is None and surname.search(whole) is None
