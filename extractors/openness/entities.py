"""Which organisations, people, governments, artefacts and licences a sentence names, and where.

Known names come from actors.yaml, artefacts.yaml and licences.yaml through one automaton; names nobody has
listed are inferred from their shape and surroundings (see `names`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Literal, NamedTuple

from extractors.openness.actors import Actors, Organisation, Person, load_actors
from extractors.openness.artefacts import ArtefactKind, Family, load_families
from extractors.openness.entity_signs import brand_acts, governs, only_describes, speaks_of_ai
from extractors.openness.folding import Folded, fold
from extractors.openness.forms import FormIndex, Hit, Target
from extractors.openness.languages import is_east_asian
from extractors.openness.licences import (
    Licence,
    LicenceBook,
    LicenceClass,
    ResolvedLicence,
    load_licences,
)
from extractors.openness.name_records import InferredName, KnownSpan
from extractors.openness.name_words import words
from extractors.openness.names import family_of, infer_names
from extractors.openness.registry_forms import all_forms

EntityType = Literal["organisation", "government", "person", "artefact", "licence"]

_LONGEST = 10_000
"""Characters of a text that are read: no sentence is longer."""
_NEAR = 8
"""Known names of a sentence among which the owner of a version alone is looked for."""
_SHORT_VERSION = re.compile(r"[A-Z]{0,2}\d+(?:\.\d+)?")
"""`V3.2`, `K2.5`: a model called by its version alone."""


_NEW_VERSION = re.compile(
    r"[- ]?(?:v|V|[A-Z](?=\d))?\d{1,2}(?:\.\d{1,2})?"
    r"(?:[- ](?:\d+(?:\.\d+)?[BbTtMm]|Pro|Mini|Max|Plus|Flash|Large|Small|Medium|Nano|Ultra|Coder|Instruct|Base))*"
    r"(?![\w%,.]\d|\w|%| (?:billion|million|trillion|percent|per cent|times|models|versions|years?|months?|weeks?|"
    r"days?|hours?|of|out|other|different|new|variants|sizes)\b)"
)
"""Behind a brand: a version that the registry does not know yet ("Llama 5")."""


def _new_version(line: Family | None, text: str, start: int, end: int) -> str | None:
    """The name with the version behind it, when the words for a line name none themselves; None: there is none."""
    if line is None or any(char.isdigit() for char in text[start:end]):
        return None
    found = _NEW_VERSION.match(text, end)
    return text[start : found.end()] if found else None


def _version_of(brand: Family, name: str) -> Family:
    """A version of a brand's line that is not listed: the owner is known, level and licence are not."""
    return replace(brand, id=family_of(name), name=name, level=None, licences=(), earlier=(), fallback=True)


@dataclass(frozen=True, slots=True)
class Entity:
    """A name in a sentence and what it stands for."""

    start: int
    end: int
    """Character offsets in the text that was given."""
    text: str
    type: EntityType
    id: str
    """Of the organisation, family or licence; for names nobody has listed made from the name. Empty for a
    licence of which only the class is known."""
    name: str
    """Canonical: `Meta` for `Facebook AI`, `Apache-2.0` for `Apache License 2.0`."""
    owner: str | None = None
    """Canonical organisation behind an artefact or person on the day. None: unknown or nobody."""
    family: str | None = None
    """Family id of an artefact; also of an organisation whose name is a brand (`DeepSeek`) and of a licence
    called after a family (`Kimi K3 License`). None otherwise."""
    artefact_kind: ArtefactKind | None = None
    level: int | None = None
    """Usual level of the family on the day, or what weights under the licence reach. None: unknown."""
    licences: tuple[str, ...] = ()
    """Licence ids the family is under on the day, the usual one first."""
    licence_class: str | None = None
    fallback: bool = False
    """A brand without a version: tells the actor, not the licence."""
    known: bool = True
    """False for a name inferred from its shape."""


class _Named(NamedTuple):
    """A place in the folded text and what stands there."""

    start: int
    end: int
    target: Target | InferredName
    brand: Family | None
    """The brand that an organisation's name is too, or the family that a licence is called after."""


