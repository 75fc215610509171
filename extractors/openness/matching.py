"""One pass over the text finds the words of all rules; only sentences that hold them are looked at.

An Aho-Corasick automaton over every word of every rule marks, per sentence, which word groups are
present. A pattern is tried only on a sentence that has its rarest group and all the others too, so
that the cost follows what the text says and not how many rules there are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import ahocorasick_rs

from extractors.openness.patterns import Pattern, spellings
from extractors.openness.rulebook import Rule


class Candidate(NamedTuple):
    """A pattern whose words all stand in one sentence."""

    rule: Rule
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Suspect:
    """A sentence worth a closer look."""

    index: int
    start: int
    end: int
    candidates: tuple[Candidate, ...]


class Matcher:
    """The rules of one language, indexed by their words."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        bits: dict[str, int] = {}
        words: dict[str, int] = {}
        anchored: dict[str, list[tuple[int, Candidate]]] = {}
        for rule in rules:
            for pattern in rule.patterns:
                needed = 0
                for name in pattern.requires:
                    if name not in bits:
                        bits[name] = 1 << len(bits)
                        for word in pattern.words[name]:
                            for spelling in spellings(word):
                                words[spelling] = words.get(spelling, 0) | bits[name]
                    needed |= bits[name]
                anchored.setdefault(pattern.anchor, []).append((needed, Candidate(rule, pattern)))
        self._anchored = [(bits[name], tuple(found)) for name, found in anchored.items()]
        self._masks = list(words.values())
        self._every_word = _automaton(list(words))
        anchors = sum(bits[name] for name in anchored)
        self._anchor_words = _automaton([word for word, mask in words.items() if mask & anchors])

    def suspects(self, folded: str, sentences: list[tuple[int, int]]) -> list[Suspect]:
        """The sentences in which some pattern may match, with those patterns."""
        starts = [start for start, _ in sentences]
        found: list[Suspect] = []
        last = -1
        for _, position, _ in self._anchor_words.find_matches_as_indexes(folded):
            index = bisect_right(starts, position) - 1
            if index == last or index < 0:
                continue
            last = index
            start, end = sentences[index]
            candidates = self._candidates(folded[start:end])
            if candidates:
                found.append(Suspect(index=index, start=start, end=end, candidates=candidates))
        return found

    def _candidates(self, sentence: str) -> tuple[Candidate, ...]:
        present = 0
        masks = self._masks
        for word, _, _ in self._every_word.find_matches_as_indexes(sentence, overlapping=True):
            present |= masks[word]
        absent = ~present
        return tuple(
            candidate
            for bit, anchored in self._anchored
            if bit & present
            for needed, candidate in anchored
            if not needed & absent
        )


def _automaton(words: list[str]) -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(words, matchkind=ahocorasick_rs.MatchKind.Standard)
