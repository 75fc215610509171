"""Why an article was tagged, and why not: the readings of every sentence as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from extractors.openness.article import PreparedArticle
from extractors.openness.reading import Reading
from extractors.openness.tagger import Tagger
from extractors.records import Tagging


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one rule made of one sentence."""

    rule: str
    title: str
    """What happened, as the rule says it."""
    pattern: str
    """The words of the rule that matched, as written in its file."""
    words: str
    """The words of the article that matched."""
    where: str
    start: int
    end: int
    """Offsets of `words` in the published title or text."""
    sentence: str
    entities: tuple[tuple[str, str, str], ...]
    """Text, type and canonical name of every entity of the sentence."""
    outcome: str
    """`shift`, `background` (a shift that is not current) or the id of a null event."""
    because: str
    """Why not, or why current."""
    mood: str | None
    polarity: str | None
    cues: tuple[str, ...]
    """Words that mood and polarity were read from."""
    actors: tuple[str, ...]
    actor_from: str | None
    artefacts: tuple[str, ...]
    kind: str | None
    direction: str | None
    stage: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All steps of one article, with what came out."""

    tagging: Tagging
    steps: tuple[Step, ...]


def explain(
    tagger: Tagger,
    *,
    title: str,
    text: str,
    published: date | None,
    language: str | None = None,
    actor: str | None = None,
) -> Explanation:
    """Tag an article and keep every step, also those that came to nothing."""
    spoken, readings, article = tagger.read(
        title=title, text=text, published=published, language=language, actor=actor
    )
    tagging = tagger.tag(title=title, text=text, published=published, language=spoken, actor=actor)
    steps = tuple(_step(reading, article) for reading in readings)
    return Explanation(tagging=tagging, steps=steps)


def _step(reading: Reading, article: PreparedArticle) -> Step:
    sentence = reading.sentence
    folded = article.folded[sentence.where]
    start = folded.published(sentence.start + reading.span[0])
    end = folded.published(sentence.start + reading.span[1] - 1) + 1
    modality, resolved, currency = reading.modality, reading.resolved, reading.currency
    if reading.null is not None:
        outcome, because = reading.null, reading.why
    else:
        current = currency is not None and currency.current
        outcome, because = "shift" if current else "background", currency.why if currency else ""
    return Step(
        rule=reading.rule.id,
        title=reading.rule.title,
        pattern=reading.pattern.source,
        words=sentence.text[reading.span[0] : reading.span[1]],
        where=sentence.where,
        start=start,
        end=end,
        sentence=sentence.text,
        entities=tuple((entity.text, entity.type, entity.name) for entity in sentence.entities),
        outcome=outcome,
        because=because,
        mood=modality.mood if modality else None,
        polarity=modality.polarity if modality else None,
        cues=tuple(cue.words for cue in modality.cues) if modality else (),
        actors=resolved.actors if resolved else (),
        actor_from=resolved.actor_from if resolved else None,
        artefacts=tuple(entity.text for entity in resolved.artefacts) if resolved else (),
        kind=reading.kind or None,
        direction=reading.direction or None,
        stage=reading.stage or None,
    )
