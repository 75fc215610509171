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
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, MatchKind

from extractors.openness.entities import Sign
from extractors.openness.patterns import Needed, Pattern, spellings, weigh
from extractors.openness.rulebook import Rule
from extractors.openness.vocabulary import Vocabulary

# An article without any of these reports no opening, and its prices and funding rounds resemble none.
_OPENNESS_WORDS = (
    "open source", "open-source", "opensource", "open weight", "open-weight", "open model", "open ai model", "weights",
    "licens", "licenc", "apache 2", "of open ", "hugging face", "for free", "open standard", "open protocol",
)  # fmt: skip
_EAST_ASIAN_OPENNESS_WORDS = (
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
    for text in folded:
        for word in _OPENNESS_WORDS:
            if word in text:
                return True
        if not text.isascii() and any(word in text for word in _EAST_ASIAN_OPENNESS_WORDS):
            return True
    return False


class Matcher:
    """The rules of one language, indexed by their words."""

    def __init__(
        self, rules: Iterable[Rule], signs: Callable[[str], Iterable[Sign]], vocabulary: Vocabulary
    ) -> None:
        """`signs`: how the names of a kind of listed entity begin (see `EntityFinder.signs`)."""
        rules = tuple(rules)
        words = _Words(signs, vocabulary.bounded)
        needs = {needed for rule in rules for pattern in rule.patterns for needed in pattern.needs.values()}
        # Groups that are met often get the lower bits, so that the numbers an article is about stay short.
        for needed in sorted(needs, key=lambda needed: (-weigh(needed, vocabulary), needed)):
            words.bit(needed)
        # Shifts before those of the head, so that readings come in one order; nulls are apart anyway.
        ordered = sorted(rules, key=lambda rule: (rule.is_null, rule.place != "anywhere"))
        entries = [
            _entry(number, rule, pattern, words)
            for number, (rule, pattern) in enumerate(
                (rule, each) for rule in ordered for each in rule.patterns
            )
        ]
        self._find = words.finder()
        self._masks = list(words.masks.values())
        shifts = [entry for entry in entries if not entry.is_null and not entry.in_head]
        nulls = [entry for entry in entries if entry.is_null]
        self._shifts = _Anchored(shifts, self._masks)
        self._nulls = _Anchored(nulls, self._masks)
        self._shifts_and_nulls = _Anchored([*shifts, *nulls], self._masks)
        self._all = _Anchored(entries, self._masks)

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
        found = self._find(folded)
        if not found:
            return []
        masks, beside = self._masks, self._shifts_and_nulls
        in_lead, in_body = (self._all, beside) if openness else (beside, self._shifts)
        places = [place for _, place, _ in found]
        suspects: list[Suspect] = []
        last = 0
        for index, (start, end) in enumerate(sentences()):
            first = bisect_left(places, start, last)
            last = bisect_left(places, end, first)
            near = found[first:last]
            present = 0
            for word, _, _ in near:
                present |= masks[word]
            anchored = in_lead if start < lead else in_body
            if not present & anchored.anchors:
                continue
            likely = anchored.likely(near, present)
            if not likely:
                continue
            sentence = _Sentence(folded, start, end, near, masks)
            fitting = [entry for entry in likely if _fits(entry, sentence)]
            wide = anchored is not self._shifts
            if fitting and not wide:
                fitting += [entry for entry in self._nulls.likely(near, present) if _fits(entry, sentence)]
            if fitting:
                shifts = tuple(entry.candidate for entry in fitting if not entry.is_null)
                nulls = tuple(entry.candidate for entry in fitting if entry.is_null)
                suspects.append(Suspect(index, shifts, nulls, wide))
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

    __slots__ = ("_found", "_masks", "_start", "_starts", "text")

    def __init__(
        self,
        folded: str,
        start: int,
        end: int,
        found: Sequence[tuple[int, int, int]],
        masks: Sequence[int],
    ) -> None:
        self.text = folded[start:end]
        self._start = start
        self._found = found
        self._masks = masks
        self._starts: dict[int, list[int]] = {}

    def starts(self, group: int) -> list[int]:
        """Where in the sentence the words of a group start, in order."""
        starts = self._starts.get(group)
        if starts is None:
            masks, begin = self._masks, self._start
            starts = [start - begin for word, start, _ in self._found if masks[word] & group]
            starts.sort()
            self._starts[group] = starts
        return starts


class _Entry(NamedTuple):
    """A pattern as the index keeps it; word groups are bits."""

    number: int
    is_null: bool
    in_head: bool
    anchor: int
    needed: int
    row: tuple[int, ...]
    opening: int
    candidate: Candidate


def _entry(number: int, rule: Rule, pattern: Pattern, words: _Words) -> _Entry:
    bits = {name: words.bit(needed) for name, needed in pattern.needs.items()}
    return _Entry(
        number=number,
        is_null=rule.is_null,
        in_head=not rule.is_null and rule.place == "head",
        anchor=bits[pattern.anchor],
        needed=functools.reduce(operator.or_, bits.values()),
        row=tuple(bits[name] for name in pattern.row),
        opening=bits.get(pattern.opening, 0),
        candidate=Candidate(rule, pattern),
    )


class _Anchored:
    """Patterns by the words of their anchors."""

    def __init__(self, entries: Iterable[_Entry], masks: Sequence[int]) -> None:
        """`masks`: the groups of every word."""
        by_anchor: dict[int, list[_Entry]] = {}
        for entry in entries:
            by_anchor.setdefault(entry.anchor, []).append(entry)
        self.anchors = functools.reduce(operator.or_, by_anchor, 0)
        self._of_word: dict[int, list[_Entry]] = {}
        for word, groups in enumerate(masks):
            left = groups & self.anchors
            while left:
                anchor = left & -left
                left ^= anchor
                self._of_word.setdefault(word, []).extend(by_anchor[anchor])

    def likely(self, found: Sequence[tuple[int, int, int]], present: int) -> list[_Entry]:
        """The patterns all of whose words stand in a sentence, by their rules' order; `present` are its groups."""
        absent = ~present
        likely: dict[int, _Entry] = {}
        for word, _, _ in found:
            for entry in self._of_word.get(word, ()):
                if not entry.needed & absent:
                    likely[entry.number] = entry
        return [likely[number] for number in sorted(likely)] if len(likely) > 1 else list(likely.values())


def _fits(entry: _Entry, sentence: _Sentence) -> bool:
    """Whether the words follow each other and the pattern matches loosely from one of its first words."""
    at = -1
    for group in entry.row:
        for start in sentence.starts(group):
            if start > at:
                at = start
                break
        else:
            return False
    loose, text = entry.candidate.pattern.loose, sentence.text
    if not entry.opening:
        return loose.search(text) is not None
    for start in sentence.starts(entry.opening):
        if loose.match(text, start) or (text[start - 1 : start] == "'" and loose.match(text, start - 1)):
            return True
    return False
