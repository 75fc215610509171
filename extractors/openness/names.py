"""Names that nobody has listed, told from their shape and from the words around them.

Conservative on purpose: a capitalised word alone is no name. It becomes an organisation before a verb of releasing
("Arnor Labs releases …"), after a word for one ("the startup Kestrel", "researchers at …") or by its last word
(… Labs, … AI, … University); an artefact by a size or version ("Gondor-7B", "Zephyr 3 Mini"), by a word for one
("the Lumen model") or as what is released; a person by an office ("Jane Roe, chief executive of Arnor Labs").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

from extractors.openness import name_shapes as shapes
from extractors.openness.artefacts import ArtefactKind
from extractors.openness.catalogue import read_catalogue, texts
from extractors.openness.name_particles import CJK, told_by

FILE = "names.yaml"
NameType = Literal["organisation", "person", "artefact"]

_LONGEST = 5
"""Words; a longer row of capitals is a headline, no name."""
_LONGEST_UNSHAPED = 3
"""Words of a name that only the words around it tell."""
_SHORTEST = 3
"""Letters, unless all are capitals."""
_SMALL_START = 2
"""Small letters that may stand before a name's first capital (xAI)."""
_BACK = 70
"""Characters before a name that may say what it is."""
_AHEAD = 50
"""Characters behind a name in which its verb begins."""
_DIGIT = re.compile(r"\d")
_STEM = re.compile(r"[-\d.]")
_DESCRIBING = (
    "-based",
    "-backed",
    "-owned",
    "-style",
    "-powered",
    "-headquartered",
    "-funded",
    "-led",
    "-made",
    "-era",
)
_OFFICE_NEAR = 80
"""Characters between an organisation and the person who holds an office of it."""
_KIND_OF_NOUN: tuple[tuple[str, ArtefactKind], ...] = (
    *(
        ("data", "dataset"),
        ("corpus", "dataset"),
        ("protocol", "spec"),
        ("standard", "spec"),
        ("specification", "spec"),
    ),
    *(
        ("framework", "tool"),
        ("toolkit", "tool"),
        ("librar", "tool"),
        ("agent", "tool"),
        ("tool", "tool"),
        ("sdk", "tool"),
    ),
    *(("cli", "tool"), ("codebase", "tool"), ("repo", "tool"), ("engine", "tool"), ("runtime", "tool")),
)


class KnownSpan(NamedTuple):
    """A name that is known already."""

    start: int
    end: int
    organisation: str | None
    """Canonical name when it is an organisation or government."""


class InferredName(NamedTuple):
    """A name inferred, at its place in the text."""

    start: int
    end: int
    type: NameType
    name: str
    owner: str | None = None
    """The organisation whose artefact it is or for whom a person speaks. None: the words beside it do not tell."""
    kind: ArtefactKind | None = None


class _Run(NamedTuple):
    """Capitalised words in a row that may be a name."""

    start: int
    end: int
    words: tuple[str, ...]


class _Words(NamedTuple):
    """The word lists of names.yaml, where each is explained."""

    breaks: frozenset[str]
    not_models: frozenset[str]
    organisation_ends: frozenset[str]
    institutions: frozenset[str]
    organisation_nouns: frozenset[str]
    function_words: frozenset[str]
    before_acts: frozenset[str]
    clause_starts: frozenset[str]
    passive_starts: frozenset[str]
    oblique: frozenset[str]
    explains: frozenset[str]
    called: frozenset[str]
    artefact_nouns: frozenset[str]
    determiners: frozenset[str]
    releasing: frozenset[str]
    between: frozenset[str]


@cache
def _words() -> _Words:
    content = read_catalogue(FILE, _Words._fields)
    return _Words(*(frozenset(texts(content, field, FILE)) for field in _Words._fields))


def family_of(name: str) -> str:
    """The family id made from a new artefact's name: without size and training stage (`gondor` of `Gondor-7B-Instruct`)."""
    return "-".join(shapes.STEM_END.sub("", name).lower().split())


