"""Who did it, to what: the actor and the artefact of an act, from the sentence or from what stands before it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractors.openness.article import PreparedArticle, Sentence
from extractors.openness.entities import Entity

LOOK_BACK = 4
"""Sentences searched backwards for whom "the company" or "it" means."""

_PRONOUN = re.compile(
    r"\b(?:it|they|its|their|he|she|his|her|the (?:\w+[ -]){0,3}(?:company|startup|start-up|firm|lab|group|team|maker|developer"
    r"|giant|organi[sz]ation|institute|researchers|nonprofit|non-profit|unicorn|chipmaker|subsidiary|outfit|foundation|ceo"
    r"|agency|department|administration|government|regulator|ministry|university|project|duo|trio|partners|founder))\b"
    r"|회사|업체|이 회사|해당 기업|该公司|公司"
)
_FIRST_PERSON = re.compile(r"\b(?:we|our|us|i|we're|we've|i'm)\b|우리|당사|저희|我们")
# Words before a name that make it no subject ("rival to OpenAI", "backed by Google").
_OBLIQUE = re.compile(
    r"\b(?:to|from|with|against|like|than|by|as|over|for|including|behind|on|at|unlike|versus|vs|challenging|rival|rivals"
    r"|via|through|into|about|alongside|beat|beats|outperforms?|told|tells|in|under|among|after|using|called|dubbed|named"
    r"|joining|following)"
    r"(?: (?:the|its|an?|chinese|us|american|french|rival|ai|former|startup|lab|giant|company|like|as|both|western))*[\s\"']*$"
)
_BY = re.compile(r"\b(?:by|from)(?: (?:the|a|an|its|chinese|us|french|ai|lab|startup|company|researchers|at|scientists|team|ceo|giant))*\s*$")
_JOINT = re.compile(r"^(?:'s)?(?:,? and (?:the )?|, (?:the )?| & |、|和|와 |과 |, 그리고 | 및 |·|/|; )$")
_GENERIC = re.compile(
    r"(?:(?P<size>\d+[bt]) )?(?:open[- ]?(?:source|weights?|ai)?(?: \w+){0,2} (?:models?|weights|llms?|version|release)"
    r"|(?:older|future|next|previous|earlier|upcoming|smaller|larger|flagship|frontier)(?: \w+){0,2} models?"
    r"|model weights|system prompts?|training data|datasets?|recommendation algorithm|algorithm)\b"
)
_DEFINITE_ARTEFACT = re.compile(
    r"\b(?:it|them|its|their|both|this|the (?:\w+[ -]){0,3}(?:model|models|tool|weights|framework|system|family|agent|code|dataset|"
    r"protocol|standard|repository|chatbot|assistant|project|series|software|release|license|licence|library|checkpoint|checkpoints|version))\b"
    r"|모델|해당|该模型|模型"
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """Actors and artefacts of one act, with how each was found."""

    actors: tuple[str, ...]
    actor_from: str
    artefacts: tuple[Entity, ...]
    """Known or newly met artefacts; empty when there are none or only a description."""
    description: str
    """What the sentence calls the artefact when it has no name ("open-weight model")."""
    artefact_from: str


def organisation_of(entity: Entity) -> str | None:
    """The organisation an entity speaks for; None for a person of no office at the time."""
    return entity.owner if entity.type == "person" else entity.name


def resolve(
    article: PreparedArticle,
    sentence: Sentence,
    span: tuple[int, int],
    head: tuple[int, int],
    *,
    general: bool,
    source_actor: str | None,
) -> Resolved:
    """Find actor and artefact of the words at `span`, whose deciding verb is at `head`.

    `general`: the rule speaks of a line or policy, so that no artefact need be found elsewhere.
    """
    artefacts, artefact_from, description = _artefacts(article, sentence, span, head, general)
    actors, actor_from = _actors(article, sentence, span, head, artefacts, source_actor)
    return Resolved(actors, actor_from, artefacts, description, artefact_from)


def _artefacts(
    article: PreparedArticle, sentence: Sentence, span: tuple[int, int], head: tuple[int, int], general: bool
) -> tuple[tuple[Entity, ...], str, str]:
    named = sentence.artefacts()
    inside = [entity for entity in named if span[0] <= entity.start < span[1]]
    if inside:
        return _with_joined(sentence, inside[0], named), "named in the words of the rule", ""
    after = [entity for entity in named if head[1] <= entity.start <= span[1] + 90 and _apposed(sentence, span[1], entity)]
    if after:
        return _with_joined(sentence, after[0], named), "named after the verb", ""
    before = [entity for entity in named if entity.end <= head[0] and entity.end >= head[0] - 60]
    described = _GENERIC.search(sentence.folded, span[0], span[1])
    description = described.group() if described else ""
    if before and not _compared(sentence, before[-1]):
        return _with_joined(sentence, before[-1], named, backwards=True), "named before the verb", ""
    if general:
        return (), "", ""
    if described is None or _DEFINITE_ARTEFACT.search(sentence.folded):
        for earlier in article.before(sentence.where, sentence.index, 2):
            candidates = [entity for entity in earlier.artefacts() if not _compared(earlier, entity)]
            if candidates and (described is None or sentence.where == "text"):
                return (candidates[0],), "named before", description
    return (), "", description


def _with_joined(sentence: Sentence, first: Entity, named: list[Entity], backwards: bool = False) -> tuple[Entity, ...]:
    """An artefact with those listed beside it ("gpt-oss-120b and gpt-oss-20b"), of the same owner."""
    joined = [first]
    row = list(reversed(named)) if backwards else named
    for entity in row[row.index(first) + 1 :]:
        left, right = (entity, joined[-1]) if backwards else (joined[-1], entity)
        if not _JOINT.match(sentence.folded[left.end : right.start]) or entity.owner != first.owner:
            break
        joined.append(entity)
    return tuple(joined)


def _apposed(sentence: Sentence, end: int, entity: Entity) -> bool:
    """Whether a name after the match belongs to it ("… open models, called Nemotron 3")."""
    if entity.start <= end:
        return True
    between = sentence.folded[end : entity.start]
    return re.search(r"[.;]|\b(?:than|against|unlike|like|versus|vs|rival|compete|from|while|but|such as|based on|built on|using)\b", between) is None


def _compared(sentence: Sentence, entity: Entity) -> bool:
    before = sentence.folded[max(0, entity.start - 30) : entity.start]
    return re.search(r"\b(?:than|against|unlike|like|versus|vs\.?|rivals?|beats?|beating|outperforms?|competitors?|based on|built on|to)[\s\w'-]{0,12}$", before) is not None


def _actors(
    article: PreparedArticle,
    sentence: Sentence,
    span: tuple[int, int],
    head: tuple[int, int],
    artefacts: tuple[Entity, ...],
    source_actor: str | None,
) -> tuple[tuple[str, ...], str]:
    actors = [entity for entity in sentence.actors() if organisation_of(entity)]
    subject = _subject(sentence, actors, head)
    if subject is not None:
        return _joint(sentence, subject, actors), "subject of the verb"
    agent = next(
        (entity for entity in actors if entity.start >= head[1] and _BY.search(sentence.folded[: entity.start])), None
    )
    if agent is not None and sentence.folded[max(0, agent.start - 40) : agent.start].rstrip().endswith(("by", "team")):
        return _joint(sentence, agent, actors), "agent of the passive"
    owner = next((entity.owner for entity in artefacts if entity.owner), None)
    possessor = next(
        (e for e in actors if sentence.folded[e.end : e.end + 2] in ("'s", "' ") and e.start >= span[0] - 60), None
    )
    if owner and not (possessor and organisation_of(possessor) != owner):
        return (owner,), "owner of the artefact"
    if possessor is not None:
        return (str(organisation_of(possessor)),), "owner by possession"
    if source_actor and _FIRST_PERSON.search(sentence.folded):
        return (source_actor,), "the source speaks of itself"
    pronoun = _PRONOUN.search(sentence.folded, 0, max(head[1], 1))
    if pronoun or not actors:
        for earlier in article.before(sentence.where, sentence.index, LOOK_BACK):
            found = _main_actor(earlier)
            if found:
                return (found,), "named before"
            held = next((entity.owner for entity in earlier.artefacts() if entity.owner), None)
            if held:
                return (held,), "owner of the artefact named before"
    if actors:
        nearest = min(actors, key=lambda entity: min(abs(entity.start - head[1]), abs(head[0] - entity.end)))
        if not _OBLIQUE.search(sentence.folded[: nearest.start]):
            return _joint(sentence, nearest, actors), "nearest name"
    if source_actor:
        return (source_actor,), "the source"
    return (), ""


def _subject(sentence: Sentence, actors: list[Entity], head: tuple[int, int]) -> Entity | None:
    """The actor nearest before the verb that is no prepositional object and not shadowed by a pronoun."""
    for entity in reversed([entity for entity in actors if entity.end <= head[0]]):
        before = sentence.folded[max(0, entity.start - 60) : entity.start]
        if _OBLIQUE.search(before):
            continue
        between = sentence.folded[entity.end : head[0]]
        if len(between) > 140 or re.search(r"[;?!]", between):
            return None
        return entity
    return None


def _joint(sentence: Sentence, first: Entity, actors: list[Entity]) -> tuple[str, ...]:
    """The actor with those coordinated to it, left and right ("Nvidia, Meta and IBM")."""
    at = actors.index(first)
    left, right = at, at
    while left > 0 and _JOINT.match(sentence.folded[actors[left - 1].end : actors[left].start]):
        left -= 1
    while right + 1 < len(actors) and _JOINT.match(sentence.folded[actors[right].end : actors[right + 1].start]):
        right += 1
    names = [organisation_of(entity) for entity in actors[left : right + 1]]
    return tuple(dict.fromkeys(name for name in names if name))


def _main_actor(sentence: Sentence) -> str | None:
    """Whom a sentence is about: its first actor that is no prepositional object."""
    for entity in sentence.actors():
        name = organisation_of(entity)
        if name and not _OBLIQUE.search(sentence.folded[max(0, entity.start - 60) : entity.start]):
            return name
    return None
