"""The newsroom's articles and the reading expected of each: `stories/<publisher>/<slug>.yaml`.

A story file holds what the publisher prints (title, author, published, text), under `corrected` what it
prints from day two on instead, and under `expected` what a careful reader takes from it:

    expected:
      label: shift                # shift: reported as news; mention: background or debate; none
      events:                     # for a shift, and background events with `current: false`
        - {actor: …, artefact: …, kind: …, direction: …, stage: …, due: …, licence_to: …}
      nulls: [price]              # why what looks like a shift is none; ids of extractors/openness/nulls.yaml
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

import yaml

from extractors.records import Direction, Kind, Stage
from flows.demo.publishers import PUBLISHERS_BY_ID, Publisher

DAYS: Mapping[int, datetime] = {
    1: datetime(2026, 3, 10, 18, 0, tzinfo=UTC),
    2: datetime(2026, 3, 12, 18, 0, tzinfo=UTC),
}
"""The moment at which each day's edition is complete; a pass over the newsroom takes it for now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedEvent:
    """One openness shift a careful reader takes from an article. None: the article does not say."""

    actor: str
    artefact: str = ""
    kind: Kind
    direction: Direction
    stage: Stage
    due: date | None = None
    licence_from: str | None = None
    licence_to: str | None = None
    territory: str | None = None
    compelled_by: str | None = None
    current: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a careful reader takes from one article as it stands on a day."""

    label: Literal["shift", "mention", "none"]
    events: tuple[ExpectedEvent, ...] = ()
    nulls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article as its publisher prints it."""

    publisher: Publisher
    slug: str
    url: str
    title: str
    author: str
    published: datetime
    updated: datetime
    """Equal to `published` until the article is corrected."""
    paragraphs: tuple[str, ...]
    expected: Reading
    story: str | None = None
    """Id shared by all articles that report the same shift at the same stage. None: it stands alone."""
    gone: bool = False
    """True: it is still listed, but its page answers 404."""


def stories_on(day: int) -> tuple[Story, ...]:
    """Every story out by that day, newest first, corrections applied. KeyError for a day not in DAYS."""
    moment = DAYS[day]
    versions = (
        corrected if corrected is not None and corrected.updated <= moment else printed
        for printed, corrected in _read_stories()
        if printed.published <= moment
    )
    return tuple(sorted(versions, key=lambda story: (story.published, story.slug), reverse=True))


def expected(day: int) -> dict[str, Reading]:
    """The reading of every article that can be read on that day, by the article's URL."""
    return {story.url: story.expected for story in stories_on(day) if not story.gone}


@cache
def _read_stories() -> tuple[tuple[Story, Story | None], ...]:
    """Each story as first printed and, where there is one, as corrected."""
    folder = files("flows.demo") / "stories"
    return tuple(
        _read_story(PUBLISHERS_BY_ID[shelf.name], story_file)
        for shelf in sorted(folder.iterdir(), key=lambda shelf: shelf.name)
        for story_file in sorted(shelf.iterdir(), key=lambda story_file: story_file.name)
    )


def _read_story(publisher: Publisher, story_file: Traversable) -> tuple[Story, Story | None]:
    fields: dict[str, Any] = yaml.safe_load(story_file.read_text(encoding="utf-8"))
    slug = story_file.name.removesuffix(".yaml")
    corrected = fields.pop("corrected", None)
    text = fields.pop("text")
    published = fields.pop("published")
    printed = Story(
        **{**fields, "expected": _read_reading(fields["expected"])},
        publisher=publisher,
        slug=slug,
        url=publisher.article_url(slug, published),
        published=published,
        updated=published,
        paragraphs=_paragraphs(text),
    )
    if corrected is None:
        return printed, None
    return printed, replace(
        printed,
        title=corrected.get("title", printed.title),
        updated=corrected["at"],
        paragraphs=_paragraphs(corrected["text"]),
        expected=_read_reading(corrected["expected"]),
    )


def _read_reading(fields: dict[str, Any]) -> Reading:
    return Reading(
        label=fields["label"],
        events=tuple(ExpectedEvent(**event) for event in fields.get("events", ())),
        nulls=tuple(fields.get("nulls", ())),
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    """Blank lines part paragraphs; line breaks within one are the file's own and fall away."""
    # Korean and Chinese paragraphs are kept on one line in the files: a joint would add a blank.
    return tuple(" ".join(block.split("\n")).strip() for block in text.strip().split("\n\n"))