def infer_names(folded: str, cased: str, known: Sequence[KnownSpan]) -> list[InferredName]:
    """The new names of a sentence outside the `known` ones, by their place.

    `cased` is the text with its capitals, `folded` the same in small letters; of the same length.
    """
    free = cased
    for span in known:
        free = free[: span.start] + "\n" * (span.end - span.start) + free[span.end :]
    names: list[InferredName] = []
    unjudged: list[_Run] = []
    past = 0
    for row in shapes.ROW.finditer(free):
        for run in _runs(free, row):
            if run.start < past:
                continue
            name = _judged(run, folded, cased)
            if name is None:
                unjudged.append(run)
            else:
                names.append(name)
                past = name.end
    if "-" in free:
        names.extend(_in_small_letters(free))
    if not names:
        return [*_people(unjudged, _organisations(names, known), folded, cased)] if unjudged and known else []
    names.extend(_possessors(unjudged, names, folded, cased))
    names = [_owned(name, names, known, folded) for name in names]
    names.extend(_people(unjudged, _organisations(names, known), folded, cased))
    return sorted(names, key=lambda name: name.start)


def _organisations(names: Sequence[InferredName], known: Sequence[KnownSpan]) -> dict[int, tuple[int, str]]:
    """Start → end and name of every organisation, known or inferred."""
    found = {span.start: (span.end, span.organisation) for span in known if span.organisation}
    found.update({name.start: (name.end, name.name) for name in names if name.type == "organisation"})
    return found


def _runs(text: str, row: re.Match[str]) -> Iterator[_Run]:
    """The row cut at words that are no part of a name, and behind an organisation's last word."""
    place = row.start()
    small = 0
    while place and text[place - 1].islower() and small < _SMALL_START:
        place -= 1
        small += 1
    before = text[place - 1] if place else " "
    if before in "@#/_-" or (before.isalnum() and not CJK.match(before)):
        return
    row_words = text[place : row.end()].split(" ")
    words: list[str] = []
    start = place
    for index, word in enumerate(row_words):
        low = word.lower()
        if words and low in _words().organisation_ends:
            yield _Run(start, place + len(word), (*words, word))
            words = []
        elif _breaks(low) and not (words and _is_variant(word, words[-1], row_words[index + 1 : index + 2])):
            if words:
                yield _Run(start, place - 1, tuple(words))
            words = []
        elif words or not word[0].isdigit():
            start = start if words else place
            words.append(word)
        place += len(word) + 1
    if words:
        yield _Run(start, place - 1, tuple(words))


def _breaks(low: str) -> bool:
    return low in _words().breaks or low.startswith("ai-") or low.endswith(_DESCRIBING)


def _is_variant(word: str, before: str, after: Sequence[str]) -> bool:
    """Whether an ordinary word is the variant of a model: "Zephyr 3 Mini", "Zephyr Large 2"."""
    if shapes.VARIANT_WORD.fullmatch(word) is None:
        return False
    return any(char.isdigit() for char in before) or bool(after and after[0][0].isdigit())


def _judged(run: _Run, folded: str, cased: str) -> InferredName | None:
    """What a run of capitalised words names; None when nothing says so."""
    name = cased[run.start : run.end]
    if len(run.words) > _LONGEST or (len(name) < _SHORTEST and not name.isupper()):
        return None
    numbered = _DIGIT.search(name) is not None
    if numbered and _STEM.split(run.words[0].lower(), maxsplit=1)[0] in _words().not_models:
        return None
    left = _Left.of(folded, run.start)
    if (numbered or "-" in name) and _numbered_like_a_model(run, left, folded):
        return InferredName(run.start, run.end, "artefact", name, kind=_kind(left, folded, run.end))
    if run.words[-1].lower() in _words().institutions and (of_name := shapes.OF_NAME.match(cased, run.end)):
        return InferredName(run.start, of_name.end(), "organisation", name + of_name.group())
    following = _following(folded, run.end)
    ended = len(run.words) > 1 and run.words[-1].lower() in _words().organisation_ends
    if ended and (not following.isalpha() or following in _words().function_words or _acts(folded, run.end)):
        return InferredName(run.start, run.end, "organisation", name)
    if name.endswith(shapes.ORGANISATION_WORD_ENDS) and shapes.ORGANISATION_WORD.fullmatch(name):
        return InferredName(run.start, run.end, "organisation", name)
    if len(run.words) > _LONGEST_UNSHAPED:
        return None
    if CJK.match(folded, run.end) or (run.start and CJK.match(folded, run.start - 1)):
        told = told_by(folded, run.start, run.end)
        return (
            InferredName(run.start, run.end, told, name, kind="model" if told == "artefact" else None)
            if told
            else None
        )
    if left.calls() or (
        following in _words().passive_starts
        and left.word not in _words().oblique
        and shapes.PASSIVE.match(folded, run.end)
    ):
        return InferredName(run.start, run.end, "artefact", name, kind=_kind(left, folded, run.end))
    explained = following in _words().explains
    if (
        left.employs()
        or (explained and shapes.IS_ORGANISATION.match(folded, run.end))
        or (following and left.begins_clause() and not _is_common(run, left) and _acts(folded, run.end))
    ):
        return InferredName(run.start, run.end, "organisation", name)
    if (
        left.releases()
        or (left.word in _words().determiners and shapes.NOUN_AFTER.match(folded, run.end))
        or (explained and shapes.IS_ARTEFACT.match(folded, run.end))
    ):
        return InferredName(run.start, run.end, "artefact", name, kind=_kind(left, folded, run.end))
    return None


