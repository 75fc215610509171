"""Licences: what licences.yaml knows, and how the words around a licence's name change what it means (N4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extractors.errors import RuleFileError
from extractors.openness.catalogue import check_keys, one_of, read_catalogue, required, texts, unique

FILE = "licences.yaml"
_KEYS = (
    *("id", "name", "spdx", "class", "level", "conditions", "forms", "bare", "by_owner", "by_family"),
    "evidence",
)
_GENERIC_KEYS = ("name", "class", "patterns")

# A version behind a form without one, and the word licence in the languages read: they belong to the name.
_VERSION = re.compile(r"[ -]v?\d(?:\.\d)+")
_NOUN = re.compile(
    r"['\"”’」]?[ -]?(?:open[ -]source |software |public |model |weights )?licen[sc](?:e[ds]?|"
    r"ing)(?: agreement)?(?![a-z])"
    r"| agreement(?![a-z])"
    r"| ?(?:오픈 ?소스 )?라이[선센]스"
    r"| ?(?:开源)?(?:许可证|许可协议|协议|许可)"
    r"| ?(?:オープンソース)?ライセンス"
)
# "Apache 2.0-based", "-style", "-compatible": another text than the one it leans on.
_DERIVED = re.compile(
    r"[ -](?:based|style|styled|like|compatible|inspired|derived|flavou?red|adjacent|equivalent|ish)(?![a-z])"
    r"| ?(?:기반|호환|유사)|(?:风格|兼容|类似)"
)
_ALTERED = re.compile(
    r"(?:modified|custom|customi[sz]ed|altered|tweaked|amended|adapted|revised|near|quasi|pseudo)"
    r"(?:[ -](?:version|form|variant|copy) of the|ly)?[ -]?$"
)
# What makes a bare "MIT" or "Apache" a licence rather than a university or a foundation.
_UNDER = re.compile(
    r"(?:\b(?:under|licen[sc]ed|licen[sc]e[:=]|licen[sc]e (?:is|was|to|from)|relicen[sc]ed (?:as|to|from))"
    r"(?: (?:the|an?|its|both|standard|plain|permissive|permissively|highly|very|fully|more|open|open-source|"
    r"free|familiar|liberal|same|unmodified|true|dual))*[ \"'“]*"
    r"|(?:(?:换成|改为|改用|改成|改回|改采|换用|采用|遵循|沿用|转用|变更为|更换为|切换[到为]|转为|恢复为)了?"
    r"|라이선스(?:를|가|는|은)?|조건(?:은|을)?) ?[\"'“‘]?)$"
)
_BESIDE = re.compile(r"(?:\b(?:from|to|via|with|an?|the|or|and|as|into)|[(/,|+→>-]|licen[sc]e)[ \"'“]*$")
_SPEAKS_OF_LICENCES = re.compile(
    r"licen[sc]|apache|\bmit (?:or|to|and)\b|\bgpl|\bbsd|cc[ -]by|라이[선센]스|许可|ライセンス"
)
_NOT_A_LICENCE = re.compile(
    r"[ -]?\d|(?:'s|s')? ?(?:technology review|csail|media lab|sloan|researchers?|professors?|scientists?|"
    r"students?|study|spin|engineers?|economists?|physicists?|graduates?|alum|press|team|lincoln|labs?\b|"
    r"news|report|university|course|startup|kafka|spark|arrow|airflow|iceberg|flink|cassandra|hadoop|lucene|"
    r"helicopters?|foundation|software foundation|tvm|conference|campus|dropout|lecture|and harvard|"
    r"and stanford|연구|교수|대학|的研究|大学|教授|研究)"
)
_LICENSED_THING = re.compile(
    r" (?:weights|code|terms)(?![a-z])|(?:로|으로|을|를) (?:변경|전환|바꿨|바꾼|바꾸|완화|교체|갈아|되돌)"
)
_SPELLED_OUT_BEFORE = re.compile(r"(?:technology|foundation|institute) \($")
_LLAMA_VERSION = re.compile(r"llama[ -]?(\d(?:\.\d)?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence text, or a phrase that stands for several (`by_owner`, `by_family`)."""

    id: str
    name: str
    """SPDX identifier where there is one, otherwise the registry's name."""
    licence_class: str
    level: int
    """What weights under it reach on the ladder of levels, 3-6."""
    conditions: tuple[str, ...]
    forms: tuple[str, ...]
    bare: tuple[str, ...]
    """Names that are a licence only where the words around them say so (`MIT`)."""
    by_owner: Mapping[str, str]
    """Organisation id → licence id. Empty for a text of its own."""
    by_family: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LicenceClass:
    """A licence spelled out by what it allows ("a permissive licence")."""

    name: str
    licence_class: str
    level: int
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResolvedLicence:
    """What a licence's name means for one owner and artefact."""

    id: str
    """Empty when only the class is known."""
    name: str
    licence_class: str
    level: int
    """What weights under it reach on the ladder of levels, 3-6."""