class Sign(NamedTuple):
    """How a listed name begins, in folded text."""

    start: str
    whole: bool
    """Whether a word ends with it."""


class EntityFinder:
    """Finds entities in sentences. Made once; has no state that changes."""

    def __init__(self, actors: Actors, families: dict[str, Family], licences: LicenceBook) -> None:
        self.families = families
        self.licences = licences
        self._organisations = {actor.id: actor for actor in (*actors.organisations, *actors.governments)}
        self._ids = {
            name.lower(): actor.id
            for actor in self._organisations.values()
            for name in (actor.name, *actor.ambiguous, *actor.as_subject)
        }
        self.makers = frozenset(
            self._organisations[family.owner].name
            for family in families.values()
            if family.owner in self._organisations
        )
        """Canonical names of the organisations that have a listed model, tool or data set."""
        self._brands: dict[str, list[str]] = {}
        for family in families.values():
            if family.fallback and family.owner:
                self._brands.setdefault(family.owner, []).extend(family.patterns)
        self._index = FormIndex([*all_forms(actors, families, licences)])

    def find(self, text: str, published: date | None = None, *, context: str = "") -> list[Entity]:
        """All entities of a sentence by their place; of two that overlap the longer.

        `published`: the day for which people's offices count; None: the present ones. `context`: more words,
        such as the title, that may show that the sentence is about AI. Never raises; beyond 10,000 characters
        nothing is found, as no sentence is that long.
        """
        return self.find_folded(fold(text[:_LONGEST]), published, context=context)

    def find_folded(
        self, folded: Folded, published: date | None = None, *, context: str = ""
    ) -> list[Entity]:
        """The same for a sentence that is folded already and no longer than 10,000 characters."""
        named: list[_Named] = []
        for hit, brand in self._chosen(folded.folded, folded.text, context):
            target = hit.form.target
            line = (
                target if isinstance(target, Family) else brand if isinstance(target, Organisation) else None
            )
            new = _new_version(line, folded.text, hit.start, hit.end)
            if line is not None and new is not None:
                named.append(_Named(hit.start, hit.start + len(new), _version_of(line, new), None))
            elif isinstance(target, Family) and self._acts(target, folded.folded, hit.end):
                named.append(_Named(hit.start, hit.end, self._organisations[str(target.owner)], target))
            else:
                named.append(_Named(hit.start, hit.end, target, brand))
        spans = [KnownSpan(name.start, name.end, _organisation_name(name.target)) for name in named]
        inferred = infer_names(folded.folded, folded.text, spans)
        if is_east_asian(folded.text):
            # What most starts never need: its expressions take as long to compile as those of English names.
            from extractors.openness.names_east_asian import infer_east_asian_names

            inferred = infer_east_asian_names(folded.text, spans, inferred)
        named.extend(_Named(name.start, name.end, self._recognised(name, named), None) for name in inferred)
        named.sort(key=lambda name: name.start)
        return [self._entity(name, folded, published) for name in named]

    def signs(self, kind: str) -> Iterator[Sign]:
        """What stands wherever a `licence` or a `government` is found: how each of their names begins."""
        if kind == "government":
            yield from (Sign(word, True) for word in words().governing)
        for form in self._index.forms():
            target = form.target
            if (
                isinstance(target, (Licence, LicenceClass))
                if kind == "licence"
                else isinstance(target, Organisation) and target.government
            ):
                yield Sign(form.start, form.expression is None)

    def _recognised(self, name: InferredName, named: Sequence[_Named]) -> Target | InferredName:
        """What an inferred name is after all: an ambiguous listed one, or a short one ("its V3.2 model")."""
        if name.type == "organisation":
            return self._organisations.get(self._ids.get(name.name.lower(), "")) or name
        if name.type == "artefact" and _SHORT_VERSION.fullmatch(name.name):
            for other in named[-_NEAR:]:
                owner = _owner_id(other.target) if other.start < name.start else None
                for brand in self._brands_of(owner):
                    family = self._family_called(f"{brand} {name.name}")
                    if family is not None:
                        return family
        return name

    def _brands_of(self, owner: str | None) -> tuple[str, ...]:
        """The names under which an organisation's models appear: its own and its brands'."""
        if owner is None:
            return ()
        return (self._organisations[owner].name, *self._brands.get(owner, ()))

    def _family_called(self, name: str) -> Family | None:
        """The family whose pattern fits the whole of a name."""
        for hit in self._index.find(name.lower(), name):
            target = hit.form.target
            if isinstance(target, Family) and not target.fallback and (hit.start, hit.end) == (0, len(name)):
                return target
        return None

    def _acts(self, brand: Family, folded: str, end: int) -> bool:
        """Whether a brand stands for its owner: it releases something."""
        return brand.fallback and brand.owner is not None and brand_acts(folded, end)

    def line_of(self, family: str) -> str | None:
        """The line of releases a family belongs to; None when it is unknown or stands alone."""
        return self.families[family].line if family in self.families else None

    def predecessor(self, family: str) -> Family | None:
        """The family that a family follows in its line; None when it is unknown or begins the line.

        A version that is not listed follows what its brand is known for (`llama-5`: `llama`).
        """
        known, line = self.families.get(family), family
        while known is None and "-" in line:
            line = line.rpartition("-")[0]
            known = self.families.get(line)
        if known is not None and line != family:
            return known
        return self.families[known.after] if known and known.after else None

    def resolve_licence(
        self,
        surface: str,
        actor: str | None = None,
        artefact: str | None = None,
        published: date | None = None,
    ) -> ResolvedLicence | None:
        """What the words for a licence mean for an actor and an artefact ("modified MIT" means three texts).

        `actor`: canonical name or id; `artefact`: a name as it stands in the text, or a family id. None when
        the words name no licence.
        """
        owner = self._ids.get((actor or "").lower(), actor)
        family = self.families.get(artefact or "") or self._family_named(artefact or "", published)
        if owner is None and family is not None:
            owner = family.owner
        licences = family.terms_on(published)[1] if family else ()
        licence_id, licence_class = self._licence_named(surface)
        if licence_id:
            return self.licences.resolve(
                licence_id,
                owner=owner,
                family=family.id if family else None,
                family_licences=licences,
                artefact=artefact or "",
            )
        if licence_class is None:
            return None
        same = [self.licences.by_id[key] for key in licences]
        known = next(
            (licence for licence in same if licence.licence_class == licence_class.licence_class), None
        )
        if known is not None:
            return ResolvedLicence(known.id, known.name, known.licence_class, known.level)
        return ResolvedLicence("", licence_class.name, licence_class.licence_class, licence_class.level)

    def _family_named(self, artefact: str, published: date | None) -> Family | None:
        found = [
            entity.family for entity in self.find(artefact, published, context="AI model") if entity.family
        ]
        return self.families.get(found[0]) if found else None

    def _licence_named(self, surface: str) -> tuple[str | None, LicenceClass | None]:
        """The licence id or the bare class that the words name."""
        folded = fold(surface)
        plain = folded.folded.strip()
        for licence in self.licences.by_id.values():
            if plain in (licence.id, licence.name.lower(), *(name.lower() for name in licence.bare)):
                return licence.id, None
        targets = [hit.form.target for hit, _ in self._chosen(folded.folded, folded.text, "licence")]
        for target in targets:
            if isinstance(target, Licence):
                return target.id, None
        return None, next((target for target in targets if isinstance(target, LicenceClass)), None)

    def _chosen(self, folded: str, cased: str, context: str) -> list[tuple[Hit, Family | None]]:
        """The hits that count, in order, each with the brand its name also is."""
        hits = [
            hit
            for hit in self._index.find(folded, cased)
            if folded[hit.end : hit.end + 1] not in _DESCRIBING
            or not (isinstance(hit.form.target, _NAMED) and only_describes(folded, hit.end))
        ]
        if not hits:
            return []
        if any(hit.form.gate for hit in hits):
            hits = _through_gates(hits, folded, context)
        if len(hits) > 1:
            hits.sort(key=lambda hit: (hit.start - hit.end, hit.form.rank, -len(hit.form.literal)))
        taken = bytearray(len(folded))
        covered: list[tuple[Hit, Family]] = []
        chosen: list[Hit] = []
        for hit in hits:
            target = hit.form.target
            if taken.find(1, hit.start, hit.end) >= 0:
                if isinstance(target, Family):
                    covered.append((hit, target))
                continue
            taken[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
            if target is not None:
                chosen.append(hit)
        chosen.sort(key=lambda hit: hit.start)
        return [(hit, _brand(hit, covered) if covered else None) for hit in chosen]

    def _entity(self, name: _Named, folded: Folded, published: date | None) -> Entity:
        start, end = folded.published(name.start), folded.published(name.end - 1) + 1
        surface = folded.published_text[start:end]
        target, brand = name.target, name.brand
        if isinstance(target, InferredName):
            return _inferred(start, end, surface, target)
        if isinstance(target, Organisation):
            return Entity(
                start,
                end,
                surface,
                "government" if target.government else "organisation",
                target.id,
                target.name,
                family=brand.id if brand else None,
                fallback=brand is not None,
            )
        if isinstance(target, Person):
            return Entity(start, end, surface, "person", target.id, target.name, target.speaks_for(published))
        if isinstance(target, Family):
            level, licences = target.terms_on(published)
            return Entity(
                start,
                end,
                surface,
                "artefact",
                target.id,
                target.name,
                self._organisations[target.owner].name if target.owner else None,
                target.id,
                target.kind,
                level,
                licences,
                fallback=target.fallback,
            )
        assert target is not None
        return Entity(
            start,
            end,
            surface,
            "licence",
            target.id if isinstance(target, Licence) else "",
            target.name,
            self._organisations[brand.owner].name if brand and brand.owner else None,
            brand.id if brand else None,
            level=target.level,
            licence_class=target.licence_class,
        )


@cache
def load_entities(registry: bool = True) -> EntityFinder:
    """The finder of everything bundled; without the `registry` only governments, licences and inferred names.

    RuleFileError when a bundled file is wrong.
    """
    actors, families = load_actors(), load_families()
    if not registry:
        actors, families = Actors((), actors.governments, (), actors.not_names), {}
    return EntityFinder(actors, families, load_licences())


_NAMED = (Organisation, Family)
_DESCRIBING = ("-", ".")
"""What a describing ending ("-backed", ".com") begins with."""


def _inferred(start: int, end: int, text: str, name: InferredName) -> Entity:
    if name.type == "artefact":
        family = family_of(name.name)
        return Entity(
            start, end, text, "artefact", family, name.name, name.owner, family, name.kind, known=False
        )
    slug = "-".join(name.name.lower().split())
    return Entity(start, end, text, name.type, slug, name.name, name.owner, known=False)


def _organisation_name(target: Target | InferredName) -> str | None:
    return target.name if isinstance(target, Organisation) else None


def _through_gates(hits: list[Hit], folded: str, context: str) -> list[Hit]:
    """Without the hits whose form needs more than stands in the sentence."""
    named = {_owner_id(hit.form.target) for hit in hits if not hit.form.gate} - {None}
    about_ai: bool | None = None
    kept = []
    for hit in hits:
        if hit.form.gate == "governs" and not governs(folded, hit.end):
            continue
        vouched = named if isinstance(hit.form.target, Organisation) else named & {_owner_id(hit.form.target)}
        if hit.form.gate == "ai" and not vouched:
            if about_ai is None:
                about_ai = speaks_of_ai(folded) or bool(context and speaks_of_ai(fold(context).folded))
            if not about_ai:
                continue
        kept.append(hit)
    return kept


def _brand(chosen: Hit, covered: list[tuple[Hit, Family]]) -> Family | None:
    """The family that an organisation's name is too, or that a licence is called after; None: none."""
    target = chosen.form.target
    for hit, family in covered:
        if isinstance(target, Licence) and chosen.start <= hit.start and hit.end <= chosen.end:
            return family
        if (
            isinstance(target, Organisation)
            and family.fallback
            and (hit.start, hit.end) == (chosen.start, chosen.end)
        ):
            return family
    return None


def _owner_id(target: Target | InferredName) -> str | None:
    if isinstance(target, Organisation):
        return target.id
    return target.owner if isinstance(target, Family) else None
