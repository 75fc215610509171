"""A mistake in a file of names is refused with its place and with what would be right."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from extractors.errors import RuleFileError
from extractors.openness.actors import Actors, Office, Organisation, Person, load_actors
from extractors.openness.artefacts import Family, load_families
from extractors.openness.catalogue import check_keys, one_of, read_catalogue, required, texts, unique
from extractors.openness.entities import EntityFinder
from extractors.openness.forms import literal_start, pattern_form
from extractors.openness.licences import LicenceBook, load_licences
from extractors.openness.patterns import NEVER_FIRST, NEVER_LAST
from extractors.openness.registry_forms import all_forms

FAMILY: dict[str, Any] = {
    "id": "gondor",
    "name": "Gondor",
    "owner": None,
    "kind": "model",
    "openness": "open_weights",
    "licences": (),
    "level": 6,
    "line": None,
    "after": None,
    "tier": None,
    "earlier": (),
    "patterns": ("Gondor",),
    "capitals": "any",
    "context": False,
    "fallback": False,
}
NOBODY = Actors((), (), (), ())


def finder(**changes: Any) -> EntityFinder:
    family = Family(**{**FAMILY, **changes})
    return EntityFinder(NOBODY, {family.id: family}, LicenceBook({}, ()))


def test_an_unknown_key_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RuleFileError, match=r"x.yaml: unknown key 'nmae'; use one of id, name"):
        check_keys({"id": "a", "nmae": "b"}, ("id", "name"), "x.yaml")


def test_a_value_outside_a_closed_list_is_refused_with_the_list() -> None:
    with pytest.raises(RuleFileError, match=r"x.yaml: kind is 'modle'; use one of model, tool"):
        one_of("modle", ("model", "tool"), "kind", "x.yaml")


@pytest.mark.parametrize("value", [None, "", 3, ["a"]])
def test_a_missing_text_is_refused(value: Any) -> None:
    with pytest.raises(RuleFileError, match=r"x.yaml: name is .*; use a text"):
        required({"name": value}, "name", "x.yaml")


@pytest.mark.parametrize("value", ["a", [1], [True], [""]])
def test_a_list_that_holds_no_texts_is_refused(value: Any) -> None:
    with pytest.raises(RuleFileError, match=r"x.yaml: names is .*; use a list of texts"):
        texts({"names": value}, "names", "x.yaml")


def test_an_id_that_stands_twice_is_refused() -> None:
    with pytest.raises(RuleFileError, match=r"x.yaml: the id 'a' stands twice"):
        unique([{"id": "a"}, {"id": "a"}], "x.yaml")


def test_a_file_with_another_key_is_refused() -> None:
    with pytest.raises(RuleFileError, match=r"licences.yaml: unknown key 'classes'; use one of families"):
        read_catalogue("licences.yaml", ("families",))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"owner": "arnor"}, r"artefacts.yaml: gondor: owner is 'arnor'; use the id of an organisation"),
        ({"after": "rohan"}, r"artefacts.yaml: gondor: after is 'rohan'; use the id of a family"),
        ({"licences": ("mti",)}, r"artefacts.yaml: gondor: licence 'mti' is unknown"),
        (
            {"patterns": (r"\d+B",)},
            r"artefacts.yaml: gondor: pattern .* begins with ''; begin with two literal",
        ),
        ({"patterns": ("Gondor(",)}, r"artefacts.yaml: gondor: pattern 'Gondor\(' is no regular expression"),
    ],
)
def test_a_family_with_a_mistake_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleFileError, match=message):
        finder(**changes)


def test_a_family_without_a_mistake_is_found() -> None:
    assert [entity.family for entity in finder().find("gondor")] == ["gondor"]


@pytest.mark.parametrize(
    ("pattern", "start"),
    [
        ("Gondor(?: 2)?", "Gondor"),
        ("gpt-?oss", "gpt"),
        (r"A\.X[ -]?K", "A.X"),
        ("T[üu]lu", "T"),
        ("(?:Tiny )?Aya", ""),
        ("ab|cd", ""),
        (r"o\d", "o"),
    ],
)
def test_the_literal_start_of_a_pattern_ends_at_what_may_vary(pattern: str, start: str) -> None:
    assert literal_start(pattern) == start


def test_a_pattern_is_found_whole_only() -> None:
    form = pattern_form("Gondor-7", None, "x.yaml")
    assert form.pattern is not None
    assert form.pattern.match("Gondor-7") and not form.pattern.match("Gondor-70")


def test_an_office_counts_from_its_first_to_its_last_day() -> None:
    person = Person(
        "roe",
        "Jane Roe",
        ("Jane Roe",),
        (
            Office("Arnor Labs", "CEO", None, date(2025, 6, 30)),
            Office("Kestrel", "adviser", date(2025, 1, 1), None),
            Office("Beacon", "CTO", date(2025, 7, 1), None),
        ),
    )
    assert person.speaks_for(date(2024, 12, 31)) == "Arnor Labs"
    assert person.speaks_for(date(2025, 3, 1)) == "Kestrel"
    assert person.speaks_for(date(2025, 7, 1)) == "Beacon"
    assert person.speaks_for(None) == "Beacon"


def test_the_bundled_files_are_without_mistakes() -> None:
    actors, families, licences = load_actors(), load_families(), load_licences()
    EntityFinder(actors, families, licences)
    assert len(actors.organisations) > 150 and len(families) > 340 and len(licences.by_id) > 120
    assert len(actors.people) > 150 and len(actors.governments) > 15


def test_no_name_stands_for_two_organisations() -> None:
    actors = load_actors()
    owners: dict[str, Organisation] = {}
    twice = []
    for actor in (*actors.organisations, *actors.governments):
        for name in (*actor.names, *actor.ambiguous):
            if owners.setdefault(name, actor) is not actor:
                twice.append((name, owners[name].id, actor.id))
    assert twice == []


def test_no_listed_name_begins_or_ends_with_a_word_that_patterns_rule_out() -> None:
    first = re.compile(rf"(?:{'|'.join(NEVER_FIRST)})\s")
    last = re.compile(rf"\s(?:{'|'.join(NEVER_LAST)})$")
    forms = all_forms(load_actors(), load_families(), load_licences())
    ruled_out = [
        form.literal
        for form in forms
        if first.match(form.literal) or (form.pattern is None and last.search(form.literal))
    ]
    assert ruled_out == []