@dataclass(frozen=True, slots=True)
class LicenceBook:
    """All of licences.yaml."""

    by_id: Mapping[str, Licence]
    classes: tuple[LicenceClass, ...]

    def resolve(
        self,
        licence_id: str,
        *,
        owner: str | None,
        family: str | None,
        family_licences: tuple[str, ...],
        artefact: str,
    ) -> ResolvedLicence:
        """The text a licence id means for an owner (organisation id), a family id and an artefact's name.

        `family_licences`: what the registry says the family is under; it decides between the readings of a
        phrase that the owner does not decide. Unknown owner: the phrase itself, with its own class.
        """
        licence = self.by_id[licence_id]
        meant = self._of_version(licence_id, artefact) or licence.by_family.get(family or "")
        readings = {*licence.by_owner.values(), *licence.by_family.values()}
        if meant is None:
            meant = next((known for known in family_licences if known in readings), None)
        if meant is None:
            meant = licence.by_owner.get(owner or "")
        found = self.by_id[meant] if meant else licence
        return ResolvedLicence(found.id, found.name, found.licence_class, found.level)

    def _of_version(self, licence_id: str, artefact: str) -> str | None:
        if licence_id != "llama-community":
            return None
        version = _LLAMA_VERSION.search(artefact)
        named = f"llama-{version.group(1)}-community" if version else ""
        return named if named in self.by_id else None


def load_licences() -> LicenceBook:
    """Read the bundled licences.yaml; RuleFileError when it is wrong."""
    content = read_catalogue(FILE, ("classes", "licences", "generic"))
    levels = {name: entry["level"] for name, entry in content["classes"].items()}
    unique(content["licences"], FILE)
    by_id = {entry["id"]: _licence(entry, levels) for entry in content["licences"]}
    for licence in by_id.values():
        for meant in (*licence.by_owner.values(), *licence.by_family.values()):
            if meant not in by_id:
                raise RuleFileError(f"{FILE}: {licence.id}: stands for {meant!r}, which is no licence")
    return LicenceBook(by_id=by_id, classes=tuple(_class(entry, levels) for entry in content["generic"]))


def _licence(entry: Mapping[str, Any], levels: Mapping[str, int]) -> Licence:
    where = f"{FILE}: {entry['id']}"
    check_keys(entry, _KEYS, where)
    licence_class = one_of(entry.get("class"), levels, "class", where)
    return Licence(
        id=entry["id"],
        name=entry.get("spdx") or required(entry, "name", where),
        licence_class=licence_class,
        level=entry.get("level", levels[licence_class]),
        conditions=texts(entry, "conditions", where),
        forms=texts(entry, "forms", where),
        bare=texts(entry, "bare", where),
        by_owner=entry.get("by_owner") or {},
        by_family=entry.get("by_family") or {},
    )


def _class(entry: Mapping[str, Any], levels: Mapping[str, int]) -> LicenceClass:
    where = f"{FILE}: generic {entry.get('name')}"
    check_keys(entry, _GENERIC_KEYS, where)
    licence_class = one_of(entry.get("class"), levels, "class", where)
    return LicenceClass(
        required(entry, "name", where), licence_class, levels[licence_class], texts(entry, "patterns", where)
    )


def licence_end(folded: str, start: int, end: int) -> int | None:
    """Where a licence named at `start:end` ends, with its version and the word licence behind it.

    None when the words around say that it is another text ("Apache 2.0-based", "a modified MIT") or version.
    """
    if folded[end - 1].isdigit():
        if folded[end : end + 1] == "." and folded[end + 1 : end + 2].isdigit():
            return None
    elif version := _VERSION.match(folded, end):
        end = version.end()
    if _DERIVED.match(folded, end) or _ALTERED.search(folded, max(0, start - 30), start):
        return None
    noun = _NOUN.match(folded, end)
    return noun.end() if noun else end


def bare_licence_end(folded: str, start: int, end: int) -> int | None:
    """Where a bare name (`MIT`, `Apache`) ends that the words around show to be a licence; None otherwise."""
    if _NOT_A_LICENCE.match(folded, end) or _SPELLED_OUT_BEFORE.search(folded, max(0, start - 20), start):
        return None
    closed = licence_end(folded, start, end)
    if closed is None or closed > end:
        return closed
    if _UNDER.search(folded, max(0, start - 60), start) or _LICENSED_THING.match(folded, end):
        return end
    beside = _BESIDE.search(folded, max(0, start - 20), start) or folded[end : end + 1] in ("/", ")")
    rest = folded[max(0, start - 80) : start] + " " + folded[end : end + 80]
    return end if beside and _SPEAKS_OF_LICENCES.search(rest) else None
