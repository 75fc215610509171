"""Where an artefact stands on the ladder of levels (0 unreleased … 8 open science), as far as words tell."""

from __future__ import annotations

import re

from extractors.openness.entities import Entity

_SCIENCE = re.compile(
    r"\b(?:training data|training logs|intermediate checkpoints|data recipes?|full training|dataset and "
    r"code)\b"
)
_TOOLING = re.compile(r"\b(?:training code|training recipes?|training scripts|recipes)\b")


def opened_level(folded: str, licence_level: int | None, artefact: Entity | None) -> int | None:
    """The rung after weights came out: that of the licence named (`licence_level`), else what is known of the artefact.

    None when neither tells: "open source" in a headline is no licence.
    """
    level = licence_level
    if level is None and artefact is not None and artefact.level is not None and artefact.level >= 4:
        level = artefact.level
    if level == 6 and re.search(r"\bweights\b|\bcode\b", folded):
        if _SCIENCE.search(folded):
            return 8
        if _TOOLING.search(folded):
            return 7
    return level
