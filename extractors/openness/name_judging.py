"""What a run of capitalised words names: by its shape first, then by the words around it."""

from __future__ import annotations

import re

from extractors.openness import name_shapes as shapes
from extractors.openness.artefacts import ArtefactKind
from extractors.openness.entity_signs import speaks_of_ai
from extractors.openness.name_contexts import Left, acts, following, possesses
from extractors.openness.name_particles import CJK, told_by
from extractors.openness.name_records import InferredName, NameType
from extractors.openness.name_runs import Run
from extractors.openness.name_words import words

_LONGEST = 5
"""Words; a longer row of capitals is a headline, no name."""
_LONGEST_UNSHAPED = 3
"""Words of a name that only the words around it tell."""
_SHORTEST = 3
"""Letters, unless all are capitals."""
_MAKING = frozenset(("make", "makes", "made", "making"))
_DIGIT = re.compile(r"\d")
_STEM = re.compile(r"[-\d.]")
_KIND_OF_NOUN: dict[str, ArtefactKind] = {
    "data": "dataset",
    "corpus": "dataset",
    "protocol": "spec",
    "standard": "spec",
    "specification": "spec",
    "framework": "tool",
    "toolkit": "tool",
    "librar": "tool",
    "agent": "tool",
    "tool": "tool",
    "sdk": "tool",
    "cli": "tool",
    "codebase": "tool",
    "repo": "tool",
    "engine": "tool",
    "runtime": "tool",
    "server": "tool",
    "software": "tool",
    "compiler": "tool",
    "simulator": "tool",
    "harness": "tool",
}
"""How a noun begins, and what it makes of a name beside it."""


def judge(run: Run, folded: str, cased: str) -> InferredName | None:
    """The name that a run is; None when nothing says so.

    `cased` is the sentence with its capitals, `folded` the same in small letters.
    """
    name = cased[run.start : run.end]
    if len(run.words) > _LONGEST or (len(name) < _SHORTEST and not (name.isupper() and name.isalnum())):
        return None
    if len(run.words) == 1 and shapes.VARIANT_WORD.fullmatch(name):
        return None
    numbered = _DIGIT.search(name) is not None
    if numbered and _STEM.split(run.words[0].lower(), maxsplit=1)[0] in words().not_models:
        return None
    left = Left.of(folded, run.start)
    if (numbered or "-" in name) and _numbered_like_a_model(run, left, folded):
        return _artefact(run, left, folded, name)
    whole = _shaped_like_an_organisation(run, folded, cased)
    if whole is not None:
        governing = run.words[-1].lower() in words().governing
        kind: NameType = "government" if governing else "organisation"
        return InferredName(run.start, run.start + len(whole), kind, whole)
    if len(run.words) > _LONGEST_UNSHAPED:
        return None
    return _by_context(run, left, folded, name)


def _by_context(run: Run, left: Left, folded: str, name: str) -> InferredName | None:
    if not folded.isascii() and (
        CJK.match(folded, run.end) or (run.start and CJK.match(folded, run.start - 1))
    ):
        told = told_by(folded, run.start, run.end)
        return InferredName(run.start, run.end, told, name, kind=_MODEL.get(told)) if told else None
    next_word = following(folded, run.end)
    if left.word in ("of", "by", "from") and (left.employs() or possesses(folded, run.end)):
        return InferredName(run.start, run.end, "organisation", name)
    if left.calls() or _undergoes(run, left, folded, next_word) or _is_made_open(run, left, folded):
        return _artefact(run, left, folded, name)
    versioned = len(run.words) > 1 and shapes.VERSION_WORD.fullmatch(run.words[-1]) is not None
    explained = next_word in words().explains
    if (
        left.employs()
        or (explained and shapes.IS_ORGANISATION.match(folded, run.end))
        or (next_word and not versioned and _is_subject(run, left, name) and acts(folded, run.end))
        or next_word.rstrip(",") in words().offices_after
        or (left.word not in words().determiners and possesses(folded, run.end))
    ):
        return InferredName(run.start, run.end, "organisation", name)
    if (
        left.releases()
        or (left.names_its_own() and shapes.NOUN_AFTER.match(folded, run.end))
        or (explained and shapes.IS_ARTEFACT.match(folded, run.end))
    ):
        return _artefact(run, left, folded, name)
    return None


