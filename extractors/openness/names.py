"""Names that nobody has listed, told from their shape and from the words around them.

Conservative on purpose: a capitalised word alone is no name. It becomes

* an organisation before a verb of releasing ("Arnor Labs releases …"), after a word for one ("the startup
  Kestrel", "researchers at …") or by its last word (… Labs, … AI, … University);
* an artefact by a size or version ("Gondor-7B", "Zephyr 3 Mini"), by a word for one ("the Lumen model") or as
  what is released;
* a person by an office ("Jane Roe, chief executive of Arnor Labs").
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from extractors.openness import name_shapes as shapes
from extractors.openness.name_contexts import Left, act_together
from extractors.openness.name_judging import judge
from extractors.openness.name_records import InferredName, KnownSpan, blank
from extractors.openness.name_runs import Run, find_runs

_SPEAKING = ("organisation", "government")
_POSSESSOR = 3
"""Words, at most, of an organisation that only its possession tells."""
_PERSON = (2, 4)
"""Words of a person's name."""
_OFFICE_NEAR = 80
"""Characters between an organisation and the person who holds an office of it."""
_LINKS = (", and ", " and ", " & ")
_LOWER_BACK = 60
"""Characters that the name before a size may have."""


def family_of(name: str) -> str:
    """The family id of a new artefact: its name without size and stage (`gondor` of `Gondor-7B-Chat`)."""
    return "-".join(shapes.STEM_END.sub("", name).lower().split())


def has_small_names(text: str) -> bool:
    """Whether a text may name something without a capital (`gondor-7b`)."""
    return "-" in text and shapes.LOWER_MODEL_END.search(text) is not None


def infer_names(folded: str, cased: str, known: Sequence[KnownSpan]) -> list[InferredName]:
    """The new names of a sentence outside the `known` ones, by their place.

    `cased` is the text with its capitals, `folded` the same in small letters; of the same length.
    """
    free = blank(cased, known)
    names: list[InferredName] = []
    unjudged: list[Run] = []
    past = 0
    for run in find_runs(free):
        if run.start < past:
            continue
        name = judge(run, folded, cased)
        if name is None:
            unjudged.append(run)
        else:
            names.append(name)
            past = name.end
    if "-" in free:
        names.extend(_in_small_letters(free))
    if unjudged and (names or known):
        names.extend(_allies(unjudged, names, known, folded, cased))
    if names:
        names.extend(_possessors(unjudged, names, folded, cased))
        names = _owned(names, known, folded)
    if unjudged and (names or known):
        names.extend(_people(unjudged, names, known, folded, cased))
    names.sort(key=lambda name: name.start)
    return names


def _in_small_letters(free: str) -> Iterator[InferredName]:
    """`gondor-7b-instruct`."""
    for end in shapes.LOWER_MODEL_END.finditer(free):
        start = shapes.LOWER_MODEL_START.search(free, max(0, end.start() - _LOWER_BACK), end.start())
        if start:
            name = free[start.start() : end.end()]
            yield InferredName(start.start(), end.end(), "artefact", name, kind="model")


def _possessors(
    runs: Sequence[Run], names: Sequence[InferredName], folded: str, cased: str
) -> Iterator[InferredName]:
    """Runs that own an artefact: "Kestrel's Gondor-7B"."""
    artefacts = {name.start for name in names if name.type == "artefact"}
    for run in runs:
        owns = shapes.POSSESSIVE.match(folded, run.end) if len(run.words) <= _POSSESSOR else None
        if owns and owns.end() in artefacts:
            yield InferredName(run.start, run.end, "organisation", cased[run.start : run.end])


def _allies(
    runs: Sequence[Run],
    names: Sequence[InferredName],
    known: Sequence[KnownSpan],
    folded: str,
    cased: str,
) -> Iterator[InferredName]:
    """Runs that act together with an organisation beside them: "Kestrel, Merrow and Larkspur AI have released"."""
    organisations = _organisations(names, known)
    ends = {end for end, _, _ in organisations}
    for run in runs:
        joined = next((link for link in _LINKS if folded.endswith(link, 0, run.start)), None)
        if joined and run.start - len(joined) in ends and act_together(folded, run.end):
            yield InferredName(run.start, run.end, "organisation", cased[run.start : run.end])
    acting = {start for end, start, _ in organisations if act_together(folded, end)}
    listed = False
    for run in reversed(runs):
        joint = shapes.JOINED.match(folded, run.end) if len(run.words) <= _POSSESSOR else None
        if joint is None or joint.end() not in acting or not (listed or joint.group() != ", "):
            continue
        if Left.of(folded, run.start).begins_clause():
            acting.add(run.start)
            listed = True
            yield InferredName(run.start, run.end, "organisation", cased[run.start : run.end])


def _organisations(names: Sequence[InferredName], known: Sequence[KnownSpan]) -> list[tuple[int, int, str]]:
    """End, start and name of every organisation, known or inferred, by their place."""
    found = [(span.end, span.start, span.organisation) for span in known if span.organisation]
    found.extend((name.end, name.start, name.name) for name in names if name.type in _SPEAKING)
    return sorted(found)


def _owned(names: Sequence[InferredName], known: Sequence[KnownSpan], folded: str) -> list[InferredName]:
    """The names, artefacts with their owner where "X's" stands before them."""
    owners: dict[int, str] = {}
    for end, _, organisation in _organisations(names, known):
        owns = shapes.POSSESSIVE.match(folded, end)
        if owns:
            owners[owns.end()] = organisation
    return [
        name._replace(owner=owners[name.start]) if name.type == "artefact" and name.start in owners else name
        for name in names
    ]


def _people(
    runs: Sequence[Run], names: Sequence[InferredName], known: Sequence[KnownSpan], folded: str, cased: str
) -> Iterator[InferredName]:
    """Runs that an office ties to an organisation: "Jane Roe, head of policy at X", "X CEO Jane Roe"."""
    organisations = _organisations(names, known)
    by_start = {start: organisation for _, start, organisation in organisations}
    for run in runs:
        if not _PERSON[0] <= len(run.words) <= _PERSON[1]:
            continue
        office = shapes.OFFICE_OF.match(folded, run.end)
        owner = by_start.get(office.end()) if office else None
        nearest = bisect_left(organisations, (run.start,)) - 1
        if owner is None and nearest >= 0:
            end, _, organisation = organisations[nearest]
            if run.start < end + _OFFICE_NEAR and shapes.OFFICE_BETWEEN.fullmatch(folded, end, run.start):
                owner = organisation
        if owner is not None:
            yield InferredName(run.start, run.end, "person", cased[run.start : run.end], owner)