def _is_common(run: _Run, left: _Left) -> bool:
    """Whether a run looks like ordinary words or a person rather than an organisation."""
    if left.word == "and":
        return len(run.words) > 1
    return len(run.words) == 1 and not left.word and run.words[0].endswith(("ing", "ly"))


def _acts(folded: str, end: int) -> bool:
    """Whether a verb of releasing or withholding follows a name."""
    for word in folded[end + 1 : end + _AHEAD].split(" "):
        if word not in _words().before_acts:
            return shapes.ACTS.fullmatch(word.rstrip(",.:;")) is not None
    return False


def _following(folded: str, end: int) -> str:
    """The word after a name, or the comma or bracket; empty at the end and before other punctuation."""
    if folded[end : end + 1] == ",":
        return ","
    if folded[end : end + 1] != " ":
        return ""
    if folded[end + 1 : end + 2] == "(":
        return "("
    stop = folded.find(" ", end + 1)
    return folded[end + 1 : stop if stop > 0 else len(folded)]


def _numbered_like_a_model(run: _Run, left: _Left, folded: str) -> bool:
    for index, word in enumerate(run.words):
        if shapes.MODEL_WORD.fullmatch(word) or (index and shapes.SIZE_WORD.fullmatch(word)):
            return True
        if index and shapes.VERSION_WORD.fullmatch(word):
            variant = run.words[index + 1 : index + 2]
            return bool(
                (variant and shapes.VARIANT_WORD.fullmatch(variant[0]))
                or left.calls()
                or left.releases()
                or shapes.NOUN_AFTER.match(folded, run.end)
                or shapes.PASSIVE.match(folded, run.end)
                or shapes.IS_ARTEFACT.match(folded, run.end)
            )
    return False


def _in_small_letters(free: str) -> Iterator[InferredName]:
    for end in shapes.LOWER_MODEL_END.finditer(free):
        start = shapes.LOWER_MODEL_START.search(free, max(0, end.start() - _BACK), end.start())
        if start:
            name = free[start.start() : end.end()]
            yield InferredName(start.start(), end.end(), "artefact", name, kind="model")


def _kind(left: _Left, folded: str, end: int) -> ArtefactKind:
    """What kind of artefact the nouns beside a name make it; a model when they do not tell."""
    after = shapes.NOUN_AFTER.match(folded, end) or shapes.IS_ARTEFACT.match(folded, end)
    noun = after.group("noun") if after else left.noun()
    return next((kind for start, kind in _KIND_OF_NOUN if noun.startswith(start)), "model")


