"""Feeds: the bytes of an answer become entries, or a record that says why not.

RSS 0.9 to 2.0, RDF and Atom are read by feedparser, JSON Feed by `extractors.json_feed`. Whether a
document is a feed is decided on its version and entries: feedparser's `bozo` is set for many feeds
that read perfectly well, and not set for a page of HTML.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import feedparser

from extractors.encodings import decode
from extractors.entries import MOST_ENTRIES, build_entry
from extractors.feed_hints import polling_hints
from extractors.feed_text import ENTRY_END, ENTRY_START, bounded, clean, complete, root_name, what_it_is
from extractors.identity import settle_collisions
from extractors.json_feed import parse_json_feed
from extractors.languages import language_code
from extractors.links import absolute_link
from extractors.plain_text import html_to_text, one_line, paragraphs
from extractors.records import Entry, NotAFeed, ParsedFeed

Headers = Mapping[str, str] | Iterable[tuple[str, str]]

_TAG = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|br|code|div|em|font|form|h[1-6]|hr|i|iframe|img|input|li|math|object|ol|p|pre|script"
    r"|small|span|strong|style|sub|sup|svg|table|td|tr|tt|u|ul|video)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)

# What nobody writes in plain text: it was escaped once too often.
_ENTITY = re.compile(r"&(?:nbsp|amp|quot|apos|[lr][sd]quo|[mn]dash|hellip|#\d{2,5}|#x[\dA-Fa-f]{2,4});")

# feedparser resolves ids like links. An id is a name, not an address: resolved, `t3_x` becomes another
# name when the feed moves, and every entry would be new. The set belongs to the class and has no other
# way in; links are in it still, so that xml:base goes on to count for them.
for _parser in (feedparser.api.StrictFeedParser, feedparser.api.LooseFeedParser):
    _parser.can_be_relative_uri = _parser.can_be_relative_uri - {"id"}
# Dates are read by `extractors.dates`; feedparser's own readers raise on the year 0000, and a feed with it.
feedparser.datetimes._date_handlers.clear()


def parse_feed(
    body: bytes, *, url: str, headers: Headers = (), source_id: str, language: str, now: datetime
) -> ParsedFeed | NotAFeed:
    """The entries of a feed in any format. Never raises and never fetches anything.

    `url` is the address that answered: relative links count from there. `language` is the source's own,
    used where the feed names none.
    """
    try:
        return _parse(
            body, url=url, headers=header_values(headers), source_id=source_id, language=language, now=now
        )
    except RecursionError:
        return NotAFeed(url=url, reason="The document is nested too deeply to be read.")
    except Exception as fault:  # noqa: BLE001 - whatever a parser raises is a fault of this feed only
        told = f"{type(fault).__name__}: {one_line(str(fault), 200)}"
        return NotAFeed(url=url, reason=f"The feed could not be parsed: {told}.")


def header_values(headers: Headers) -> dict[str, str]:
    """The first value of each header, names in lower case."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return {name.lower(): value for name, value in reversed(list(pairs))}


def _parse(
    body: bytes, *, url: str, headers: dict[str, str], source_id: str, language: str, now: datetime
) -> ParsedFeed | NotAFeed:
    content_type = headers.get("content-type")
    decoded = decode(body, content_type=content_type)
    text = clean(decoded.text)
    if not text:
        return NotAFeed(url=url, reason="The body is empty.")
    if text[0] in "{[":
        return parse_json_feed(text, url=url, source_id=source_id, language=language, now=now)
    if root_name(text) == "html":
        return NotAFeed(url=url, reason=what_it_is(text, content_type))
    text, partial = complete(text)
    text, left_out = bounded(text, MOST_ENTRIES)
    parsed, lost = _read(text, url)
    if not parsed.version and not parsed.entries:
        return NotAFeed(url=url, reason=what_it_is(text, content_type))
    language = language_code(parsed.feed.get("language")) or language
    entries = [
        _entry(item, url=url, source_id=source_id, language=language, now=now)
        for item in parsed.entries[:MOST_ENTRIES]
    ]
    return ParsedFeed(
        url=url,
        format=parsed.version or "unknown",
        title=_title(parsed.feed),
        entries=settle_collisions(entries),
        hints=polling_hints(parsed.feed, text, url=url),
        complaint=lost or decoded.complaint or _complaint(parsed),
        partial=partial,
        left_out=left_out + max(0, len(parsed.entries) - MOST_ENTRIES),
    )


