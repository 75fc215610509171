"""Precision and recall of the tagger over labelled articles, whole and per kind, direction and stage.

Labelled articles are a pair of JSON-lines files (articles: `url`, `title`, `text`, `published`; labels: `id`,
`label`, `confidence`, `events`) or a folder of YAML passages as in `tests/labelled`. What counts:

* precision        flagged articles whose label is `shift`, of all flagged (a current shift was found)
* recall           articles labelled `shift` that were flagged; headline recall: of those with a headline event
* event recall     labelled events found with their actor and direction; event precision: the reverse
* kind, stage      share of the events found that have the same kind or stage
* evidence         share of the shifts whose evidence stands verbatim where the offsets say
* nulls            share of the null events expected that were named by their id

Rows of low confidence and events marked `todo` (known misses) are left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from extractors.errors import ConfigurationError
from extractors.openness.scoring import matching_mention, same_actor
from extractors.openness.tagger import Tagger
from extractors.records import Mention

FLOORS_FILE = "floors.yaml"
ASPECTS = ("kind", "direction", "stage")


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article with what a careful reader takes from it."""

    id: str
    title: str
    text: str
    published: date | None
    label: str
    """`shift`, `mention` or `none`."""
    events: tuple[Mapping[str, Any], ...]
    """The current events, without known misses."""
    actor: str | None = None
    language: str | None = None
    known_misses: int = 0
    nulls: tuple[str, ...] = ()
    """Ids of the null events expected among those found."""


@dataclass(frozen=True, slots=True)
class Share:
    """A ratio with its parts."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None when there was nothing to count."""
        return self.hits / self.of if self.of else None


@dataclass(slots=True)
class Evaluation:
    """The figures of one run."""

    articles: int
    known_misses: int
    figures: dict[str, Share]
    """By name: precision, headline recall, recall, event recall, event precision, kind, stage, evidence, nulls."""
    per_class: dict[str, dict[str, tuple[Share, Share]]]
    """By aspect (kind, direction, stage) and class: precision and recall of events."""
    false_alarms: list[tuple[str, Mention]] = field(default_factory=list)
    missed: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def below(self, floors: Mapping[str, float]) -> list[str]:
        """One sentence for every figure under its floor."""
        found = []
        for name, floor in floors.items():
            value = self.figures[name].value if name in self.figures else None
            if value is not None and value < floor:
                found.append(f"{name} is {value:.3f}, its floor {floor:.3f}")
        return found

    def as_text(self) -> str:
        """The figures, then precision and recall per class."""
        lines = [f"{'articles':18} {self.articles}", f"{'known misses':18} {self.known_misses}"]
        for name, share in self.figures.items():
            lines.append(f"{name:18} {_shown(share)}   ({share.hits} of {share.of})")
        for aspect, classes in self.per_class.items():
            lines.append(f"\n{aspect:12} precision  recall   events")
            for name, (precision, recall) in sorted(classes.items()):
                lines.append(f"{name:12} {_shown(precision):9}  {_shown(recall):6}   {recall.of}")
        return "\n".join(lines)


def evaluate(tagger: Tagger, articles: Iterable[LabelledArticle]) -> Evaluation:
    """Tag every article and count."""
    counts: Counter[str] = Counter()
    classes: Counter[tuple[str, str, str]] = Counter()
    result = Evaluation(articles=0, known_misses=0, figures={}, per_class={})
    for article in articles:
        result.articles += 1
        result.known_misses += article.known_misses
        tagging = tagger.tag(
            title=article.title,
            text=article.text,
            published=article.published,
            language=article.language,
            actor=article.actor,
        )
        current = [mention for mention in tagging.shifts if mention.current]
        for mention in current:
            source = article.title if mention.where == "title" else article.text
            counts["evidence"] += source[mention.start : mention.end] == mention.evidence
        counts["nulls"] += len(article.nulls)
        counts["nulls found"] += len({event.id for event in tagging.nulls} & set(article.nulls))
        counts["mentions"] += len(current)
        counts["flagged"] += bool(current)
        if article.label != "shift":
            result.false_alarms.extend((article.id, mention) for mention in current)
            continue
        headline = any(event.get("headline") for event in article.events)
        counts["shift"] += 1
        counts["found"] += bool(current)
        counts["headline"] += headline
        counts["headline found"] += headline and bool(current)
        _count_events(article, current, counts, classes, result)
    result.figures = {
        "precision": Share(counts["found"], counts["flagged"]),
        "headline recall": Share(counts["headline found"], counts["headline"]),
        "recall": Share(counts["found"], counts["shift"]),
        "event recall": Share(counts["events found"], counts["events"]),
        "event precision": Share(counts["predicted right"], counts["predicted"]),
        "kind": Share(counts["kind"], counts["events found"]),
        "stage": Share(counts["stage"], counts["events found"]),
        "evidence": Share(counts["evidence"], counts["mentions"]),
        "nulls": Share(counts["nulls found"], counts["nulls"]),
    }
    result.per_class = {aspect: _per_class(aspect, classes) for aspect in ASPECTS}
    return result


