"""Names that an article tells by the words around them in title or lead count wherever else they stand bare.

"Kestrel Mobile, a Lisbon start-up, …" in the lead makes an organisation of the "Kestrel" of the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from extractors.openness.entities import Entity
from extractors.openness.name_words import words

_SHORT = 4
"""Letters, at least, of a name's first word that may stand for the whole."""

Familiar = Mapping[str, Entity]
"""By the words that call it: one of the places where a name was told."""


def familiar_names(told: Iterable[Entity], text: str) -> Familiar:
    """The unlisted names among those told in title and lead, also by their first word and any person's last.

    Whom the `text` also calls by the last word alone is a person, though he seemed to act as a company does.
    """
    names: dict[str, Entity] = {}
    short: dict[str, Entity] = {}
    for entity in told:
        if entity.known:
            # "Huang" is the Jensen Huang of another sentence.
            if entity.type == "person" and (surname := _alone(entity)) is not None:
                short.setdefault(surname, entity)
            continue
        if entity.type == "organisation" and _called_by_surname(entity.text, text):
            entity = replace(entity, type="person", owner=None)
        names.setdefault(entity.text, entity)
        alone = _alone(entity)
        if alone is not None:
            short.setdefault(alone, entity)
    # "Kestrel" is Kestrel Mobile, and "Roe" the Jane Roe of the lead, whatever their surroundings seemed to say.
    return names | short


def _called_by_surname(name: str, text: str) -> bool:
    first, _, last = name.partition(" ")
    if not last.isalpha() or not first.isalpha() or last.lower() in words().organisation_ends:
        return False
    return f"{last} " in text.replace(name, "") and _whole(first).search(text.replace(name, "")) is None


def _alone(entity: Entity) -> str | None:
    """The one word that stands for a longer name; None: the whole is needed."""
    parts = entity.text.split()
    if len(parts) < 2 or entity.type not in ("person", "organisation"):
        return None
    word = parts[-1] if entity.type == "person" else parts[0]
    first = word.lower()
    if len(word) < _SHORT or not word[0].isupper() or not word.isalpha():
        return None
    common = words().breaks | words().institutions | words().organisation_ends
    return None if first in common or (entity.type == "organisation" and len(parts) > 3) else word


def with_familiar(text: str, entities: Sequence[Entity], familiar: Familiar) -> list[Entity]:
    """The names of a sentence with those that another sentence told; a place keeps what was found there, but for
    a name that another sentence tells in full."""
    found = [
        _renamed(entity, familiar[entity.text])
        if not entity.known and entity.text in familiar and entity.type in ("person", "organisation")
        else entity
        for entity in entities
    ]
    for name, entity in familiar.items():
        if name not in text:
            continue
        for place in _whole(name).finditer(text):
            start, end = place.span()
            if not any(start < other.end and other.start < end for other in found):
                found.append(replace(entity, start=start, end=end, text=name))
    return sorted(found, key=lambda entity: entity.start)


def _renamed(entity: Entity, told: Entity) -> Entity:
    return replace(told, start=entity.start, end=entity.end, text=entity.text)


@lru_cache(maxsize=512)
def _whole(name: str) -> re.Pattern[str]:
    """A name that is no part of a longer one ("Reflection" of "Reflection Pool", "Tarn" of "Tarn-3")."""
    return re.compile(rf"(?<![\w@#/.-]){re.escape(name)}(?![\w@/]|[-.]\w| [A-Z0-9])")
