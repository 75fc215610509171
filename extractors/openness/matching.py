"""One pass over the text finds the words of all rules; only sentences that hold them are looked at.

Three steps, each cheaper than what it saves. An Aho-Corasick automaton over the *anchors* (the rarest
word group of every pattern) names the sentences worth a look. In such a sentence a second automaton
marks which word groups are present, and a pattern stays only when all of its groups are. What stays is
tried loosely, with any words in the place of entities, so that names are looked up only in sentences
that would match. The cost follows what the text says and not how many rules there are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import ahocorasick_rs

from extractors.openness.patterns import Pattern, spellings
from extractors.openness.rulebook import Rule

# An article without any of these reports no opening, and its prices and funding rounds resemble none.
_OPENNESS_WORDS = (
    "open source", "open-source", "opensource", "open weight", "open-weight", "open model", "open ai model", "weights",
    "licens", "licenc", "hugging face", "for free", "open standard", "open protocol",
    "오픈", "공개", "가중치", "라이선스", "접근", "开源", "权重", "许可", "开放", "免费", "访问",
)  # fmt: skip


class Candidate(NamedTuple):
    """A pattern whose words all stand in one sentence."""

    rule: Rule
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Suspect:
    """A sentence worth a closer look."""

    index: int
    shifts: tuple[Candidate, ...]
    nulls: tuple[Candidate, ...]


def speaks_of_openness(*folded: str) -> bool:
    """Whether any text holds a word about openness, licences or access at all."""
    return any(word in text for text in folded for word in _OPENNESS_WORDS)


class Matcher:
    """The rules of one language, indexed by their words."""

    def __init__(self, rules: Iterable[Rule], *, bounded: bool) -> None:
        """`bounded`: whether a word ends where letters end (see `vocabulary.Vocabulary`)."""
        rules = tuple(rules)
        self._shifts = _Index(
            (rule for rule in rules if not rule.is_null and rule.place == "anywhere"), bounded
        )
        self._heads = _Index((rule for rule in rules if not rule.is_null and rule.place == "head"), bounded)
        self._nulls = _Index((rule for rule in rules if rule.is_null), bounded)

    def suspects(
        self, folded: str, sentences: list[tuple[int, int]], *, openness: bool, head: int
    ) -> list[Suspect]:
        """The sentences in which some pattern may match, with those patterns.

        `openness`: whether the article speaks of openness; only then nulls are sought in every sentence, and
        rules for the head of an article in the sentences that begin before the offset `head`. Otherwise nulls
        are sought beside shifts alone.
        """
        starts = [start for start, _ in sentences]
        shifts = self._shifts.candidates(folded, sentences, starts)
        if openness and head > 0:
            for index, found in self._heads.candidates(folded[:head], sentences, starts).items():
                shifts[index] = [*shifts.get(index, ()), *found]
        if openness:
            nulls = self._nulls.candidates(folded, sentences, starts)
        else:
            nulls = {index: self._nulls.present(folded[slice(*sentences[index])]) for index in shifts}
        return [
            Suspect(index, tuple(shifts.get(index, ())), tuple(nulls.get(index, ())))
            for index in sorted({*shifts, *nulls})
            if shifts.get(index) or nulls.get(index)
        ]


class _Index:
    """Patterns by the words they need."""

    def __init__(self, rules: Iterable[Rule], bounded: bool) -> None:
        self._bounded = bounded
        bits: dict[str, int] = {}
        words: dict[str, int] = {}
        anchored: dict[int, list[tuple[int, Candidate]]] = {}
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
                anchored.setdefault(bits[pattern.anchor], []).append((needed, Candidate(rule, pattern)))
        self._anchored = {bit: tuple(found) for bit, found in anchored.items()}
        self._anchors = sum(anchored)
        self._masks = list(words.values())
        self._every_word = _automaton(list(words))
        self._anchor_words = _automaton([word for word, mask in words.items() if mask & self._anchors])

    def candidates(
        self, folded: str, sentences: list[tuple[int, int]], starts: list[int]
    ) -> dict[int, list[Candidate]]:
        """Candidates by sentence, for the sentences that hold an anchor."""
        found: dict[int, list[Candidate]] = {}
        last, size = -1, len(folded)
        for _, position, end in self._anchor_words.find_matches_as_indexes(folded, overlapping=True):
            if self._bounded and (
                (position and folded[position - 1].isalnum()) or (end < size and folded[end].isalnum())
            ):
                continue
            index = bisect_right(starts, position) - 1
            if index == last or index < 0:
                continue
            last = index
            candidates = self.present(folded[slice(*sentences[index])])
            if candidates:
                found[index] = candidates
        return found

    def present(self, sentence: str) -> list[Candidate]:
        """The candidates all of whose words stand in a sentence, and in the right order."""
        present = 0
        masks = self._masks
        for word, _, _ in self._every_word.find_matches_as_indexes(sentence, overlapping=True):
            present |= masks[word]
        absent, anchors = ~present, present & self._anchors
        found: list[Candidate] = []
        while anchors:
            bit = anchors & -anchors
            anchors ^= bit
            for needed, candidate in self._anchored[bit]:
                if not needed & absent and candidate.pattern.loose.search(sentence):
                    found.append(candidate)
        return found


def _automaton(words: list[str]) -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(words, matchkind=ahocorasick_rs.MatchKind.Standard)
