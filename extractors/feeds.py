"""Feeds: the bytes of an answer become entries, or a record that says why not.

RSS 0.9 to 2.0, RDF and Atom are read by feedparser, JSON Feed by `extractors.json_feed`. Whether a
document is a feed is decided on its version and entries: feedparser's `bozo` is set for many feeds
that read perfectly well, and not set for a page of HTML.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import feedparser

from extractors.encodings import decode
from extractors.entries import MOST_ENTRIES, build_entry
from extractors.identity import settle_collisions
from extractors.json_feed import parse_json_feed
from extractors.languages import language_code
from extractors.links import absolute_link
from extractors.plain_text import html_to_text, one_line, paragraphs
from extractors.records import Entry, NotAFeed, ParsedFeed

Headers = Mapping[str, str] | Iterable[tuple[str, str]]

_LONGEST_NAME = 1000
"""Characters of an author before the parse. feedparser's pattern for them takes time that grows with the
square of the length: 25 s for 100 KB (kurtmckee/feedparser#562)."""

_NAMES = re.compile(
    r"(<(?:[A-Za-z]+:)?(?:author|creator|contributor|publisher|managingEditor|webMaster|owner|name|email)\b[^<>]*>"
    rf"\s*(?:<!\[CDATA\[)?)([^<\]]{{{_LONGEST_NAME}}})[^<\]]*",
    re.IGNORECASE,
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ROOT = re.compile(r"<(?![?!])\s*([A-Za-z][\w.:-]*)")
_ENDS = re.compile(
    r"</(?:[\w.-]+:)?(?:rss|rdf|feed|channel)\s*>\s*(?:<!--.*?-->\s*)*$", re.IGNORECASE | re.DOTALL
)
_ENTRY_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel", "redirect"})

# feedparser resolves ids like links. An id is a name, not an address: resolved, `t3_x` becomes another
# name when the feed moves, and every entry would be new. The set belongs to the class and has no other
# way in; links are in it still, so that xml:base goes on to count for them.
for _parser in (feedparser.api.StrictFeedParser, feedparser.api.LooseFeedParser):
    _parser.can_be_relative_uri = _parser.can_be_relative_uri - {"id"}


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
    except Exception as fault:  # noqa: BLE001 - feedparser raises at 17 places on hostile input; one feed must not stop the rest
        return NotAFeed(
            url=url,
            reason=f"The feed could not be parsed: {type(fault).__name__}: {one_line(str(fault), 200)}",
        )


def _parse(
    body: bytes, *, url: str, headers: dict[str, str], source_id: str, language: str, now: datetime
) -> ParsedFeed | NotAFeed:
    decoded = decode(body, content_type=headers.get("content-type"))
    text = _NOT_XML.sub("", decoded.text).lstrip("\ufeff \t\r\n")
    if not text:
        return NotAFeed(url=url, reason="The body is empty.")
    if text[0] in "{[":
        return parse_json_feed(text, url=url, source_id=source_id, language=language, now=now)
    text, partial = _complete(_from_first_element(_NAMES.sub(r"\1\2", text)))
    parsed = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.version and not parsed.entries:
        return NotAFeed(url=url, reason=_what_it_is(text, headers.get("content-type")))
    feed_language = language_code(parsed.feed.get("language")) or language
    entries = [
        _entry(item, url=url, source_id=source_id, language=feed_language, now=now)
        for item in parsed.entries[:MOST_ENTRIES]
    ]
    return ParsedFeed(
        url=url,
        format=parsed.version or "unknown",
        title=_title(parsed.feed),
        entries=settle_collisions(entries),
        hints=_hints(parsed.feed, text),
        complaint=decoded.complaint or _complaint(parsed),
        partial=partial,
        left_out=max(0, len(parsed.entries) - MOST_ENTRIES),
    )


def header_values(headers: Headers) -> dict[str, str]:
    """The first value of each header, names in lower case."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return {name.lower(): value for name, value in reversed(list(pairs))}


def _from_first_element(text: str) -> str:
    """The document without junk before its first element: a warning of PHP, blanks, a stray mark."""
    declaration = text.find("<?xml", 0, 2000)
    if declaration > 0 and not _ROOT.search(text, 0, declaration):
        return text[declaration:]
    return text


def _complete(text: str) -> tuple[str, bool]:
    """The document without an entry that breaks off, and whether it breaks off."""
    if _ENDS.search(text, max(0, len(text) - 2000)):
        return text, False
    ends = [found.end() for found in _ENTRY_END.finditer(text)]
    if not ends:
        return text, False
    end = ends[-1]
    rest = text[end:]
    # What follows the last whole entry tells a cut from a feed that merely lacks its closing tag.
    if re.search(r"<(?:[\w.-]+:)?(?:item|entry)\b", rest, re.IGNORECASE):
        return text[:end], True
    return text, not rest.strip() or "<" in rest


def _what_it_is(text: str, content_type: str | None) -> str:
    root = _ROOT.search(text[:20_000])
    name = root[1].lower().rpartition(":")[2] if root else ""
    if name == "html" or re.match(r"\s*<!doctype html", text, re.IGNORECASE):
        title = re.search(r"<title[^>]*>([^<]{1,300})", text, re.IGNORECASE)
        return "This is a page of HTML, not a feed" + (
            f": “{one_line(html_to_text(title[1]), 80)}”." if title else "."
        )
    if name == "opml":
        return "This is a list of feeds (OPML), not a feed; import it with `ajar sources import`."
    if name in {"urlset", "sitemapindex"}:
        return "This is a sitemap, not a feed; list it under `pages`."
    if name in _FEED_ROOTS:
        return f"This begins as a feed (<{name}>) but holds nothing that can be read as one."
    if name:
        return f"This is XML that starts with <{name}>, not a feed."
    served = f", served as {one_line(content_type, 60)}" if content_type else ""
    return f"This is neither XML nor JSON{served}: it starts with “{one_line(text[:200], 60)}”."


def _complaint(parsed: Any) -> str | None:
    fault = parsed.get("bozo_exception") if parsed.bozo else None
    return None if fault is None else one_line(f"{type(fault).__name__}: {fault}", 300)


def _title(holder: Any) -> str:
    title = holder.get("title") or ""
    detail = holder.get("title_detail") or {}
    if detail.get("type") == "text/plain":
        return one_line(title)
    return one_line(html_to_text(title))


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


def _plain(value: str | None, detail: Mapping[str, Any] | None) -> str:
    if not value:
        return ""
    if (detail or {}).get("type") == "text/plain":
        return paragraphs(value)
    return html_to_text(value)


def _link(item: Any, base: str) -> str | None:
    """The entry's web address: its alternate link, else a guid that is one."""
    candidates = [item.get("link")]
    candidates += [link.get("href") for link in item.get("links") or () if link.get("rel") == "alternate"]
    if item.get("guidislink", True):
        guid = item.get("id") or ""
        candidates.append(guid if guid.startswith(("http://", "https://")) else None)
    return next((found for one in candidates if one and (found := absolute_link(one, base))), None)


_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}


def _hints(feed: Any, text: str) -> dict[str, Any]:
    hints: dict[str, Any] = {}
    if re.fullmatch(r"\s*\d{1,6}\s*", ttl := str(feed.get("ttl") or "")) and int(ttl) > 0:
        hints["ttl_minutes"] = int(ttl)
    period = _PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    frequency = str(feed.get("sy_updatefrequency") or "1").strip()
    if period is not None:
        times = int(frequency) if re.fullmatch(r"\d{1,4}", frequency) and int(frequency) > 0 else 1
        hints["update_minutes"] = max(1, period // times)
    head = text[:50_000]
    hours = sorted({int(hour) % 24 for hour in _listed(head, "hour") if hour.isdigit() and int(hour) <= 24})
    days = [day.lower() for day in _listed(head, "day") if day.lower() in _DAYS]
    if hours:
        hints["skip_hours"] = hours
    if days:
        hints["skip_days"] = days
    for link in feed.get("links") or ():
        if link.get("rel") == "next" and link.get("href"):
            hints["next_page"] = link["href"]
    return hints


_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _listed(text: str, what: str) -> list[str]:
    block = re.search(rf"<skip{what}s>([^?]{{0,2000}}?)</skip{what}s>", text, re.IGNORECASE)
    return re.findall(rf"<{what}>\s*(\w{{1,12}})\s*</{what}>", block[1], re.IGNORECASE) if block else []
