"""One pass over the text finds the words of all rules; only sentences that hold them are looked at.

Three steps, each cheaper than what it saves. One Aho-Corasick pass over a text finds the words of all
patterns. A sentence with an *anchor* (a word of the rarest group of some pattern) is worth a look: a
pattern stays when all of its groups stand in the sentence, one behind the other. What stays is tried
loosely, with any words in the place of entities and only where its first word was found, so that names
are looked up only in sentences that would match. The cost follows what the text says and not how many
rules there are.
"""

from __future__ import annotations

import functools
import operator
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, MatchKind

from extractors.openness.entities import Sign
from extractors.openness.patterns import Needed, Pattern, spellings
from extractors.openness.rulebook import Rule

# An article without any of these reports no opening, and its prices and funding rounds resemble none.
_OPENNESS_WORDS = (
    "open source", "open-source", "opensource", "open weight", "open-weight", "open model", "open ai model", "weights",
    "licens", "licenc", "hugging face", "for free", "open standard", "open protocol",
    "오픈", "공개", "가중치", "라이선스", "접근", "开源", "权重", "许可", "开放", "免费", "访问",
)  # fmt: skip
_WORDS_ONLY = bytes(code if chr(code).isalnum() else 32 for code in range(256))
"""Latin-1 with a space for all that is no letter or digit."""


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
    wide: bool
    """Whether the nulls count by themselves; otherwise they only overrule shifts that match."""


def speaks_of_openness(*folded: str) -> bool:
    """Whether any text holds a word about openness, licences or access at all."""
    return any(word in text for text in folded for word in _OPENNESS_WORDS)


class Matcher:
    """The rules of one language, indexed by their words."""

    def __init__(
        self, rules: Iterable[Rule], signs: Callable[[str], Iterable[Sign]], *, bounded: bool
    ) -> None:
        """`signs`: how the names of a kind of listed entity begin (see `EntityFinder.signs`).

        `bounded`: whether a word ends where letters end (see `vocabulary.Vocabulary`).
        """
        words = _Words(signs, bounded)
        rules = tuple(rules)
        self._shifts = _Index(
            (rule for rule in rules if not rule.is_null and rule.place == "anywhere"), words
        )
        self._heads = _Index((rule for rule in rules if not rule.is_null and rule.place == "head"), words)
        self._nulls = _Index((rule for rule in rules if rule.is_null), words)
        self._find = words.finder()
        self._masks = list(words.masks.values())

    def suspects(
        self,
        folded: str,
        sentences: Callable[[], Sequence[tuple[int, int]]],
        *,
        openness: bool,
        lead: int,
    ) -> list[Suspect]:
        """The sentences in which some pattern may match, with those patterns.

        `sentences` gives start and end of every sentence; it is called only when there is one to look at.
        `lead`: the offset before which a sentence of the lead begins. `openness`: whether the article speaks
        of openness; otherwise nulls count in the lead only, and rules for the head of an article nowhere.
        """
        masks = self._masks
        found = self._find(folded)
        present = 0
        for word in {word for word, _, _ in found}:
            present |= masks[word]
        shifts, nulls = self._shifts.possible(present), self._nulls.possible(present)
        heads = self._heads.possible(present) if openness else _NONE
        in_body = shifts.anchors | (nulls.anchors if openness else 0)
        in_lead = shifts.anchors | nulls.anchors | heads.anchors
        if not in_lead:
            return []
        suspects: list[Suspect] = []
        starts = [start for _, start, _ in found]
        last = 0
        for index, (start, end) in enumerate(sentences()):
            first = bisect_left(starts, start, last)
            last = bisect_left(starts, end, first)
            leading = start < lead
            sentence = _Sentence(folded, start, end, found[first:last], masks)
            if not sentence.present & (in_lead if leading else in_body):
                continue
            fitting = shifts.candidates(sentence)
            if leading and heads.anchors:
                fitting.extend(heads.candidates(sentence))
            wide = openness or leading
            beside = nulls.candidates(sentence) if wide or fitting else []
            if fitting or beside:
                suspects.append(Suspect(index, tuple(fitting), tuple(beside), wide))
        return suspects


class _Words:
    """The words of all rules with the groups they belong to, each a bit."""

    def __init__(self, signs: Callable[[str], Iterable[Sign]], bounded: bool) -> None:
        self._signs = signs
        self._bounded = bounded
        self._bits: dict[Needed, int] = {}
        self.masks: dict[str, int] = {}
        """Word as it is looked for → the bits of its groups."""

    def bit(self, needed: Needed) -> int:
        """The bit of what a pattern needs."""
        if needed not in self._bits:
            bit = self._bits[needed] = 1 << len(self._bits)
            sought = {self._sought(spelling) for word in needed.words for spelling in spellings(word)}
            if needed.slot:
                sought |= {
                    self._sought(spelling, whole=sign.whole)
                    for sign in self._signs(needed.slot)
                    for spelling in spellings(sign.start)
                }
            for word in filter(None, sought):
                self.masks[word] = self.masks.get(word, 0) | bit
        return self._bits[needed]

    def _sought(self, word: str, *, whole: bool = True) -> str | None:
        """A word as it stands in the text that is searched; None for one in a script that is not looked for."""
        if not self._bounded:
            return word
        plain = _plain(word).decode("latin-1").strip()
        return (f" {plain} " if whole else f" {plain}") if plain else None

    def finder(self) -> Callable[[str], list[tuple[int, int, int]]]:
        """Finds all words in a folded text: number in `masks`, start and end, by their ends.

        The start is that of the word itself; the end that of what was looked for.
        """
        if not self._bounded:
            written = AhoCorasick(self.masks, matchkind=MatchKind.Standard)
            return lambda folded: written.find_matches_as_indexes(folded, overlapping=True)
        spaced = BytesAhoCorasick([word.encode("latin-1") for word in self.masks])
        # The space that words begin with makes up for the one put before the text.
        return lambda folded: spaced.find_matches_as_indexes(_plain(folded), overlapping=True)


