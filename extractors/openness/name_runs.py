"""Rows of capitalised words, cut into runs that may be a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extractors.openness import name_shapes as shapes
from extractors.openness.name_particles import CJK
from extractors.openness.name_words import words

_SMALL_START = 2
"""Small letters that may stand before a name's first capital (xAI)."""
_DESCRIBING = (
    *(
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
    ),
)


class Run(NamedTuple):
    """Capitalised words in a row that may be a name."""

    start: int
    end: int
    words: tuple[str, ...]


def find_runs(text: str) -> Iterator[Run]:
    """Every run of a sentence, by its place; known names must be blanked out."""
    for row in shapes.ROW.finditer(text):
        yield from _cut(text, row)


def _cut(text: str, row: re.Match[str]) -> Iterator[Run]:
    """The row cut at words that are no part of a name, and behind an organisation's last word."""
    place = _true_start(text, row.start())
    before = text[place - 1] if place else " "
    if before in "@#/_-" or (before.isalnum() and not CJK.match(before)):
        return
    in_row = text[place : row.end()].split(" ")
    name: list[str] = []
    start = place
    for index, word in enumerate(in_row):
        low = word.lower()
        if name and low in words().organisation_ends:
            yield Run(start, place + len(word), (*name, word))
            name = []
        elif _breaks(low) and not (name and _is_variant(word, name[-1], in_row[index + 1 : index + 2])):
            if name:
                yield Run(start, place - 1, tuple(name))
            name = []
        elif name or not word[0].isdigit():
            start = start if name else place
            name.append(word)
        place += len(word) + 1
    if name:
        yield Run(start, place - 1, tuple(name))


def _true_start(text: str, start: int) -> int:
    """Where a word with its first capital at `start` begins: up to two small letters before (xAI)."""
    first = max(0, start - _SMALL_START)
    while start > first and text[start - 1].islower():
        start -= 1
    return start


def _breaks(low: str) -> bool:
    return low in words().breaks or low.startswith("ai-") or low.endswith(_DESCRIBING)


def _is_variant(word: str, before: str, after: Sequence[str]) -> bool:
    """Whether an ordinary word is the variant of a model: "Zephyr 3 Mini", "Zephyr Large 2"."""
    if shapes.VARIANT_WORD.fullmatch(word) is None:
        return False
    return any(char.isdigit() for char in before) or bool(after and after[0][0].isdigit())
