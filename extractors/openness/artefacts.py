"""What is opened or closed: the families of artefacts.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

from extractors.errors import RuleFileError
from extractors.openness.catalogue import check_keys, one_of, read_catalogue, required, texts, unique

FILE = "artefacts.yaml"
ArtefactKind = Literal["model", "tool", "spec", "dataset"]
Capitals = Literal["any", "first", "all"]
"""Which capitals must be as written: none; the first letter, unless the name has a hyphen or digit; all."""
CAPITALS = ("any", "first", "all")
KINDS = ("model", "tool", "spec", "dataset")
OPENNESS = ("open_source", "open_weights", "mixed", "proprietary", "announced")
_KEYS = (
    *("id", "name", "owner", "kind", "openness", "licences", "level", "line", "after", "tier"),
    *("earlier", "patterns", "capitals", "context", "fallback", "evidence"),
)


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what a family could be had until a day."""

    until: date
    """The last day."""
    level: int
    licences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """A family of models, tools, specifications or data sets."""

    id: str
    name: str
    owner: str | None
    """Id of the organisation; None when there is no single one."""
    kind: ArtefactKind
    openness: str
    licences: tuple[str, ...]
    """Licence ids, the usual one first."""
    level: int | None
    """Of its most open current release, 0-8. None when it cannot be told."""
    line: str | None
    """The line of releases it belongs to. None when it stands alone."""
    after: str | None
    """Id of the family it follows in its line. None when it begins the line."""
    tier: str | None
    earlier: tuple[Terms, ...]
    """Terms that ended, the oldest first."""
    patterns: tuple[str, ...]
    capitals: Capitals
    context: bool
    """The patterns are ordinary words too."""
    fallback: bool
    """A brand without a version."""

    def terms_on(self, day: date | None) -> tuple[int | None, tuple[str, ...]]:
        """Level and licences on a day; without a day the present ones."""
        for terms in self.earlier:
            if day is not None and day <= terms.until:
                return terms.level, terms.licences
        return self.level, self.licences


def load_families() -> dict[str, Family]:
    """The families of the bundled artefacts.yaml by id; RuleFileError when it is wrong."""
    content = read_catalogue(FILE, ("families",))
    entries = content.get("families") or []
    unique(entries, FILE)
    by_id = {entry["id"]: entry for entry in entries}
    return {key: _family(entry, by_id) for key, entry in by_id.items()}


def _family(entry: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> Family:
    where = f"{FILE}: {entry['id']}"
    check_keys(entry, _KEYS, where)
    level = entry.get("level")
    if level is not None and level not in range(9):
        raise RuleFileError(f"{where}: level is {level!r}; use 0 to 8")
    patterns = texts(entry, "patterns", where)
    if not patterns:
        raise RuleFileError(f"{where}: there are no patterns")
    return Family(
        id=entry["id"],
        name=required(entry, "name", where),
        owner=entry.get("owner"),
        kind=cast(ArtefactKind, one_of(entry.get("kind"), KINDS, "kind", where)),
        openness=one_of(entry.get("openness"), OPENNESS, "openness", where),
        licences=texts(entry, "licences", where),
        level=level,
        line=_line(entry, by_id),
        after=entry.get("after"),
        tier=entry.get("tier"),
        earlier=tuple(_terms(terms, where) for terms in entry.get("earlier") or ()),
        patterns=patterns,
        capitals=cast(Capitals, one_of(entry.get("capitals", "any"), CAPITALS, "capitals", where)),
        context=bool(entry.get("context")),
        fallback=bool(entry.get("fallback")),
    )


def _terms(entry: Mapping[str, Any], where: str) -> Terms:
    check_keys(entry, ("until", "level", "licences"), f"{where}: earlier")
    until, level = entry.get("until"), entry.get("level")
    if not isinstance(until, date):
        raise RuleFileError(f"{where}: earlier: until is {until!r}; use a day, as 2026-04-01")
    if not isinstance(level, int) or level not in range(9):
        raise RuleFileError(f"{where}: earlier: level is {level!r}; use 0 to 8")
    return Terms(until, level, texts(entry, "licences", f"{where}: earlier"))


def _line(entry: Mapping[str, Any], by_id: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The line named by the family or by the ones it follows."""
    seen: list[str] = []
    while "line" not in entry and "after" in entry:
        seen.append(entry["id"])
        previous = by_id.get(entry["after"])
        if previous is None:
            raise RuleFileError(f"{FILE}: {entry['id']}: after is {entry['after']!r}, which is no family")
        if previous["id"] in seen:
            raise RuleFileError(f"{FILE}: {entry['id']}: follows itself")
        entry = previous
    return entry.get("line")
