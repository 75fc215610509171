"""The masked sentence: entities become runs of one private character each, at the same offsets.

So a rule can ask for `<licence>` instead of a hundred licence names, and a name with "open" in it
(OpenAI, OpenRouter) cannot be taken for a word about openness.
"""

from __future__ import annotations

from collections.abc import Iterable

from extractors.openness.entities import Entity
from extractors.openness.patterns import ARTEFACT, GOVERNMENT, LICENCE, ORGANISATION, PERSON

_MARKS = {
    "organisation": ORGANISATION,
    "person": PERSON,
    "government": GOVERNMENT,
    "artefact": ARTEFACT,
    "licence": LICENCE,
}


def mask(folded: str, entities: Iterable[Entity]) -> str:
    """The folded sentence with every entity overwritten; `entities` have offsets within it."""
    parts: list[str] = []
    end = 0
    for entity in entities:
        if entity.start < end:
            continue
        parts.append(folded[end : entity.start])
        parts.append(_MARKS[entity.type] * (entity.end - entity.start))
        end = entity.end
    parts.append(folded[end:])
    return "".join(parts)
