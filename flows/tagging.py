"""`ajar tag`: JSON Lines in, JSON Lines out, without the network and without a warehouse."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime
from functools import cache
from typing import Any

from extractors.openness.tagger import Tagger
from extractors.records import Tagging
from extractors.sources import load_sources


def tag_lines(lines: Iterable[bytes], tagger: Tagger) -> Iterator[tuple[str, bool]]:
    """One line of JSON for every line that is not blank, in order, and whether it could be tagged.

    A line that is no JSON object with `url` and `text` becomes `{"url": …, "error": …}`.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        answer = _tag_line(line, number, tagger)
        yield _to_json(answer), "error" not in answer


def _tag_line(line: bytes, number: int, tagger: Tagger) -> dict[str, Any]:
    try:
        article = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"url": None, "error": f"line {number}: no JSON: {error}"}
    if not isinstance(article, dict):
        return {
            "url": None,
            "error": f"line {number}: {type(article).__name__}; give an object with url and text",
        }
    url = article.get("url")
    for key in ("url", "text"):
        if not isinstance(article.get(key), str):
            return {
                "url": url if isinstance(url, str) else None,
                "error": f"line {number}: {key} is {_quoted(article.get(key))}; give it as text",
            }
    published, warning = _published(article.get("published"))
    tagging = tagger.tag(
        title=_optional_text(article.get("title")) or "",
        text=article["text"],
        published=published,
        language=_optional_text(article.get("language")),
        actor=actor_of(article.get("source")),
    )
    return {"url": url, **tagging_as_json(tagging), **({"warning": warning} if warning else {})}


def actor_of(source: Any) -> str | None:
    """The organisation whose own "we" stands in an article of that source.

    None unless `source` is the id of an official source of the bundled catalogue.
    """
    return _official_actors().get(source) if isinstance(source, str) else None


@cache
def _official_actors() -> Mapping[str, str]:
    return {source.id: source.actor for source in load_sources(None) if source.actor is not None}


def tagging_as_json(tagging: Tagging) -> dict[str, Any]:
    """The shifts and null events of one article as values that JSON can hold."""
    shifts = [asdict(mention) for mention in tagging.shifts]
    for shift in shifts:
        shift["due"] = shift["due"].isoformat() if shift["due"] else None
    return {
        "language": tagging.language,
        "shifts": shifts,
        "nulls": [asdict(null) for null in tagging.nulls],
    }


def _published(value: Any) -> tuple[date | None, str | None]:
    """The date of publication, and a warning when it is none: the article is tagged all the same."""
    if value is None or value == "":
        return None, None
    try:
        return datetime.fromisoformat(value).date(), None
    except (TypeError, ValueError):
        return None, f"published is {_quoted(value)}, which is no ISO 8601 date; tagged as undated"


def _optional_text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _quoted(value: Any) -> str:
    written = json.dumps(value)
    return written if len(written) <= 60 else written[:57] + "..."


def _to_json(answer: dict[str, Any]) -> str:
    written = json.dumps(answer, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:  # a lone surrogate from the input: only the escaped form can be written
        written = json.dumps(answer)
    return written