def _read(text: str, url: str) -> tuple[Any, str | None]:
    """feedparser's reading, and what was lost in it.

    When it raises, the entries are read in halves and halves of halves, so that the one it stumbles over
    is lost and not the feed.
    """
    try:
        return _feedparser(text, url), None
    except Exception as fault:
        spans = list(_entry_spans(text))
        if not spans:
            raise
        head, tail = text[: spans[0][0]], text[spans[-1][1] :]
        parsed = _feedparser(head + tail, url)
        found, lost = _halves(head, [text[start:end] for start, end in spans], tail, url)
        parsed.entries = found
        trouble = f"{lost} of {len(spans)} entries could not be parsed" if lost else "parsed in parts"
        return parsed, f"{trouble} ({type(fault).__name__})"


def _halves(head: str, items: list[str], tail: str, url: str) -> tuple[list[Any], int]:
    """The entries that can be read, and how many cannot."""
    try:
        return list(_feedparser(head + "".join(items) + tail, url).entries), 0
    except Exception:  # noqa: BLE001 - see `_read`
        if len(items) == 1:
            return [], 1
        middle = len(items) // 2
        first, lost_first = _halves(head, items[:middle], tail, url)
        second, lost_second = _halves(head, items[middle:], tail, url)
        return first + second, lost_first + lost_second


def _entry_spans(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    while (start := ENTRY_START.search(text, position)) and (end := ENTRY_END.search(text, start.end())):
        position = end.end()
        yield start.start(), position


def _feedparser(text: str, url: str) -> Any:
    # Only a stream: feedparser would open text that names a file or an address. The text is UTF-8 now
    # whatever it was, and the header says so in the lower case that feedparser looks for.
    return feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _complaint(parsed: Any) -> str | None:
    fault = parsed.get("bozo_exception") if parsed.bozo else None
    return None if fault is None else one_line(f"{type(fault).__name__}: {fault}", 300)


def _entry(item: Any, *, url: str, source_id: str, language: str, now: datetime) -> Entry:
    contents = item.get("content") or ()
    stated = (part.get("language") for part in (*contents, item.get("title_detail") or {}))
    return build_entry(
        source_id=source_id,
        address=url,
        guid=item.get("id"),
        link=_link(item, url),
        title=_title(item),
        summary=_plain(item.get("summary"), item.get("summary_detail")),
        content="\n".join(filter(None, (_plain(part.get("value"), part) for part in contents))),
        author=html_to_text(item.get("author") or ""),
        published=item.get("published") or item.get("created"),
        updated=dict.get(item, "updated"),  # its own `get` answers with the date of publication
        enclosure=next((one.get("href") or "" for one in item.get("enclosures") or ()), ""),
        language=next((code for text in stated if (code := language_code(text))), language),
        now=now,
    )


def _title(holder: Any) -> str:
    return one_line(_plain(holder.get("title"), holder.get("title_detail")))


def _plain(value: str | None, detail: Mapping[str, Any] | None) -> str:
    if not value:
        return ""
    # RSS has no way to say that a title is plain, so feedparser guesses; tags give themselves away.
    plain = (
        (detail or {}).get("type") == "text/plain" and not _TAG.search(value) and not _ENTITY.search(value)
    )
    return paragraphs(value) if plain else html_to_text(value)


def _link(item: Any, base: str) -> str | None:
    """The entry's web address: its alternate link, else a guid that is one."""
    candidates = [item.get("link")]
    candidates += [link.get("href") for link in item.get("links") or () if link.get("rel") == "alternate"]
    guid = item.get("id") or ""
    if item.get("guidislink", True) and guid.startswith(("http://", "https://")):
        candidates.append(guid)
    return next((found for one in candidates if one and (found := absolute_link(one, base))), None)