_MODEL: dict[str, ArtefactKind] = {"artefact": "model"}


def _artefact(run: Run, left: Left, folded: str, name: str) -> InferredName:
    return InferredName(run.start, run.end, "artefact", name, kind=_kind(left, folded, run.end))


def _undergoes(run: Run, left: Left, folded: str, next_word: str) -> bool:
    """Whether something happens to it that happens to artefacts: "… is now open source"."""
    if next_word not in words().passive_starts or left.word in words().oblique:
        return False
    return shapes.PASSIVE.match(folded, run.end) is not None


def _is_made_open(run: Run, left: Left, folded: str) -> bool:
    """Whether it is what somebody makes public, or what weights are of: "makes Lark available", "Lark weights"."""
    if left.word in _MAKING:
        return shapes.MADE_OPEN.match(folded, run.end) is not None
    return shapes.WEIGHTS_AFTER.match(folded, run.end) is not None


def _is_subject(run: Run, left: Left, name: str) -> bool:
    """Whether an organisation may stand here as a subject and the run does not look like other words."""
    if left.word == "the":
        return name.isupper() and len(name) >= _SHORTEST
    if not left.begins_clause():
        return False
    if left.word == "and":
        return len(run.words) == 1
    return len(run.words) > 1 or bool(left.word) or not run.words[0].endswith(("ing", "ly"))


def _shaped_like_an_organisation(run: Run, folded: str, cased: str) -> str | None:
    """The name, when its last word ends an organisation's; with what follows in "University of …"."""
    name = cased[run.start : run.end]
    last = run.words[-1].lower()
    if last in words().institutions and (of_name := shapes.OF_NAME.match(cased, run.end)):
        return name + of_name.group()
    if len(run.words) > 1 and last in words().organisation_ends:
        next_word = following(folded, run.end)
        ends = not next_word.isalpha() or next_word in words().function_words or acts(folded, run.end)
        return name if ends else None
    one_word = name.endswith(shapes.ORGANISATION_WORD_ENDS) and shapes.ORGANISATION_WORD.fullmatch(name)
    return name if one_word else None


def _numbered_like_a_model(run: Run, left: Left, folded: str) -> bool:
    for index, word in enumerate(run.words):
        if shapes.MODEL_WORD.fullmatch(word):
            return shapes.NUMBERED_WORD.fullmatch(word) is None or _in_context(run, left, folded)
        if index and shapes.SIZE_WORD.fullmatch(word):
            return True
        if index and shapes.VERSION_WORD.fullmatch(word):
            variant = run.words[index + 1 : index + 2]
            varied = bool(variant and shapes.VARIANT_WORD.fullmatch(variant[0]))
            return varied or _in_context(run, left, folded) or ("." in word and speaks_of_ai(folded))
    return False


def _in_context(run: Run, left: Left, folded: str) -> bool:
    """Whether the words around a numbered name speak of an artefact."""
    return bool(
        left.calls()
        or left.releases()
        or shapes.NOUN_AFTER.match(folded, run.end)
        or shapes.PASSIVE.match(folded, run.end)
        or shapes.IS_ARTEFACT.match(folded, run.end)
    )


def _kind(left: Left, folded: str, end: int) -> ArtefactKind:
    """What kind of artefact the nouns beside a name make it; a model when they do not tell."""
    after = shapes.NOUN_AFTER.match(folded, end) or shapes.IS_ARTEFACT.match(folded, end)
    noun = after.group("noun") if after else left.noun()
    return next((kind for start, kind in _KIND_OF_NOUN.items() if noun.startswith(start)), "model")
