"""Whether a predicted shift and a labelled event are the same: by actor and direction."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from extractors.openness.entities import load_entities
from extractors.records import Mention

_SEPARATOR = re.compile(r"\s*;\s*|\s*,\s+(?=[A-Z])|\s+and\s+(?=[A-Z])")
_LEGAL = re.compile(r"[,.]?\s+(?:inc|corp|ltd|co|plc)\.?$")


def actor_names(actors: str) -> frozenset[str]:
    """The canonical names of one or several actors in one string ("NVIDIA; Meta")."""
    return frozenset(_canonical(name) for name in _SEPARATOR.split(actors) if name.strip())


def same_actor(one: str, other: str) -> bool:
    """Whether two strings share an actor, by the registry's names."""
    return bool(actor_names(one) & actor_names(other))


def matching_mention(event: Mapping[str, Any], mentions: Iterable[Mention]) -> Mention | None:
    """The mention with the event's actor and direction; of several the one that also has its kind and stage."""
    candidates = [
        m for m in mentions if m.direction == event["direction"] and same_actor(m.actor, event["actor"])
    ]
    return max(
        candidates,
        key=lambda mention: (mention.kind == event["kind"]) + (mention.stage == event["stage"]),
        default=None,
    )


def _canonical(name: str) -> str:
    plain = _LEGAL.sub("", unicodedata.normalize("NFKC", name).strip())
    found = next(
        (
            entity
            for entity in load_entities().find(plain)
            if entity.known
            and entity.type in ("organisation", "government")
            and entity.end - entity.start == len(plain)
        ),
        None,
    )
    return (found.name if found else plain).lower()