def _count_events(
    article: LabelledArticle,
    current: list[Mention],
    counts: Counter[str],
    classes: Counter[tuple[str, str, str]],
    result: Evaluation,
) -> None:
    for event in article.events:
        counts["events"] += 1
        found = matching_mention(event, current)
        for aspect in ASPECTS:
            classes[aspect, str(event[aspect]), "events"] += 1
            if found is not None and getattr(found, aspect) == event[aspect]:
                classes[aspect, str(event[aspect]), "found"] += 1
        if found is None:
            result.missed.append((article.id, event))
            continue
        counts["events found"] += 1
        counts["kind"] += found.kind == event["kind"]
        counts["stage"] += found.stage == event["stage"]
    for mention in current:
        right = any(
            same_actor(mention.actor, event["actor"]) and mention.direction == event["direction"]
            for event in article.events
        )
        counts["predicted"] += 1
        counts["predicted right"] += right
        for aspect in ASPECTS:
            classes[aspect, getattr(mention, aspect), "predicted"] += 1


def _per_class(aspect: str, classes: Counter[tuple[str, str, str]]) -> dict[str, tuple[Share, Share]]:
    names = {name for found_aspect, name, _ in classes if found_aspect == aspect}
    return {
        name: (
            Share(classes[aspect, name, "found"], classes[aspect, name, "predicted"]),
            Share(classes[aspect, name, "found"], classes[aspect, name, "events"]),
        )
        for name in names
    }


def side_by_side(evaluations: Mapping[str, Evaluation]) -> str:
    """The figures of several evaluations, one column each under its name."""
    columns = list(evaluations.values())
    lines = [" " * 18 + "".join(f"{name:>9}" for name in evaluations)]
    lines.append(f"{'articles':18}" + "".join(f"{column.articles:9}" for column in columns))
    for figure in columns[0].figures:
        lines.append(f"{figure:18}" + "".join(f"{_shown(column.figures[figure]):>9}" for column in columns))
    return "\n".join(lines)


def _shown(share: Share) -> str:
    return "-" if share.value is None else f"{share.value:.3f}"


def load_floors() -> Mapping[str, Mapping[str, float]]:
    """The figures below which nothing may fall, from `floors.yaml`: for the `passages` and for the `held out`."""
    text = resources.files("extractors.openness").joinpath(FLOORS_FILE).read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def read_jsonl(articles: Path, labels: Path) -> list[LabelledArticle]:
    """Articles and labels as two JSON-lines files; ConfigurationError names the line that is wrong."""
    by_url = {row["url"]: row for row in _rows(articles, "url")}
    found = []
    for label in _rows(labels, "id"):
        article = by_url.get(label["id"])
        if article is None:
            raise ConfigurationError(f"{labels}: {label['id']!r} is no url in {articles}")
        if label.get("confidence") == "low":
            continue
        found.append(
            LabelledArticle(
                id=label["id"],
                title=article.get("title") or "",
                text=article.get("text") or "",
                published=_day(article.get("published")),
                label=label["label"],
                events=tuple(label.get("events") or ()),
                language=article.get("language"),
            )
        )
    return found


def read_passages(
    folder: Path, language: str | None = None, *, held_out: bool = False
) -> list[LabelledArticle]:
    """The YAML passages of a folder such as `tests/labelled`; `language` keeps those whose id begins with it.

    Files whose name ends in `-held` are measured and never tuned on: `held_out` reads them, and only them.
    """
    files = [file for file in sorted(folder.glob("*.yaml")) if file.stem.endswith("-held") == held_out]
    if not files:
        raise ConfigurationError(f"{folder}: no labelled passages (*.yaml) here")
    found = []
    for file in files:
        for passage in yaml.safe_load(file.read_text(encoding="utf-8")):
            if language and not passage["id"].startswith(f"{language}-"):
                continue
            events = passage.get("events") or []
            counted = [event for event in events if event.get("current", True) and not event.get("todo")]
            found.append(
                LabelledArticle(
                    id=passage["id"],
                    title=passage.get("title") or "",
                    text=passage.get("text") or "",
                    published=_day(passage.get("published")),
                    label=passage["label"],
                    events=tuple(counted),
                    actor=passage.get("actor"),
                    known_misses=sum(bool(event.get("todo")) for event in events),
                    nulls=tuple(passage.get("nulls") or ()),
                )
            )
    return found


def _rows(file: Path, key: str) -> Iterator[dict[str, Any]]:
    try:
        written = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file}: cannot be read ({error}); name a file of JSON Lines") from error
    for number, line in enumerate(written.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise ConfigurationError(f"{file}, line {number}: no JSON: {error.msg}") from error
        if not isinstance(row, dict) or not isinstance(row.get(key), str):
            raise ConfigurationError(f"{file}, line {number}: no object with {key!r}")
        yield row


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