def _plain(folded: str) -> bytes:
    """Words with a space before and behind each; letters outside Latin-1 count as spaces."""
    plain = folded.encode("latin-1", "replace").translate(_WORDS_ONLY)
    # A heading that `split_sentences` parts from the word glued to it, which no rule asks for.
    return b" %b " % plain.replace(b"takeaways", b"takeaway ")


class _Sentence:
    """A sentence with the words of the rules in it."""

    __slots__ = ("_end", "_folded", "_found", "_masks", "_starts", "_text", "present", "start")

    def __init__(
        self,
        folded: str,
        start: int,
        end: int,
        found: Sequence[tuple[int, int, int]],
        masks: Sequence[int],
    ) -> None:
        self.start = start
        self.present = 0
        """The bits of all groups a word of which stands in it."""
        for word, _, _ in found:
            self.present |= masks[word]
        self._end = end
        self._folded = folded
        self._text: str | None = None
        self._found = found
        self._masks = masks
        self._starts: dict[int, list[int]] = {}

    @property
    def text(self) -> str:
        """The folded sentence."""
        if self._text is None:
            self._text = self._folded[self.start : self._end]
        return self._text

    def starts(self, group: int) -> list[int]:
        """Where in the sentence the words of a group start, in order."""
        starts = self._starts.get(group)
        if starts is None:
            masks, begin = self._masks, self.start
            starts = [start - begin for word, start, _ in self._found if masks[word] & group]
            starts.sort()
            self._starts[group] = starts
        return starts


class _Entry(NamedTuple):
    """A pattern as the index keeps it; word groups are bits."""

    number: int
    needed: int
    row: tuple[int, ...]
    opening: int
    candidate: Candidate


class _Index:
    """Patterns by the words they need."""

    def __init__(self, rules: Iterable[Rule], words: _Words) -> None:
        anchored: dict[int, list[_Entry]] = {}
        patterns = ((rule, pattern) for rule in rules for pattern in rule.patterns)
        for number, (rule, pattern) in enumerate(patterns):
            bits = {name: words.bit(needed) for name, needed in pattern.needs.items()}
            needed = functools.reduce(operator.or_, bits.values())
            row = tuple(bits[name] for name in pattern.row)
            entry = _Entry(number, needed, row, bits.get(pattern.opening, 0), Candidate(rule, pattern))
            anchored.setdefault(bits[pattern.anchor], []).append(entry)
        self._anchored = {anchor: tuple(entries) for anchor, entries in anchored.items()}
        self._anchors = sum(anchored)

    def possible(self, present: int) -> _Possible:
        """The patterns all of whose words stand somewhere in a text."""
        absent, left = ~present, present & self._anchors
        found: dict[int, list[_Entry]] = {}
        anchors = 0
        while left:
            anchor = left & -left
            left ^= anchor
            entries = [entry for entry in self._anchored[anchor] if not entry.needed & absent]
            if entries:
                found[anchor] = entries
                anchors |= anchor
        return _Possible(found, anchors)


class _Possible(NamedTuple):
    """The patterns that may match in a text, by their anchors."""

    entries: Mapping[int, Sequence[_Entry]]
    anchors: int

    def candidates(self, sentence: _Sentence) -> list[Candidate]:
        """The candidates all of whose words stand in a sentence in the right order, by their rules' order."""
        absent, anchors = ~sentence.present, sentence.present & self.anchors
        likely: list[_Entry] = []
        while anchors:
            anchor = anchors & -anchors
            anchors ^= anchor
            for entry in self.entries[anchor]:
                if not entry.needed & absent and _fits(entry, sentence):
                    likely.append(entry)
        likely.sort()
        return [entry.candidate for entry in likely]


_NONE = _Possible({}, 0)


def _fits(entry: _Entry, sentence: _Sentence) -> bool:
    """Whether the words follow each other and the pattern matches loosely from one of its first words."""
    at = -1
    for group in entry.row:
        at = next((start for start in sentence.starts(group) if start > at), -1)
        if at < 0:
            return False
    loose, text = entry.candidate.pattern.loose, sentence.text
    if not entry.opening:
        return loose.search(text) is not None
    for start in sentence.starts(entry.opening):
        if loose.match(text, start) or (text[start - 1 : start] == "'" and loose.match(text, start - 1)):
            return True
    return False