class _Left(NamedTuple):
    """What stands before a run, and what it says about it. The last word decides first: it is quick to look up."""

    folded: str
    start: int
    word: str
    """The last word before, without quotes; empty at the beginning and behind punctuation."""

    @classmethod
    def of(cls, folded: str, start: int) -> _Left:
        place = start
        while place and (folded[place - 1] in ' "“‘(' or folded[max(0, place - 2) : place] == " '"):
            place -= 1
        return cls(folded, start, folded[folded.rfind(" ", 0, place) + 1 : place])

    def _text(self) -> str:
        return self.folded[max(0, self.start - _BACK) : self.start]

    def calls(self) -> bool:
        """Whether it says that an artefact's name comes."""
        word = self.word.rstrip(",")
        if word in _words().artefact_nouns or (word in _words().called and self.noun()):
            return True
        return (
            word in ("of", "for", "its", "the") and shapes.WEIGHTS_OF_BEFORE.search(self._text()) is not None
        )

    def employs(self) -> bool:
        """Whether it says that an organisation's name comes."""
        word = self.word.rstrip(",")
        if word in _words().organisation_nouns or word.endswith("-based"):
            return True
        if word in _words().called:
            called = shapes.CALLED_BEFORE.search(self._text())
            return called is not None and called.group("organisation") is not None
        if word not in ("at", "from", "of", "for", "the", "by"):
            return False
        text = self._text()
        return bool(shapes.PEOPLE_AT_BEFORE.search(text) or shapes.OFFICE_OF_BEFORE.search(text))

    def releases(self) -> bool:
        """Whether it says that something is released or withdrawn."""
        if self.word not in _words().releasing and self.word not in _words().between:
            return False
        for word in reversed(self._text().split()):
            plain = word.strip("\"'“‘")
            if plain in _words().releasing:
                return True
            if plain not in _words().between:
                return False
        return False

    def begins_clause(self) -> bool:
        """Whether a subject may stand here."""
        word = self.word
        return (
            not word or word[-1] in ",;:—–|·-.!?" or word in _words().clause_starts or word.endswith("-based")
        )

    def noun(self) -> str:
        """The noun that says what kind of artefact it is; empty when there is none."""
        if self.word.rstrip(",") in _words().artefact_nouns:
            return self.word.rstrip(",")
        if self.word not in _words().called and self.word != "the":
            return ""
        found = shapes.CALLED_BEFORE.search(self._text())
        return (found.group("noun") or "") if found else ""


def _possessors(
    runs: Sequence[_Run], names: Sequence[InferredName], folded: str, cased: str
) -> list[InferredName]:
    """Runs that own an artefact: "Kestrel's Gondor-7B"."""
    artefacts = [name.start for name in names if name.type == "artefact"]
    return [
        InferredName(run.start, run.end, "organisation", cased[run.start : run.end])
        for run in runs
        if len(run.words) <= 3
        and any(
            run.end < start and shapes.POSSESSIVE.fullmatch(folded, run.end, start) for start in artefacts
        )
    ]


def _owned(
    name: InferredName, names: Sequence[InferredName], known: Sequence[KnownSpan], folded: str
) -> InferredName:
    """The artefact with its owner, when "X's" stands before it."""
    if name.type != "artefact":
        return name
    for start, end, owner in (
        *((span.start, span.end, span.organisation) for span in known if span.organisation),
        *((other.start, other.end, other.name) for other in names if other.type == "organisation"),
    ):
        if start < name.start and end < name.start and shapes.POSSESSIVE.fullmatch(folded, end, name.start):
            return InferredName(name.start, name.end, name.type, name.name, owner, name.kind)
    return name


def _people(
    runs: Sequence[_Run], organisations: Mapping[int, tuple[int, str]], folded: str, cased: str
) -> Iterator[InferredName]:
    """Runs that an office ties to an organisation: "Jane Roe, chief executive of X", "X chief executive Jane Roe"."""
    for run in runs:
        if not 2 <= len(run.words) <= 4:
            continue
        name = cased[run.start : run.end]
        after = shapes.OFFICE_OF.match(folded, run.end)
        owner = organisations[after.end()][1] if after and after.end() in organisations else None
        if owner is None:
            for end, organisation in organisations.values():
                if end < run.start < end + _OFFICE_NEAR and shapes.OFFICE_BETWEEN.fullmatch(
                    folded, end, run.start
                ):
                    owner = organisation
        if owner is not None:
            yield InferredName(run.start, run.end, "person", name, owner)
