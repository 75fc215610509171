r"""Word patterns: how a rule says which words, in which order, make a sentence worth tagging.

A pattern is a row of elements set apart by spaces:

    {group}       any word of a vocabulary group; {group:past} only that form (base, s, past, ing);
                  {one|other} a word of either group
    :             a colon right behind the word before it, or behind the number of its version
    <slot>        an entity: <actor> (organisation, person or government), <organisation>, <person>,
                  <government>, <artefact>, <licence>
    word          the word itself; `_` stands for a space within it (prompt_injection)
    a|b           either of two, each a word, a {group} or a <slot>
    ..            at most three or four words, no comma
    ...           any words of the same sentence up to the next semicolon, at most a line and a half
    ~             the words of one noun phrase: nothing that starts another thought ("to", "than", "which" …)
    #             the phrase ends here: a mark, the end, or a word like "and" or "under" follows
    x?            the element may be missing
    !x            the verb whose tense and negation count; without it the first verb group is taken

A pattern is compiled to a regular expression over the *masked* sentence (entities are runs of one
private character, see `masking`) and to the set of groups that must all be present.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from extractors.errors import RuleFileError
from extractors.openness.compiled import compiled
from extractors.openness.vocabulary import FORMS, Group, Vocabulary

ORGANISATION, PERSON, GOVERNMENT, ARTEFACT, LICENCE = "\ue001", "\ue002", "\ue003", "\ue004", "\ue005"
SLOTS = {
    "actor": f"[{ORGANISATION}{PERSON}{GOVERNMENT}]",
    "organisation": ORGANISATION,
    "person": PERSON,
    "government": GOVERNMENT,
    "artefact": ARTEFACT,
    "licence": LICENCE,
}
_AFTER_PHRASE = "and|but|so|under|on|with|for|which|while|or|to|as|at|via|from|after|by|this|next|in|—|–|-"
_END = rf"""(?=["')]*(?:[.,;:!?—–(]|\s*$|\s+(?:{_AFTER_PHRASE})(?:\s|$)))"""
# A colon behind a name, or behind the number of its version ("Gondor 3:").
_COLON = r"(?: v?\d[\w.]*)?:"
# A name of up to five words, where nobody has looked for names yet.
_ANY_NAME = r"\S+(?: \S+){0,4}?"
LISTED = {"licence": 1500, "government": 5000}
"""Kinds of entity whose names are all listed, so that one can be asked for before anybody looks for entities;
with their occurrences in a million words, roughly."""
_IN_EVERY_SENTENCE = frozenset(
    ("a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "that", "the", "to", "with")
)
_NEVER = (
    *(
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "for",
        "from",
        "he",
        "her",
        "his",
        "in",
        "is",
        "its",
        "my",
        "of",
    ),
    *("on", "or", "our", "she", "that", "their", "this", "to", "was", "we", "were", "with", "your"),
)
NEVER_FIRST = (*_NEVER, "by", "it", "not", "they", "which", r"the(?! (?:pile|stack|u|eu))")
"""Words no name begins with, as regular expressions."""
NEVER_LAST = (*_NEVER, "the")
"""Words no name ends with."""
_EVERYWHERE = 8000
"""Occurrences in a million words from which on it is not worth asking whether one of a group's words is there."""
_GAPS = ("...", "..", "~")
_MARKS_BETWEEN = 8
"""Quotes, brackets, commas and a space between two words: more than anybody writes."""
_LENGTHS = {"..": 30 + _MARKS_BETWEEN, "...": 112 + _MARKS_BETWEEN, "~": math.inf}
"""The most characters of each gap, as `_gap` has them."""
_GROUP = re.compile(r"^\{([a-z_|]+)(?::([a-z]+))?\}$")
_SLOT = re.compile(r"^<([a-z]+)>$")
_BAR = re.compile(r"\|(?![^{]*\})")
_NEGATIVE = frozenset(("{not}", "{not_open}", "no", "without", "never", "no|without"))
# What may stand between two neighbouring words besides a space.
_NEXT = r"""["'),]*\s+["'(]*"""
_NEXT_UNSPACED = r"""["'“”「」『』《》（）(),，、]*\s*["'“”「」『』《》（）(]*"""
# Korean syllables that make a word its opposite: 비공개, 미공개, 무제한.
_UNDENIED = "(?<![비미무])"


class Needed(NamedTuple):
    """Words of which one must stand in a sentence."""

    words: tuple[str, ...]
    slot: str = ""
    """The kind of entity, out of `LISTED`, that may stand there instead; empty: none."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern of a rule, compiled."""

    source: str
    """As written in the rule file."""
    strict_form: str
    loose_form: str
    has_slots: bool
    """Whether it asks for entities, so that it can match a masked sentence only."""
    needs: dict[str, Needed]
    """What must stand in the sentence, by name."""
    row: tuple[str, ...]
    """Those of the names whose words must follow each other in this order."""
    strides: tuple[float, ...]
    """For each of the row but the first, the most characters from the start of the word before to its own, as far as
    words are one space apart; infinite where a name or any number of words may stand between."""
    opening: str
    """The name with whose words `loose` begins; empty when it may begin anywhere."""
    opens: bool
    """Whether the whole pattern begins with those words."""
    anchor: str
    """The rarest of the names: sentences without a word of it are never looked at."""
    negative: bool
    """Whether the words themselves hold the negation ("will not release")."""

    @property
    def regex(self) -> re.Pattern[str]:
        """Over the folded, masked sentence; the group `head`, where there is one, is the deciding verb."""
        return compiled(self.strict_form)

    @property
    def loose(self) -> re.Pattern[str]:
        """The same over the unmasked sentence, with any words in the place of an entity."""
        return compiled(self.loose_form)


def compile_pattern(source: str, vocabulary: Vocabulary, where: str, *, anchored: bool = True) -> Pattern:
    """Compile one pattern; `where` (file and key) begins every error.

    `anchored` False: it only confirms or excludes on a sentence already chosen, so no word is required.
    """
    elements = [_parsed(element, source, vocabulary, where) for element in source.split()]
    if not elements:
        raise RuleFileError(f"{where}: an empty pattern")
    has_head = any(element.head for element in elements)
    rows: list[tuple[str, _Element]] = []
    pending = ""
    for element in elements:
        if element.gap is not None:
            if pending or not rows:
                raise RuleFileError(f"{where}: {source!r}: a gap stands between two words")
            pending = _gap(element.gap, vocabulary)
            continue
        rows.append((pending or ("" if not rows or element.glued else _between(vocabulary)), element))
        pending = ""
    if pending:
        raise RuleFileError(f"{where}: {source!r}: a gap stands between two words")
    needs = _needs(elements)
    if anchored and not needs:
        raise RuleFileError(f"{where}: {source!r} has no word that must be there")
    weight = {name: weigh(needed, vocabulary) for name, needed in needs.items()}
    anchor = min(weight, key=lambda name: weight[name], default="")
    named = [element.needed for _, element in rows if not element.optional and element.needed in needs]
    opening = _opening([name for name in named if _can_open(needs[name])], needs)
    needs = {name: needs[name] for name in needs if name in (anchor, opening) or weight[name] < _EVERYWHERE}
    row, strides = _row(rows, needs, vocabulary)
    head = next((element for element in elements if element.head or (not has_head and element.verb)), None)
    return Pattern(
        source=source,
        strict_form="".join(_part(glue, element, element is head) for glue, element in rows),
        loose_form=_loose(rows, opening, head, vocabulary.bounded),
        has_slots=any(element.slots for element in elements),
        needs=needs,
        row=row,
        strides=strides,
        opening=opening,
        opens=bool(opening) and rows[0][1].name == opening and not rows[0][1].optional,
        anchor=anchor,
        negative=any(element in _NEGATIVE for element in source.split()),
    )


def _row(
    rows: Iterable[tuple[str, _Element]], needs: Container[str], vocabulary: Vocabulary
) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """The names that follow each other, and how far apart they may be (see `Pattern.strides`)."""
    reach = {_gap(kind, vocabulary): length for kind, length in _LENGTHS.items()}
    row: list[str] = []
    strides: list[float] = []
    stride = 0.0
    for glue, element in rows:
        stride += reach.get(glue, _MARKS_BETWEEN)
        # Two places in a row for the same words are asked for once.
        if not element.optional and element.needed in needs and element.needed not in row[-1:]:
            row.append(element.needed)
            strides.append(stride)
            stride = 0.0
        stride += math.inf if element.slots else max(map(len, element.words), default=0)
    return tuple(row), tuple(strides[1:])


def _part(glue: str, element: _Element, head: bool = False) -> str:
    body = f"(?P<head>{element.regex})" if head else element.regex
    return f"(?:{glue}{body})?" if element.optional else glue + body


def _loose(rows: list[tuple[str, _Element]], opening: str, head: _Element | None, bounded: bool) -> str:
    """The pattern from its opening on, with any few words in the place of entities.

    Of an entity right before or behind that, only this much is asked: that no word stands there which is never part
    of a name.
    """
    fixed = [index for index, (_, element) in enumerate(rows) if not element.slots]
    if not fixed:
        return ""
    first = fixed[0]
    if opening:
        first = next(index for index, (_, element) in enumerate(rows) if element.name == opening)
    last = fixed[-1]
    parts = []
    for index in range(first, last + 1):
        glue, element = rows[index]
        body = f"(?:{_ANY_NAME}|{element.regex})" if element.slots else element.regex
        if element is head:
            body = f"(?P<head>{body})"
        glue = "" if index == first else glue
        parts.append(f"(?:{glue}{body})?" if element.optional else glue + body)
    if bounded and first and rows[first][0] == _NEXT and rows[first - 1][1].is_name:
        parts.insert(0, r"(?<=[\s\"'(])" + "".join(rf"(?<!\s{word} )" for word in NEVER_LAST))
    behind = rows[last + 1] if last + 1 < len(rows) and not rows[last][1].optional else None
    if bounded and behind is not None and behind[0] == _NEXT and behind[1].is_name:
        parts.append(rf"(?={_NEXT}(?!(?:{'|'.join(NEVER_FIRST)})\s))")
    return "".join(parts)


def _opening(names: list[str], needs: dict[str, Needed]) -> str:
    """The first of the words in a row, unless one is in every sentence and another follows; empty: there is none."""
    telling = (name for name in names if _IN_EVERY_SENTENCE.isdisjoint(needs[name].words))
    return next(telling, names[0] if names else "")


def _can_open(needed: Needed) -> bool:
    """Whether a pattern can be tried just where such a word is found: it begins with a letter or a quote."""
    return not needed.slot and all(word[0].isalnum() or word[0] == "'" for word in needed.words)


@cache
def _is_written(word: str) -> bool:
    """Whether a word has letters or digits, and is no mere mark."""
    return any(char.isalnum() for char in word)


def _needs(elements: list[_Element]) -> dict[str, Needed]:
    """What must be present: words of each element that is no mere mark, or a listed entity."""
    needs: dict[str, Needed] = {}
    for element in elements:
        if element.needed and not element.optional and all(map(_is_written, element.words)):
            needs[element.needed] = Needed(element.words, element.only_slot)
    return needs


def weigh(needed: Needed, vocabulary: Vocabulary) -> float:
    """How often one of the words or entities is met, in a million words, roughly."""
    return LISTED.get(needed.slot, 0) + sum(_frequency(word, vocabulary) for word in needed.words)


def _frequency(words: str, vocabulary: Vocabulary) -> float:
    """How often a phrase is met, in a million words, roughly; the anchor of a pattern should be rare."""
    counts = [vocabulary.frequencies.get(word, 20) for word in words.replace("-", " ").split()]
    return min(counts) / float(4 ** (len(counts) - 1))


@dataclass(frozen=True, slots=True)
class _Element:
    regex: str = ""
    name: str = ""
    words: tuple[str, ...] = ()
    gap: str | None = None
    optional: bool = False
    head: bool = False
    verb: bool = False
    glued: bool = False
    slots: bool = False
    only_slot: str = ""
    """The kind of entity it asks for, when it is one."""
    source: str = ""

    @property
    def is_name(self) -> bool:
        """Whether nothing but an entity can stand there."""
        return self.slots and not self.words and not self.optional

    @property
    def needed(self) -> str:
        """The name under which its words, or the beginning of a listed entity, can be asked for; empty: they cannot."""
        return self.source if self.only_slot in LISTED else self.name


def _parsed(element: str, source: str, vocabulary: Vocabulary, where: str) -> _Element:
    if element in _GAPS:
        return _Element(gap=element)
    if element == ":":
        return _Element(regex=_COLON, glued=True)
    if element == "#":
        return _Element(regex=_END, glued=True)
    head, optional = element.startswith("!"), element.endswith("?")
    body = element.removeprefix("!").removesuffix("?")
    words: dict[str, None] = {}
    slots: dict[str, None] = {}
    verb = False
    for part in _BAR.split(body):
        if found := _GROUP.match(part):
            for name in found[1].split("|"):
                group = _group(name, source, vocabulary, where)
                words.update(dict.fromkeys(_of_form(group, found[2], source, where)))
                slots.update(dict.fromkeys(group.slots))
                verb = verb or group.is_verb
        elif found := _SLOT.match(part):
            slots[found[1]] = None
        elif part and not set(part) & set("{}<>"):
            words[part.lower().replace("_", " ")] = None
        else:
            raise RuleFileError(
                f"{where}: {source!r}: cannot read {element!r}; use words, {{group}}, <slot>, .., ..., ~"
            )
    for slot in slots:
        if slot not in SLOTS:
            raise RuleFileError(f"{where}: {source!r}: unknown slot <{slot}>; use one of {', '.join(SLOTS)}")
    # Without spaces between words a slot begins where a name begins: one name fills no two slots.
    entities = [
        f"{SLOTS[slot]}+" if vocabulary.bounded else f"(?<!{SLOTS[slot]}){SLOTS[slot]}+" for slot in slots
    ]
    plain = [_alternatives(tuple(words), vocabulary.bounded, vocabulary.spaced)] if words else []
    return _Element(
        regex=f"(?:{'|'.join(plain + entities)})",
        name="" if slots else body,
        words=tuple(words),
        optional=optional,
        head=head,
        verb=verb,
        glued=body.startswith("'"),
        slots=bool(slots),
        only_slot=next(iter(slots)) if len(slots) == 1 else "",
        source=body,
    )


def _group(name: str, source: str, vocabulary: Vocabulary, where: str) -> Group:
    group = vocabulary.groups.get(name)
    if group is None:
        raise RuleFileError(f"{where}: {source!r}: the vocabulary has no group {name!r}")
    return group


def _of_form(group: Group, form: str | None, source: str, where: str) -> tuple[str, ...]:
    if form is None:
        return group.words
    if form not in FORMS:
        raise RuleFileError(f"{where}: {source!r}: unknown form {form!r}; use one of {', '.join(FORMS)}")
    words = tuple(word for word in group.words if group.forms.get(word) in (form, "any"))
    if not words:
        raise RuleFileError(f"{where}: {source!r}: group {group.name!r} has no verbs to inflect")
    return words


@cache
def _alternatives(words: tuple[str, ...], bounded: bool, spaced: bool) -> str:
    body = "|".join(_escaped(word) for word in sorted(words, key=len, reverse=True))
    if not bounded:
        return f"{_UNDENIED}(?:{body})" if spaced else f"(?:{body})"
    # No word begins behind the apostrophe of another: "we're licensing" is no "re-licensing".
    left = r"(?<![\w-])(?<!\w')" if words[0][0].isalnum() else ""
    return rf"{left}(?:{body})(?!\w)"


def _escaped(word: str) -> str:
    return re.escape(word).replace(r"\-", "[- ]?").replace(r"\ ", r"\s+")


def spellings(word: str) -> tuple[str, ...]:
    """The strings a literal search must look for: a hyphen may also be a space or nothing."""
    if "-" not in word:
        return (word,)
    return (word, word.replace("-", " "), word.replace("-", ""))


def _between(vocabulary: Vocabulary) -> str:
    return _NEXT if vocabulary.bounded else _NEXT_UNSPACED


def _gap(kind: str, vocabulary: Vocabulary) -> str:
    breakers = vocabulary.groups.get("breakers")
    return _gap_form(kind, vocabulary.bounded, breakers.words if breakers else ())


@cache
def _gap_form(kind: str, bounded: bool, breakers: tuple[str, ...]) -> str:
    if not bounded:
        return {
            "..": r"[^。！？!?;；\n，,]{0,8}?",
            "~": r"[^。！？!?;；\n]{0,16}?",
            "...": r"[^。！？!?;；\n]{0,60}?",
        }[kind]
    if kind == "..":
        return r"""(?:["']*\s(?:[^;!?,:]{0,28}?[\s("'])?)"""
    if kind == "...":
        return r"""(?:["'),:]*\s(?:[^;!?]{0,110}?[\s("'])?)"""
    stop = rf"(?!(?:{'|'.join(map(re.escape, breakers))})\b)" if breakers else ""
    return rf"""["'),]*\s+["'(]*(?:{stop}[^\s;:!?]+\s+){{0,10}}?["'(]*"""
