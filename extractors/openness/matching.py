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
        anchored: dict[int, list[tuple[int, Candidate]]] = {}
        for rule in rules:
            for pattern in rule.patterns:
                needed = 0
                for name in pattern.requires:
                    bit = bits.get(name)
                    if bit is None:
                        bit = bits[name] = 1 << len(bits)
                        for word in pattern.words[name]:
                            for spelling in spellings(word):
                                words[spelling] = words.get(spelling, 0) | bit
                    needed |= bit
                anchored.setdefault(bits[pattern.anchor], []).append((needed, Candidate(rule, pattern)))
        self._masks = list(words.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(words), matchkind=ahocorasick_rs.MatchKind.Standard)
        self._anchored = {bit: tuple(found) for bit, found in anchored.items()}
        self._anchors = sum(self._anchored)

    def suspects(self, folded: str, sentences: list[tuple[int, int]]) -> list[Suspect]:
        """The sentences in which some pattern may match, with those patterns."""
        present: dict[int, int] = {}
        starts = [start for start, _ in sentences]
        masks = self._masks
        for word, start, _ in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            index = bisect_right(starts, start) - 1
            present[index] = present.get(index, 0) | masks[word]
        found: list[Suspect] = []
        for index, mask in sorted(present.items()):
            anchors = mask & self._anchors
            if not anchors or index < 0:
                continue
            candidates = self._candidates(mask, anchors)
            if candidates:
                start, end = sentences[index]
                found.append(Suspect(index=index, start=start, end=end, candidates=candidates))
        return found

    def _candidates(self, mask: int, anchors: int) -> tuple[Candidate, ...]:
        found: list[Candidate] = []
        while anchors:
            bit = anchors & -anchors
            anchors ^= bit
            found.extend(candidate for needed, candidate in self._anchored[bit] if not needed & ~mask)
        return tuple(found)
