"""One event per actor, artefact and direction: readings that tell the same are merged into one mention."""

from __future__ import annotations

import re
from collections.abc import Iterable

from extractors.openness.article import PreparedArticle
from extractors.openness.entities import Entity
from extractors.openness.reading import Reading
from extractors.records import Direction, Kind, Mention, NullEvent, Stage  # noqa: F401

# Released together they are one event of the strongest kind.
_MATERIAL = ("weights", "code", "data", "licence")
# A line or a policy is one event however many artefacts are named beside it.
_GENERAL = ("strategy", "policy")
_STAGE_RANK = {"denied": 0, "delayed": 1, "done": 2, "announced": 3, "signalled": 4, "rumoured": 5}
_SLUG = re.compile(r"[^a-z0-9가-힣一-鿿]+")

_NOT_SO_CALLED = re.compile(
    r"\b(?:this|it|that|which|licen[cs]e) (?:is not|isn't|does not count as|is no|isn't an?)"
    r"(?: (?:strictly|truly|fully|really|quite))? open[- ]?source\b(?!d)"
)
_SIZE = re.compile(r"(?<![^\W_])(?<!\.)\d+(?:\.\d+)?[bmt](?![^\W_])", re.IGNORECASE)
"""`7B`, `1.5b`, `300M`: parameters of a release."""

Told = list[tuple[Reading, Entity | None]]
"""Readings, each with the artefact it is about; None: the reading names none."""
Grouped = dict[tuple[str, str, str, bool], Told]
"""By actor, family, direction, and whether it is news."""


def merge_readings(
    readings: Iterable[Reading], article: PreparedArticle, ruleset: str
) -> tuple[Mention, ...]:
    """The mentions of an article, news first, in the order of the text."""
    readings = list(readings)
    in_full = _names_in_full(readings)
    grouped: Grouped = {}
    for reading in readings:
        if reading.null is not None or reading.resolved is None or reading.currency is None:
            continue
        for actor in reading.resolved.actors:
            for artefact in reading.resolved.artefacts or (None,):
                family = _family(reading, artefact)
                key = (in_full.get(actor, actor), family, reading.direction, reading.currency.current)
                grouped.setdefault(key, []).append((reading, artefact))
    merged = _without_generic(_without_terms_of_the_new(_without_echoes(grouped)))
    mentions = [
        _mention(key, release, article, ruleset)
        for key, found in merged.items()
        for release in ([found] if key[1] in _GENERAL else _releases(found))
    ]
    return tuple(sorted(mentions, key=lambda m: (not m.current, m.where == "text", m.start)))


def _releases(found: Told) -> list[Told]:
    """Sizes of one family are one event, unless one is out and another only promised ("Gondor-70B follows in June")."""
    sizes = [_size(artefact) for _, artefact in found]
    reached: dict[str, str] = {}
    for (reading, _), size in zip(found, sizes, strict=True):
        if size and _STAGE_RANK[reading.stage] < _STAGE_RANK.get(reached.get(size, ""), len(_STAGE_RANK)):
            reached[size] = reading.stage
    if len(set(reached.values())) < 2:
        return [found]
    stages = list(dict.fromkeys(reached.values()))
    releases: dict[str, Told] = {stage: [] for stage in stages}
    for told, size in zip(found, sizes, strict=True):
        releases[reached.get(size, stages[0])].append(told)
    return list(releases.values())


def _size(artefact: Entity | None) -> str:
    found = _SIZE.search(artefact.text) if artefact else None
    return found[0].lower() if found else ""


def _names_in_full(readings: Iterable[Reading]) -> dict[str, str]:
    """From the short name of an actor to the full one the same article uses too (`Larkspur` → `Larkspur AI`)."""
    actors = {actor for reading in readings if reading.resolved for actor in reading.resolved.actors}
    return {
        short: long
        for short in actors
        for long in actors
        if long.startswith(f"{short} ") and len(long.split()) <= len(short.split()) + 2
    }


def _without_echoes(grouped: Grouped) -> Grouped:
    """Drop a line of policy that is stated only by what is opened or closed ("promised to open-source X")."""
    material = {
        (key[0], key[2], id(reading.sentence))
        for key, found in grouped.items()
        if key[1] not in _GENERAL
        for reading, _ in found
    }
    news = {(key[0], key[2]) for key in grouped if key[1] not in _GENERAL and key[3]}
    kept: Grouped = {}
    for key, found in grouped.items():
        telling = [
            (reading, artefact)
            for reading, artefact in found
            if not (
                (reading.rule.id == "strategy/embrace" and (key[0], key[2], id(reading.sentence)) in material)
                or (reading.rule.kind == "weights" and key[1] == "strategy" and (key[0], key[2]) in news)
            )
        ]
        if telling:
            kept[key] = telling
    return kept


def _without_terms_of_the_new(grouped: Grouped) -> Grouped:
    """Drop what a clause of a licence narrows when the article reports the release itself: nothing was wider before."""
    openers = {
        key[0]
        for key, found in grouped.items()
        if key[2] == "opening" and key[3] and any(reading.kind == "weights" for reading, _ in found)
    }
    released = {
        (key[0], key[1])
        for key, found in grouped.items()
        if key[2] == "opening" and key[3] and any(reading.kind in ("weights", "code") for reading, _ in found)
    }
    grouped = {
        key: [
            told for told in found if key[2] != "closing" or key[0] not in openers or not _only_names(told[0])
        ]
        for key, found in grouped.items()
    }
    return {
        key: found
        for key, found in grouped.items()
        if found
        and (
            key[2] != "closing"
            or (key[0], key[1]) not in released
            or any(
                reading.kind != "licence" or reading.licences[0] or reading.sentence.where == "title"
                for reading, _ in found
            )
        )
    }


