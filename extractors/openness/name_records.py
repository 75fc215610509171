"""Names known and inferred, as the modules that infer names pass them on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from extractors.openness.artefacts import ArtefactKind

NameType = Literal["organisation", "government", "person", "artefact"]


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
    """The organisation whose artefact it is or for whom a person speaks. None: not told."""
    kind: ArtefactKind | None = None
    """Of an artefact; None otherwise."""


def blank(text: str, spans: Iterable[KnownSpan | InferredName]) -> str:
    """The text with line feeds in the place of names, at the same offsets: no name is found across them."""
    pieces = []
    past = 0
    for span in sorted(spans, key=lambda span: span.start):
        start = max(span.start, past)
        if span.end > start:
            pieces.append(text[past:start])
            pieces.append("\n" * (span.end - start))
            past = span.end
    return "".join((*pieces, text[past:])) if pieces else text
