"""Who acts: the organisations, people and governments of actors.yaml."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from extractors.errors import RuleFileError
from extractors.openness.catalogue import check_keys, read_catalogue, required, texts, unique

FILE = "actors.yaml"
_LANGUAGES = ("ko", "zh", "ja")
_ORGANISATION_KEYS = (
    "id",
    "name",
    "type",
    "country",
    "names",
    *_LANGUAGES,
    "ambiguous",
    "as_subject",
    "people",
)
_GOVERNMENT_KEYS = ("id", "name", "country", "names", *_LANGUAGES, "ambiguous", "countries", "people")
_PERSON_KEYS = ("name", "also", "office", "since", "until", "evidence")


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation or a government."""

    id: str
    name: str
    """Canonical: what stands in the column `actor`."""
    government: bool
    names: tuple[str, ...]
    """Every name that counts by itself, the canonical one included."""
    ambiguous: tuple[str, ...]
    """Names that count only where the sentence speaks of AI."""
    as_subject: tuple[str, ...]
    """Names that count only before a verb of releasing (`X`)."""
    countries: tuple[str, ...]
    """Countries and capitals that stand for a government before a verb of governing."""


@dataclass(frozen=True, slots=True)
class Office:
    """For whom a person speaks, and when."""

    organisation: str
    """Canonical name."""
    title: str
    since: date | None
    """First day. None: since before anything we read."""
    until: date | None
    """Last day. None: in office."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person, with every office known."""

    id: str
    name: str
    names: tuple[str, ...]
    offices: tuple[Office, ...]

    def speaks_for(self, day: date | None) -> str | None:
        """The organisation whose office the person holds on a day; None when it was left by then.

        Without a day the present offices count. Of several the one taken up last counts.
        """
        held = [
            office
            for office in self.offices
            if (office.until is None if day is None else _covers(office, day))
        ]
        if not held:
            return None
        return max(held, key=lambda office: office.since or date.min).organisation


@dataclass(frozen=True, slots=True)
class Actors:
    """All of actors.yaml."""

    organisations: tuple[Organisation, ...]
    governments: tuple[Organisation, ...]
    people: tuple[Person, ...]
    not_names: tuple[str, ...]
    """Longer names inside which nothing counts (`MIT Technology Review`)."""


def load_actors() -> Actors:
    """Read the bundled actors.yaml; RuleFileError when it is wrong."""
    content = read_catalogue(FILE, ("organisations", "governments", "not_names"))
    entries = [*content.get("organisations", []), *content.get("governments", [])]
    unique(entries, FILE)
    offices: dict[str, list[Office]] = {}
    names: dict[str, dict[str, None]] = {}
    organisations = []
    for entry in entries:
        government = entry in content["governments"]
        where = f"{FILE}: {entry['id']}"
        check_keys(entry, _GOVERNMENT_KEYS if government else _ORGANISATION_KEYS, where)
        organisations.append(_organisation(entry, government, where))
        for person in entry.get("people") or ():
            check_keys(person, _PERSON_KEYS, f"{where}: people")
            name = required(person, "name", f"{where}: people")
            offices.setdefault(name, []).append(_office(person, organisations[-1].name, f"{where}: {name}"))
            names.setdefault(name, {name: None}).update(
                dict.fromkeys(texts(person, "also", f"{where}: {name}"))
            )
    return Actors(
        organisations=tuple(actor for actor in organisations if not actor.government),
        governments=tuple(actor for actor in organisations if actor.government),
        people=tuple(
            Person(
                id="-".join(name.lower().replace(".", "").split()),
                name=name,
                names=tuple(names[name]),
                offices=tuple(offices[name]),
            )
            for name in offices
        ),
        not_names=texts(content, "not_names", FILE),
    )


def _organisation(entry: Mapping[str, Any], government: bool, where: str) -> Organisation:
    name = required(entry, "name", where)
    ambiguous = texts(entry, "ambiguous", where)
    names = [name] if name not in ambiguous else []
    for key in ("names", *_LANGUAGES):
        names.extend(texts(entry, key, where))
    return Organisation(
        id=entry["id"],
        name=name,
        government=government,
        names=tuple(dict.fromkeys(names)),
        ambiguous=ambiguous,
        as_subject=texts(entry, "as_subject", where),
        countries=texts(entry, "countries", where),
    )


def _office(person: Mapping[str, Any], organisation: str, where: str) -> Office:
    return Office(
        organisation=organisation,
        title=required(person, "office", where),
        since=_day(person.get("since"), False, f"{where}: since"),
        until=_day(person.get("until"), True, f"{where}: until"),
    )


def _covers(office: Office, day: date) -> bool:
    return (office.since is None or office.since <= day) and (office.until is None or day <= office.until)


def _day(value: Any, last: bool, where: str) -> date | None:
    """The first or last day of a day, month (`2026-04`) or year (`2025`). None: not stated."""
    if value is None or isinstance(value, date):
        return value
    try:
        numbers = [int(part) for part in str(value).split("-")]
        year, month, day = (*numbers, None, None)[:3]
        if year is None:
            raise ValueError(value)
        if month is None:
            month = 12 if last else 1
        if day is None:
            day = calendar.monthrange(year, month)[1] if last else 1
        return date(year, month, day)
    except ValueError as error:
        raise RuleFileError(f"{where} is {value!r}; use a day, a month or a year, as 2026-04") from error
