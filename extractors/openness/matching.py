"""One pass over the text finds the words of all rules; only sentences that hold them are looked at.

Three steps, each cheaper than what it saves. One Aho-Corasick pass over a text finds the words of all
patterns. A sentence with an *anchor* (a word of the rarest group of some pattern) and a word of the same
pattern's second rarest group is worth a look: a pattern stays when all of its groups stand in the sentence,
one behind the other. What stays is tried loosely, with any words in the place of entities and only where its
first word was found, so that names are looked up only in sentences that would match. The cost follows what
the text says and not how many rules there are.
"""

from __future__ import annotations

import functools
import operator
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, MatchKind

from extractors.openness.entities import Sign
from extractors.openness.patterns import Needed, Pattern, spellings, weigh
from extractors.openness.rulebook import Rule
from extractors.openness.vocabulary import Vocabulary

# An article without any of these reports no opening, and its prices and funding rounds resemble none.
_OPEN = re.compile(r"(?:[- ]?source|[- ]weight| model| ai model| standard| protocol)")
"""What follows "open"."""
_OPENNESS_WORDS = ("weights", "licens", "licenc", "apache 2", "of open ", "hugging face", "for free")
_EAST_ASIAN_OPENNESS_WORDS = (
    "오픈", "공개", "가중치", "라이선스", "접근", "开源", "权重", "许可", "开放", "免费", "访问",
)  # fmt: skip
_WORDS_ONLY = bytes(code if chr(code).isalnum() else 32 for code in range(256))
"""Latin-1 with a space for all that is no letter or digit."""

Found = tuple[int, int, int]
"""A word in a text: its number, its start, and the end of what was looked for."""
Groups = int
"""Word groups, each a bit; the groups that are met often have the lower bits, so that most numbers are short."""
Words = frozenset[int]
"""The numbers of the words of one group."""


class Candidate(NamedTuple):
    """A pattern whose words all stand in one sentence."""

    rule: Rule
    pattern: Pattern
    starts: Sequence[int] | None
    """Where in the sentence the first of its words stand that it is tried at (`Pattern.opening`). None: it has none."""
    unless: tuple[Pattern, ...]
    """Those exceptions of the rule whose words stand in the sentence."""

    def search(self, words: str, past: int = 0) -> re.Match[str] | None:
        """The first match in the sentence from an offset on; `words` may be masked."""
        if self.starts is None or not self.pattern.opens:
            return self.pattern.regex.search(words, past)
        return _match_at(self.starts, self.pattern.regex, words, past)

    def search_loosely(self, words: str, past: int = 0) -> re.Match[str] | None:
        """The same with any words in the place of names."""
        if self.starts is None:
            return self.pattern.loose.search(words, past)
        return _match_at(self.starts, self.pattern.loose, words, past)


