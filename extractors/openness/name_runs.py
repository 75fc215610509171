"""Rows of capitalised words, cut into runs that may be a name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from extractors.openness import name_shapes as shapes
from extractors.openness.name_particles import CJK
from extractors.openness.name_words import words

_SMALL_START = 2
"""Small letters that may stand before a name's first capital (xAI)."""
_DESCRIBING = (
    *("-based", "-backed", "-owned", "-style", "-like", "-powered"),
    *("-headquartered", "-funded", "-led", "-made", "-era"),
)


class Run(NamedTuple):
    """Capitalised words in a row that may be a name."""

    start: int
    end: int
    words: tuple[str, ...]


def find_runs(text: str) -> list[Run]:
    """Every run of a sentence, by its place; known names must be blanked out."""
    runs: list[Run] = []
    breaks = words().breaks
    for row in shapes.ROW.finditer(text):
        start, end = row.span()
        if start and text[start - 1] not in " \n":
            start = _true_start(text, start)
            before = text[start - 1] if start else " "
            if before in "@#/_-" or (before.isalnum() and not CJK.match(before)):
                continue
        name = text[start:end]
        if " " in name:
            _cut(start, name.split(" "), runs)
        elif not _breaks(name.lower(), breaks):
            runs.append(Run(start, end, (name,)))
    return runs


def _cut(start: int, in_row: Sequence[str], runs: list[Run]) -> None:
    """Add the row's runs: cut at words that are no part of a name and behind an organisation's last word."""
    breaks, ends = words().breaks, words().organisation_ends
    place = start
    name: list[str] = []
    for index, word in enumerate(in_row):
        low = word.lower()
        if word == "&" and _joins(name, in_row[index + 1].lower(), breaks):
            name.append(word)
        elif name and low in ends:
            runs.append(Run(start, place + len(word), (*name, word)))
            name = []
        elif word == "&" or (
            _breaks(low, breaks) and not (name and _is_variant(word, name[-1], in_row[index + 1 : index + 2]))
        ):
            if name:
                runs.append(Run(start, place - 1, tuple(name)))
            name = []
        elif name or not word[0].isdigit():
            start = start if name else place
            name.append(word)
        place += len(word) + 1
    if name:
        runs.append(Run(start, place - 1, tuple(name)))


def _joins(name: Sequence[str], following: str, breaks: frozenset[str]) -> bool:
    """Whether an ampersand holds one name together ("Harrow & Pike") and does not list two models."""
    return (
        bool(name)
        and not _breaks(following, breaks)
        and not any(char.isdigit() for char in name[-1] + following)
    )


def _true_start(text: str, start: int) -> int:
    """Where a word with its first capital at `start` begins: up to two small letters before (xAI)."""
    first = max(0, start - _SMALL_START)
    while start > first and text[start - 1].islower():
        start -= 1
    return start


def _breaks(low: str, breaks: frozenset[str]) -> bool:
    return low in breaks or ("-" in low and (low.startswith("ai-") or low.endswith(_DESCRIBING)))


def _is_variant(word: str, before: str, after: Sequence[str]) -> bool:
    """Whether an ordinary word is the variant of a model: "Zephyr 3 Mini", "Zephyr Large 2"."""
    if shapes.VARIANT_WORD.fullmatch(word) is None:
        return False
    return any(char.isdigit() for char in before) or bool(after and after[0][0].isdigit())
