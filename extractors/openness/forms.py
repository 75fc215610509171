"""How names are written, and one automaton that finds them all.

A form is a literal start, found by Aho-Corasick whatever the number of forms, and what must hold at a hit:
word boundaries, the rest of a regular expression, capitals, the words around it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from ahocorasick_rs import AhoCorasick

from extractors.errors import RuleFileError
from extractors.openness.actors import Organisation, Person
from extractors.openness.artefacts import Capitals, Family
from extractors.openness.compiled import compiled
from extractors.openness.licences import Licence, LicenceClass
from extractors.openness.traditional import simplified

Gate = Literal["", "ai", "governs"]
"""What a form needs besides: nothing; a sentence about AI or with its owner's name; a verb of governing."""
Target = Organisation | Person | Family | Licence | LicenceClass | None
"""None: a longer name inside which nothing counts."""

# ASCII only, in folded text: Korean and Chinese particles may follow a name without a space.
_ALPHANUMERIC = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_META = frozenset(".^$*+?{}[]\\|()")
_OPTIONAL = frozenset("?*{")
_HYPHEN_OR_SPACE = re.compile(r"\[ -\]|\[- \]|-\?")
_INNER_CAPITAL = re.compile(r"(?<=[A-Za-z0-9.])[A-Z]|\d")
_DISTINCT = re.compile(r"[-\d]")
_SHORTEST_START = 2
_LONGEST = 80
"""Characters; keeps a pattern that may run on from reading a text of a megabyte at every hit."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way a target is written."""

    literal: str
    """Folded; what the automaton looks for."""
    target: Target
    gate: Gate = ""
    name: str | None = None
    """The spelling whose capitals count. None: they do not."""
    first: str = ""
    """The first letter of the pattern as written."""
    expression: str | None = None
    """A regular expression, matched from the start of the literal. None: the literal is all."""
    capitals: Capitals = "any"
    """Which capitals of the pattern count."""
    ends: Callable[[str, int, int], int | None] | None = None
    """Gives the end from folded text, start and end of the literal; None when it is no mention after all."""
    start: str = ""
    """Folded; the literal and what is sure to follow, a hyphen standing for a space or nothing too."""
    rank: int = field(init=False)
    """Of two forms on one span the lower counts: a family with a version before a licence, a person, an
    organisation, a class of licences, a brand."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", self.start or self.literal)
        object.__setattr__(self, "rank", _rank(self.target))

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """The regular expression, compiled. None: the literal is all."""
        if self.expression is None:
            return None
        return compiled(self.expression, 0 if self.capitals == "all" else re.IGNORECASE)


def _rank(target: Target) -> int:
    if isinstance(target, Family):
        return 5 if target.fallback else 0
    for rank, kind in enumerate((Licence, Person, Organisation, LicenceClass), start=1):
        if isinstance(target, kind):
            return rank
    return 0


class Hit(NamedTuple):
    """A form found at a place."""

    start: int
    end: int
    form: Form


class FormIndex:
    """All forms behind one automaton."""

    def __init__(self, forms: Sequence[Form]) -> None:
        by_literal: dict[str, list[Form]] = {}
        for form in forms:
            by_literal.setdefault(form.literal, []).append(form)
        self._literals = tuple(by_literal)
        self._forms = [tuple(found) for found in by_literal.values()]
        self._bound_left = [literal[0] in _ALPHANUMERIC for literal in by_literal]
        self._automaton = AhoCorasick(self._literals)

    def __getstate__(self) -> dict[str, Any]:
        """All but the automaton, which cannot be written down and is made fast."""
        return {name: value for name, value in vars(self).items() if name != "_automaton"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._automaton = AhoCorasick(self._literals)

    def forms(self) -> Iterator[Form]:
        """Every form."""
        return itertools.chain.from_iterable(self._forms)

    def find(self, folded: str, cased: str) -> Iterator[Hit]:
        """Every form at every place, overlapping ones too; gates are not looked at.

        `cased` is the same text with its capitals, of the same length.
        """
        for number, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if self._bound_left[number] and start and folded[start - 1] in _ALPHANUMERIC:
                continue
            for form in self._forms[number]:
                last = _end(form, folded, cased, start, end)
                if last is not None:
                    yield Hit(start, last, form)


def _end(form: Form, folded: str, cased: str, start: int, end: int) -> int | None:
    pattern = form.pattern
    if pattern is not None:
        text = cased if form.capitals == "all" else folded
        found = pattern.match(text, start, start + _LONGEST)
        if found is None or (
            found.end() == start + _LONGEST and text[found.end() : found.end() + 1].isalnum()
        ):
            return None
        if form.capitals == "first" and not _capital(form, cased[start : found.end()]):
            return None
        return found.end()
    if folded[end - 1] in _ALPHANUMERIC and end < len(folded) and folded[end] in _ALPHANUMERIC:
        return None
    if form.name is not None:
        seen = cased[start:end]
        if seen != form.name and seen != form.name.upper():
            return None
    return form.ends(folded, start, end) if form.ends else end


def _capital(form: Form, seen: str) -> bool:
    return seen[0] == form.first or _DISTINCT.search(seen) is not None


def name_form(name: str, target: Target, gate: Gate = "") -> Form:
    """The form of an organisation's or person's name.

    Its capitals count, unless they (or a digit) stand inside the word, as in OpenAI: it means nothing else.
    """
    distinct = len(name) > 4 and " " not in name and _INNER_CAPITAL.search(name) and not name.isupper()
    return Form(simplified(name.lower()), target, gate, name=None if distinct or not name.isascii() else name)


def pattern_form(
    pattern: str, target: Target, where: str, *, capitals: Capitals = "any", gate: Gate = ""
) -> Form:
    """The form of a regular expression that begins with literal characters, else RuleFileError."""
    literal = literal_start(pattern)
    if len(literal) < _SHORTEST_START:
        raise RuleFileError(
            f"{where}: pattern {pattern!r} begins with {literal!r}; begin with two literal characters or more"
        )
    expression = f"(?:{simplified(pattern)})(?![A-Za-z0-9])"
    try:
        compiled(expression, 0 if capitals == "all" else re.IGNORECASE)
    except re.error as error:
        raise RuleFileError(f"{where}: pattern {pattern!r} is no regular expression: {error}") from error
    start = literal_start(_HYPHEN_OR_SPACE.sub("-", pattern)).lower()
    return Form(
        simplified(literal.lower()),
        target,
        gate,
        first=literal[0],
        expression=expression,
        capitals=capitals,
        start=simplified(start),
    )


def literal_start(pattern: str) -> str:
    """The characters every match of a regular expression begins with, as far as they are plain to see."""
    literal = ""
    place = 0
    while place < len(pattern):
        char = pattern[place]
        width = 1
        if char == "\\" and place + 1 < len(pattern) and not pattern[place + 1].isalnum():
            char, width = pattern[place + 1], 2
        elif char in _META:
            return "" if char == "|" else literal
        following = pattern[place + width : place + width + 1]
        if following in _OPTIONAL and following:
            return literal
        literal += char
        place += width
    return literal
