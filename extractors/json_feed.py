"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), which feedparser 6 does not read."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from extractors.entries import MOST_ENTRIES, build_entry
from extractors.identity import settle_collisions
from extractors.languages import language_code
from extractors.links import absolute_link
from extractors.plain_text import html_to_text, one_line, paragraphs
from extractors.records import Entry, NotAFeed, ParsedFeed


def parse_json_feed(
    text: str, *, url: str, source_id: str, language: str, now: datetime
) -> ParsedFeed | NotAFeed:
    """The entries of a JSON Feed. Whatever has the wrong type is treated as absent.

    RecursionError is the caller's to catch: Python's own limit guards against nesting.
    """
    try:
        document = json.loads(text, parse_int=_bounded_int, strict=False)
    except ValueError as fault:
        return NotAFeed(url=url, reason=f"This is no valid JSON: {one_line(str(fault), 120)}.")
    if not isinstance(document, dict):
        return NotAFeed(
            url=url, reason="This is JSON, but no JSON Feed: it holds a list, not an object with `items`."
        )
    version = _text(document.get("version"))
    items = document.get("items")
    if not isinstance(items, list) or not ("jsonfeed.org/version" in version or _looks_like_items(items)):
        return NotAFeed(url=url, reason=f"This is JSON, but no JSON Feed{_what_it_says(document)}.")
    language = language_code(_text(document.get("language"))) or language
    authors = _authors(document)
    whole = [item for item in items if isinstance(item, dict)]
    entries = [
        _entry(item, url=url, source_id=source_id, language=language, authors=authors, now=now)
        for item in _both_ends(whole)
    ]
    following = absolute_link(_text(document.get("next_url")), url)
    skipped = len(items) - len(whole)
    return ParsedFeed(
        url=url,
        format="json11" if version.endswith("1.1") else "json1",
        title=one_line(_text(document.get("title"))),
        entries=settle_collisions(entries),
        hints={"next_page": following} if following else {},
        complaint=f"{skipped} of its items are no objects" if skipped else None,
        left_out=max(0, len(whole) - MOST_ENTRIES),
    )


def _entry(
    item: dict[str, Any], *, url: str, source_id: str, language: str, authors: str, now: datetime
) -> Entry:
    content_text = _text(item.get("content_text"))
    attachments = item.get("attachments")
    attached = attachments[0] if isinstance(attachments, list) and attachments else None
    return build_entry(
        source_id=source_id,
        address=url,
        guid=_text(item.get("id")) or None,
        link=absolute_link(_text(item.get("url")) or _text(item.get("external_url")), url),
        title=_text(item.get("title")),
        summary=paragraphs(_text(item.get("summary"))),
        content=paragraphs(content_text) if content_text else html_to_text(_text(item.get("content_html"))),
        author=_authors(item) or authors,
        published=_text(item.get("date_published")) or None,
        updated=_text(item.get("date_modified")) or None,
        enclosure=_text(attached.get("url")) if isinstance(attached, dict) else "",
        language=language_code(_text(item.get("language"))) or language,
        now=now,
    )


def _both_ends(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """No more items than the cap, from the start and the end: some feeds list the newest last."""
    if len(items) <= MOST_ENTRIES:
        return items
    return items[: MOST_ENTRIES // 2] + items[-(MOST_ENTRIES // 2) :]


def _text(value: object) -> str:
    """A string as it is; a number as its digits, because ids are often numbers; anything else is absent."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _authors(holder: dict[str, Any]) -> str:
    """Names from `authors` (1.1) or `author` (1.0)."""
    authors = holder.get("authors") or [holder.get("author")]
    named = (
        [_text(author.get("name")) for author in authors if isinstance(author, dict)]
        if isinstance(authors, list)
        else []
    )
    return ", ".join(name for name in named if name)


def _looks_like_items(items: list[Any]) -> bool:
    """A feed that forgot its version: objects with an id or an address, and a text."""
    first = items[0] if items and isinstance(items[0], dict) else {}
    return bool({"id", "url"} & first.keys()) and bool(
        {"title", "content_html", "content_text"} & first.keys()
    )


def _what_it_says(document: dict[str, Any]) -> str:
    for key in ("error", "message", "detail", "errors"):
        said = document.get(key)
        if isinstance(said, dict):
            said = said.get("message")
        if isinstance(said, str) and said.strip():
            return f": it says “{one_line(said, 120)}”"
    return ": it has no `items`"


def _bounded_int(digits: str) -> int:
    """Python refuses integers of more than 4,300 digits with an error; as an id they mean nothing anyway."""
    return int(digits) if len(digits) <= 40 else 0
