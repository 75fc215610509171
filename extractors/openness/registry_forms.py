"""The forms of everything the bundled files list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from extractors.errors import RuleFileError
from extractors.openness.actors import Actors, Organisation
from extractors.openness.artefacts import FILE as ARTEFACTS
from extractors.openness.artefacts import Family
from extractors.openness.forms import Form, Gate, name_form, pattern_form
from extractors.openness.licences import FILE as LICENCES
from extractors.openness.licences import LicenceBook, bare_licence_end, licence_end

_SHORT = 4
"""Letters; a licence's name in capitals no longer than this is found in capitals only."""


def all_forms(actors: Actors, families: Mapping[str, Family], licences: LicenceBook) -> Iterator[Form]:
    """Every way in which a listed name is written; RuleFileError when an entry names one that is missing."""
    owners = {actor.id: actor for actor in actors.organisations}
    for family in families.values():
        _check(family, owners, families, licences)
    yield from _actor_forms(actors)
    yield from _family_forms(families)
    yield from _licence_forms(licences)


def _actor_forms(actors: Actors) -> Iterator[Form]:
    for actor in (*actors.organisations, *actors.governments):
        yield from (name_form(name, actor) for name in actor.names)
        yield from (name_form(name, actor, "ai") for name in actor.ambiguous)
        yield from (name_form(name, actor, "governs") for name in actor.countries)
    for person in actors.people:
        yield from (name_form(name, person) for name in person.names)
    yield from (Form(name.lower(), None) for name in actors.not_names)


def _family_forms(families: Mapping[str, Family]) -> Iterator[Form]:
    for family in families.values():
        gate: Gate = "ai" if family.context else ""
        for pattern in family.patterns:
            yield pattern_form(
                pattern, family, f"{ARTEFACTS}: {family.id}", capitals=family.capitals, gate=gate
            )


def _licence_forms(licences: LicenceBook) -> Iterator[Form]:
    for licence in licences.by_id.values():
        for name in licence.forms:
            capitals = name if name.isupper() and name.isalpha() and len(name) <= _SHORT else None
            yield Form(name.lower(), licence, name=capitals, ends=licence_end)
        yield from (Form(name.lower(), licence, name=name, ends=bare_licence_end) for name in licence.bare)
    for spelled_out in licences.classes:
        for pattern in spelled_out.patterns:
            yield pattern_form(pattern, spelled_out, f"{LICENCES}: generic {spelled_out.name}")


def _check(
    family: Family,
    organisations: Mapping[str, Organisation],
    families: Mapping[str, Family],
    licences: LicenceBook,
) -> None:
    """Refuse a family that names an owner, a predecessor or a licence nobody has listed."""
    where = f"{ARTEFACTS}: {family.id}"
    if family.owner is not None and family.owner not in organisations:
        raise RuleFileError(
            f"{where}: owner is {family.owner!r}; use the id of an organisation in actors.yaml"
        )
    if family.after is not None and family.after not in families:
        raise RuleFileError(f"{where}: after is {family.after!r}; use the id of a family")
    for licence in (*family.licences, *(key for terms in family.earlier for key in terms.licences)):
        if licence not in licences.by_id:
            raise RuleFileError(f"{where}: licence {licence!r} is unknown; use an id in {LICENCES}")