def _match_at(
    starts: Iterable[int], regex: re.Pattern[str], words: str, past: int = 0
) -> re.Match[str] | None:
    for start in starts:
        if start >= past and (found := regex.match(words, start)):
            return found
    return None


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
        opened = text.find("open")
        while opened >= 0:
            if _OPEN.match(text, opened + 4):
                return True
            opened = text.find("open", opened + 4)
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
        # Shifts before those of the head, so that readings come in one order; nulls are apart anyway.
        ordered = sorted(rules, key=lambda rule: (rule.is_null, rule.place != "anywhere"))
        words = _Words(_needed(ordered, vocabulary), signs, vocabulary.bounded)
        entries = _entries(ordered, words)
        self._bounded = vocabulary.bounded
        self._words = tuple(words.groups)
        self._find = _finder(self._words, self._bounded)
        self._groups = groups = list(words.groups.values())
        shifts = [entry for entry in entries if not entry.is_null and not entry.in_head]
        nulls = [entry for entry in entries if entry.is_null]
        self._shifts = _Anchored(shifts, groups)
        self._nulls = _Anchored(nulls, groups)
        self._shifts_and_nulls = _Anchored([*shifts, *nulls], groups)
        self._all = _Anchored(entries, groups)

    def __getstate__(self) -> dict[str, Any]:
        """All but the automaton, which cannot be written down and is made fast."""
        return {name: value for name, value in vars(self).items() if name != "_find"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._find = _finder(self._words, self._bounded)

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
        beside, groups = self._shifts_and_nulls, self._groups
        in_lead, in_body = (self._all, beside) if openness else (beside, self._shifts)
        behind = len(folded) + 1
        spans = [*sentences(), (behind, behind + 1)]
        suspects: list[Suspect] = []
        index, first, present = -1, 0, 0
        start = end = 0
        anchored = in_lead
        anchors: list[int] = []
        for at, (word, place, _) in enumerate((*found, (0, behind, behind))):
            if place >= end:
                if anchors and (likely := anchored.likely(anchors, present)):
                    sentence = _Sentence(folded[start:end], start, found[first:at], present)
                    suspect = self._suspect(index, sentence, likely, wide=anchored is not self._shifts)
                    if suspect:
                        suspects.append(suspect)
                while place >= end:
                    index += 1
                    start, end = spans[index]
                first, present, anchors = at, 0, []
                anchored = in_lead if start < lead else in_body
            if place >= start:
                present |= groups[word]
                if word in anchored.of_word:
                    anchors.append(word)
        return suspects

    def _suspect(
        self, index: int, sentence: _Sentence, likely: Iterable[_Entry], *, wide: bool
    ) -> Suspect | None:
        fitting = [candidate for entry in likely if (candidate := entry.fitted(sentence))]
        if not fitting:
            return None
        if not wide:
            likely = self._nulls.likely(sentence.words(), sentence.present)
            fitting += [candidate for entry in likely if (candidate := entry.fitted(sentence))]
        shifts = tuple([candidate for candidate in fitting if not candidate.rule.is_null])
        nulls = tuple([candidate for candidate in fitting if candidate.rule.is_null])
        return Suspect(index, shifts, nulls, wide)


class _Words:
    """The words of all rules with the groups they belong to, each a bit."""

    def __init__(
        self, needed: Iterable[Needed], signs: Callable[[str], Iterable[Sign]], bounded: bool
    ) -> None:
        """`needed`: every group, those that are met often first."""
        self._signs = signs
        self._bounded = bounded
        self.groups: dict[str, Groups] = {}
        """Word as it is looked for → its groups."""
        self.bits: dict[Needed, Groups] = {}
        """The bit of what a pattern needs."""
        for each in needed:
            self.bits[each] = bit = 1 << len(self.bits)
            for word in self._sought_for(each):
                self.groups[word] = self.groups.get(word, 0) | bit
        of_bit: dict[Groups, list[int]] = {bit: [] for bit in self.bits.values()}
        for number, groups in enumerate(self.groups.values()):
            for bit in _bits(groups):
                of_bit[bit].append(number)
        self.of_bit: dict[Groups, Words] = {bit: frozenset(numbers) for bit, numbers in of_bit.items()}

    def _sought_for(self, needed: Needed) -> set[str]:
        sought = {self._sought(spelling) for word in needed.words for spelling in spellings(word)}
        if needed.slot:
            sought |= {
                self._sought(spelling, whole=sign.whole)
                for sign in self._signs(needed.slot)
                for spelling in spellings(sign.start)
            }
        return set(filter(None, sought))

    def _sought(self, word: str, *, whole: bool = True) -> str | None:
        """A word as it stands in the text that is searched; None for one in a script that is not looked for."""
        if not self._bounded:
            return word
        plain = _plain(word).decode("latin-1").strip()
        return (f" {plain} " if whole else f" {plain}") if plain else None


def _finder(words: Sequence[str], bounded: bool) -> Callable[[str], list[Found]]:
    """Finds all words in a folded text, by their ends; they are numbered by their order.

    The start is that of the word itself; the end that of what was looked for.
    """
    if not bounded:
        written = AhoCorasick(words, matchkind=MatchKind.Standard)
        return lambda folded: written.find_matches_as_indexes(folded, overlapping=True)
    spaced = BytesAhoCorasick([word.encode("latin-1") for word in words])
    # The space that words begin with makes up for the one put before the text.
    return lambda folded: spaced.find_matches_as_indexes(_plain(folded), overlapping=True)


def _plain(folded: str) -> bytes:
    """Words with a space before and behind each; letters outside Latin-1 count as spaces."""
    plain = folded.encode("latin-1", "replace").translate(_WORDS_ONLY)
    # A heading that `split_sentences` parts from the word glued to it, which no rule asks for.
    return b" %b " % plain.replace(b"takeaways", b"takeaway ")


class _Sentence:
    """A sentence with the words of the rules in it."""

    __slots__ = ("_found", "_start", "_starts", "present", "text")

    def __init__(self, text: str, start: int, found: Sequence[Found], present: Groups) -> None:
        """`start`: its offset in the text in which the words were `found`."""
        self.text = text
        self.present = present
        """The groups of its words."""
        self._start = start
        self._found = found
        self._starts: dict[Words, list[int]] = {}

    def words(self) -> list[int]:
        """The numbers of its words."""
        return [word for word, _, _ in self._found]

    def starts(self, group: Words) -> list[int]:
        """Where in the sentence the words of a group start, in order."""
        starts = self._starts.get(group)
        if starts is None:
            begin = self._start
            starts = [start - begin for word, start, _ in self._found if word in group]
            if len(starts) > 1:
                starts.sort()
            self._starts[group] = starts
        return starts


class _Entry(NamedTuple):
    """A pattern as the index keeps it."""

    number: int
    rule: Rule
    pattern: Pattern
    is_null: bool
    in_head: bool
    anchor: Groups
    needed: Groups
    row: tuple[Words, ...]
    strides: tuple[float, ...]
    """How far each of the row may be from the one before, see `Pattern.strides`."""
    opening: Words | None
    unless: tuple[tuple[Groups, Pattern], ...]
    """The rule's exceptions, each with those of its groups that patterns need too."""

    def fitted(self, sentence: _Sentence) -> Candidate | None:
        """The candidate, if the words follow each other and the pattern matches loosely from one of its first."""
        if not self._in_row(sentence):
            return None
        loose, text, starts = self.pattern.loose, sentence.text, None
        if self.opening is None:
            found = loose.search(text)
        else:
            starts = _with_quotes(sentence.starts(self.opening), text)
            found = _match_at(starts, loose, text)
        if found is None:
            return None
        present = sentence.present
        unless = tuple([pattern for groups, pattern in self.unless if groups & present == groups])
        return Candidate(self.rule, self.pattern, starts, unless)

    def _in_row(self, sentence: _Sentence) -> bool:
        """Whether the words follow each other, no farther apart than the pattern allows."""
        if len(self.row) < 2:
            return True
        reached = sentence.starts(self.row[0])
        for group, stride in zip(self.row[1:], self.strides, strict=True):
            reached = [
                start
                for start in sentence.starts(group)
                if (at := bisect_left(reached, start)) and start <= reached[at - 1] + stride
            ]
            if not reached:
                return False
        return True


def _with_quotes(starts: Sequence[int], text: str) -> Sequence[int]:
    """Where words start, and the apostrophes right before them, which may belong to what is looked for."""
    if "'" not in text:
        return starts
    return [
        place
        for start in starts
        for place in (start - 1, start)
        if place == start or text[place:start] == "'"
    ]


def _needed(rules: Iterable[Rule], vocabulary: Vocabulary) -> list[Needed]:
    """All groups that patterns need, the ones often met first."""
    needed = {each for rule in rules for pattern in rule.patterns for each in pattern.needs.values()}
    return sorted(needed, key=lambda each: (-weigh(each, vocabulary), each))


def _entries(rules: Iterable[Rule], words: _Words) -> list[_Entry]:
    entries: list[_Entry] = []
    for rule in rules:
        # Words that only exceptions hold are not looked for: that would cost every sentence.
        unless = tuple(
            (sum(words.bits.get(needed, 0) for needed in set(pattern.needs.values())), pattern)
            for pattern in rule.unless
        )
        for pattern in rule.patterns:
            bits = {name: words.bits[needed] for name, needed in pattern.needs.items()}
            entries.append(
                _Entry(
                    number=len(entries),
                    rule=rule,
                    pattern=pattern,
                    is_null=rule.is_null,
                    in_head=not rule.is_null and rule.place == "head",
                    anchor=bits[pattern.anchor],
                    needed=sum(set(bits.values())),
                    row=tuple(words.of_bit[bits[name]] for name in pattern.row),
                    strides=pattern.strides,
                    opening=words.of_bit[bits[pattern.opening]] if pattern.opening else None,
                    unless=unless,
                )
            )
    return entries


class _Anchored:
    """Patterns by the words of their anchors."""

    def __init__(self, entries: Iterable[_Entry], groups: Sequence[Groups]) -> None:
        """`groups`: those of every word."""
        by_anchor: dict[Groups, list[_Entry]] = {}
        for entry in entries:
            by_anchor.setdefault(entry.anchor, []).append(entry)
        anchors = sum(by_anchor)
        self.of_word: dict[int, tuple[Groups, list[_Entry]]] = {}
        """Word → groups of which one stands in every sentence that suits a pattern of it; its patterns."""
        of_anchors: dict[Groups, tuple[Groups, list[_Entry]]] = {}
        for word, its_groups in enumerate(groups):
            its_anchors = its_groups & anchors
            if its_anchors and its_anchors not in of_anchors:
                anchored = [entry for anchor in _bits(its_anchors) for entry in by_anchor[anchor]]
                of_anchors[its_anchors] = functools.reduce(operator.or_, map(_second, anchored)), anchored
            if its_anchors:
                self.of_word[word] = of_anchors[its_anchors]

    def likely(self, words: Iterable[int], present: Groups) -> list[_Entry]:
        """The patterns all of whose words stand in a sentence, by their rules' order.

        `words`: those of the sentence, `present` all their groups.
        """
        of_word = self.of_word
        likely = [
            entry
            for word in words
            if word in of_word and of_word[word][0] & present
            for entry in of_word[word][1]
            if entry.needed & present == entry.needed
        ]
        if len(likely) < 2:
            return likely
        by_number = {entry.number: entry for entry in likely}
        return [by_number[number] for number in sorted(by_number)]


def _second(entry: _Entry) -> Groups:
    """The rarest group a pattern needs beside its anchor; the anchor where it needs no other."""
    others = entry.needed ^ entry.anchor
    return 1 << (others.bit_length() - 1) if others else entry.anchor


def _bits(groups: Groups) -> Iterator[Groups]:
    while groups:
        bit = groups & -groups
        yield bit
        groups ^= bit
