"""The word lists of names.yaml."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from extractors.openness.catalogue import read_catalogue, texts
from extractors.openness.kept import kept

FILE = "names.yaml"


class Words(NamedTuple):
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
    acts: frozenset[str]
    offices_after: frozenset[str]
    possessions: frozenset[str]
    governing: frozenset[str]


@cache
def words() -> Words:
    return kept("names", _read)


def _read() -> Words:
    content = read_catalogue(FILE, Words._fields)
    return Words(*(frozenset(texts(content, field, FILE)) for field in Words._fields))
