"""`ajar explain`: finds the article behind a URL, a file or standard input, and says why it was tagged so."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from extractors.addresses import canonical_url
from extractors.errors import ConfigurationError
from extractors.openness.explain import Explanation, explain
from extractors.openness.tagger import load_tagger
from extractors.plain_text import scrub
from flows.settings import Settings
from flows.tagging import actor_of
from warehouse.database import open_published


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The article to explain."""

    title: str
    text: str
    published: date | None
    language: str | None
    actor: str | None


def explain_article(settings: Settings, named: str) -> tuple[Given, Explanation]:
    """The article a user named, and every step of its tagging.

    `named` is the URL of a stored article, a file, or `-` for standard input. A file or the input is plain
    text whose first line is the title, or one JSON object as `ajar tag` takes it.
    Raises ConfigurationError when there is no such article, or no text in it.
    """
    if named == "-":
        given = _given("standard input", sys.stdin.buffer.read())
    elif named.startswith(("http://", "https://")):
        given = _stored(settings, named)
    elif Path(named).is_file():
        given = _given(named, Path(named).read_bytes())
    else:
        raise ConfigurationError(f"{named}: no such file; name the URL of a stored article, a file, or -")
    explanation = explain(
        load_tagger(),
        title=given.title,
        text=given.text,
        published=given.published,
        language=given.language,
        actor=given.actor,
    )
    return given, explanation


def _stored(settings: Settings, url: str) -> Given:
    with open_published(settings.published) as connection:
        row = connection.execute(
            """
            SELECT title, text, CAST(coalesce(published_at, first_seen_at) AS DATE), articles.language, actor
            FROM articles LEFT JOIN sources USING (source)
            WHERE canonical_url = ? OR url = ?
            LIMIT 1
            """,
            [canonical_url(url), url],
        ).fetchone()
    if row is None:
        raise ConfigurationError(
            f"{url}: is not in {settings.published}; `ajar query search --set words=…` finds what is"
        )
    title, text, published, language, actor = row
    return Given(title=title, text=text, published=published, language=language, actor=actor)


def _given(place: str, content: bytes) -> Given:
    written = scrub(content.decode("utf-8", "replace"))
    if b"\0" in content or not written.strip():
        holds = "is empty" if not content.strip() else "holds no text"
        raise ConfigurationError(f"{place} {holds}; give an article, its title on the first line")
    try:
        article = json.loads(written)
    except ValueError:
        article = None
    if isinstance(article, dict) and isinstance(article.get("text"), str):
        return Given(
            title=str(article.get("title") or ""),
            text=article["text"],
            published=_date(article.get("published")),
            language=article.get("language") if isinstance(article.get("language"), str) else None,
            actor=actor_of(article.get("source")),
        )
    title, _, text = written.lstrip("\ufeff\n").partition("\n")
    return Given(title=title.strip(), text=text.strip(), published=None, language=None, actor=None)


def _date(value: object) -> date | None:
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        return None