def _only_names(reading: Reading) -> bool:
    """Whether a sentence says only what a release may not be called: "this is not open source as defined"."""
    return _NOT_SO_CALLED.search(reading.sentence.folded) is not None


def _without_generic(grouped: Grouped) -> Grouped:
    """Fold what has no name into the one artefact of the same actor and direction; drop background of news."""
    merged: Grouped = {}
    named: dict[tuple[str, str, bool], list[tuple[str, str, str, bool]]] = {}
    for key, found in grouped.items():
        if found[0][1] is not None and key[1] not in _GENERAL:
            named.setdefault((key[0], key[2], key[3]), []).append(key)
    for key, found in grouped.items():
        same = named.get((key[0], key[2], key[3]), [])
        target = key
        if key[1] in _GENERAL:
            target = key
        elif found[0][1] is None and same:
            target = same[0]
        elif found[0][1] is None:
            generic = [
                k for k in merged if (k[0], k[2], k[3]) == (key[0], key[2], key[3]) and k[1] not in _GENERAL
            ]
            target = generic[0] if generic else key
        merged.setdefault(target, []).extend(found)
    current = {key[:3] for key in merged if key[3]}
    return {key: found for key, found in merged.items() if key[3] or key[:3] not in current}


def _family(reading: Reading, artefact: Entity | None) -> str:
    if reading.kind in _GENERAL:
        return reading.kind
    if artefact is not None:
        return artefact.family or _slug(artefact.name)
    description = reading.resolved.description if reading.resolved else ""
    return _slug(description)


def _slug(name: str) -> str:
    return _SLUG.sub("-", name.lower()).strip("-")


def _mention(
    key: tuple[str, str, str, bool],
    found: list[tuple[Reading, Entity | None]],
    article: PreparedArticle,
    ruleset: str,
) -> Mention:
    actor, _, direction, current = key
    best, artefact = min(
        found,
        key=lambda pair: (
            pair[1] is None,
            "open-family" in pair[0].rule.needs,
            pair[0].sentence.where != "title",
            _STAGE_RANK[pair[0].stage],
            # A sentence that names the model tells more than "The licence is Apache 2.0".
            pair[0].resolved is None or pair[0].resolved.artefact_from == "named before",
            -pair[0].confidence,
            not (pair[0].resolved and pair[0].resolved.description),
        ),
    )
    readings = [reading for reading, _ in found]
    kind = best.kind
    if kind in _MATERIAL:
        kind = min((r.kind for r in readings if r.kind in _MATERIAL), key=_MATERIAL.index)
        if direction == "closing" and any(r.kind == "licence" and all(r.licences) for r in readings):
            kind = "licence"  # "No longer open source" is what the change of licence comes to.
    where = best.sentence.where
    folded = article.folded[where]
    start, end = best.sentence.start, best.sentence.start + len(best.sentence.text)
    first, last = folded.published(start), folded.published(end - 1) + 1
    resolved = best.resolved
    name = artefact.text if artefact else (resolved.description if resolved else "")
    if kind in _GENERAL and artefact is None:
        name = ""
    return Mention(
        actor=actor,
        artefact=name,
        family=(artefact.family or _slug(name)) if artefact else (_slug(name) if name else ""),
        kind=kind,  # type: ignore[arg-type]
        direction=direction,  # type: ignore[arg-type]
        stage=_stage(best, readings),  # type: ignore[arg-type]
        due=best.due
        or next((reading.due for reading in readings if reading.due and best.stage != "done"), None),
        licence_from=next((r.licences[0] for r in [best, *readings] if r.licences[0]), None),
        licence_to=next((r.licences[1] for r in [best, *readings] if r.licences[1]), None),
        level_from=next((r.level_from for r in [best, *readings] if r.level_from is not None), None),
        level_to=next((r.level_to for r in [best, *readings] if r.level_to is not None), None),
        current=current,
        confidence=max(reading.confidence for reading in readings),
        evidence=folded.published_text[first:last],
        start=first,
        end=last,
        where=where,
        rule=best.rule.id,
        ruleset=ruleset,
        territory=next((r.territory for r in [best, *readings] if r.territory), None),
        compelled_by=next((r.compelled_by for r in [best, *readings] if r.compelled_by), None),
    )


def _stage(best: Reading, readings: list[Reading]) -> str:
    """The best reading's stage; a headline's "weighs" or "plans" is a rumour when the lead rests on unnamed sources."""
    lead = [
        reading for reading in readings if reading.sentence.where == "text" and reading.sentence.index < 2
    ]
    if (
        best.sentence.where == "title"
        and best.stage in ("signalled", "announced")
        and any(reading.stage == "rumoured" for reading in lead)
    ):
        return "rumoured"
    return best.stage


def null_events(readings: Iterable[Reading], article: PreparedArticle) -> tuple[NullEvent, ...]:
    """What looked like a shift and is none, one per sentence and id; a sentence with news of a shift has none."""
    readings = list(readings)
    telling = {
        (r.sentence.where, r.sentence.start)
        for r in readings
        if r.null is None and r.currency is not None and r.currency.current
    }
    found: dict[tuple[str, str, int], NullEvent] = {}
    for reading in readings:
        sentence = reading.sentence
        if reading.null is None or (sentence.where, sentence.start) in telling:
            continue
        folded = article.folded[sentence.where]
        start, end = (
            folded.published(sentence.start),
            folded.published(sentence.start + len(sentence.text) - 1) + 1,
        )
        found.setdefault(
            (reading.null, sentence.where, start),
            NullEvent(
                id=reading.null,
                evidence=folded.published_text[start:end],
                start=start,
                end=end,
                where=sentence.where,
            ),
        )
    return tuple(found.values())
