"""The text of a feed made fit for the parser, before it gets there.

feedparser raises on a character reference beyond Unicode, takes minutes over a long author, and drops
its strict reading for a blank before the declaration. None of that should cost a feed its entries.
"""

from __future__ import annotations

import html
import re

from extractors.plain_text import html_to_text, one_line

LONGEST_NAME = 1000
"""Characters of an author that are kept. feedparser's pattern for them takes time that grows with the square
of the length: 25 s for 100 KB (kurtmckee/feedparser#562)."""

_NAME_ELEMENTS = r"author|creator|contributor|publisher|managingEditor|webMaster|owner|name|email|maintainer"
_LONG_NAMES = re.compile(
    rf"(<(?:[A-Za-z]+:)?(?:{_NAME_ELEMENTS})\b[^<>]*>\s*(?:<!\[CDATA\[)?)([^<\]]{{{LONGEST_NAME}}})[^<\]]*",
    re.IGNORECASE,
)
# XML 1.0 §2.2: what no document may hold.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9A-Fa-f]*)|([0-9]*));?")

_DOCTYPE = re.compile(r"<!DOCTYPE\b[^\[>]*\[(.*?)\]\s*>", re.IGNORECASE | re.DOTALL)
# A name for a short text. Nested entities are how a document of 1 KB becomes one of 1 GB; feedparser takes
# them out only where each stands on a line of its own, and the system's parser allows a growth of 100 times.
_HARMLESS_ENTITY = re.compile(r"<!ENTITY\s+(\w+)\s+([\"'])((?:[^\"'&%<>]|&#\w{1,8};){0,64})\2\s*>")

# The parser would take such a link for a path of the feed's own site.
_SCHEMELESS = re.compile(
    r"(<link>\s*(?:<!\[CDATA\[)?\s*|<link\b[^<>]*\bhref\s*=\s*[\"'])(?=www\.[\w-]+\.)", re.IGNORECASE
)

_DECLARED = re.compile(r"<\?xml\s|<(?:[\w.-]+:)?(?:rss|rdf|feed)[\s>]", re.IGNORECASE)
_ROOT = re.compile(r"<([A-Za-z][\w.:-]*)")
_ROOT_END = re.compile(r"</(?:[\w.-]+:)?(?:rss|rdf|feed|channel)\s*>", re.IGNORECASE)
ENTRY_START = re.compile(r"<(?:[\w.-]+:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
ENTRY_END = re.compile(r"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})

_JUNK = 4000
"""Characters before the declaration that may be a warning of the program that writes the feed."""


def clean(text: str) -> str:
    """The document as XML may be, its names cut to length, without junk before its first element."""
    text = _REFERENCE.sub(_possible, _NOT_XML.sub("", text)).lstrip("\ufeff \t\r\n")
    text = _DOCTYPE.sub(_harmless_doctype, text, count=1)
    text = _SCHEMELESS.sub(r"\1https://", _LONG_NAMES.sub(r"\1\2", text))
    if text.startswith("<?xml") or root_name(text) in _FEED_ROOTS | {"html"}:
        return text
    found = _DECLARED.search(text, 0, _JUNK)
    return text[found.start() :] if found else text


def complete(text: str) -> tuple[str, bool]:
    """The document without an entry that breaks off, and whether it breaks off.

    A connection that closes early looks to HTTP/1.0 like the end: only the closing tag tells.
    """
    ends = list(ENTRY_END.finditer(text))
    end = ends[-1].end() if ends else 0
    if root_name(text) not in _FEED_ROOTS or _ROOT_END.search(text, end):
        return text, False
    begun = ENTRY_START.search(text, end)
    if begun is not None:
        text = text[: begun.start()]
    return text + _closing(text), True


def bounded(text: str, most: int) -> tuple[str, int]:
    """The document with its first and last entries, `most` in all, and how many were left out between them.

    Both ends, because some feeds list the newest last; before the parse, because it takes 1 ms an entry.
    """
    ends = [found.end() for found in ENTRY_END.finditer(text)]
    if len(ends) <= most:
        return text, 0
    first = most // 2
    return text[: ends[first - 1]] + text[ends[first - most - 1] :], len(ends) - most


def root_name(text: str) -> str:
    """The local name of the first element, in lower case; empty when there is none."""
    found = _ROOT.search(text, 0, 20_000)
    return found[1].lower().rpartition(":")[2] if found else ""


def what_it_is(text: str, content_type: str | None) -> str:
    """A sentence for people on a document that is no feed."""
    name = root_name(text)
    if name == "html" or re.match(r"\s*<!doctype html", text, re.IGNORECASE):
        title = re.search(r"<title[^>]*>([^<]{1,300})", text[:50_000], re.IGNORECASE)
        named = f": “{one_line(html_to_text(title[1]), 80)}”" if title else ""
        return f"This is a page of HTML, not a feed{named}."
    if name == "opml":
        return "This is a list of feeds (OPML), not a feed; import it with `ajar sources import`."
    if name in {"urlset", "sitemapindex"}:
        return "This is a sitemap, not a feed; list it under `pages`."
    if name in _FEED_ROOTS:
        return f"This begins as a feed (<{name}>) but holds nothing that can be read as one."
    if name:
        return f"This is XML or HTML that starts with <{name}>, not a feed."
    served = f", served as {one_line(content_type, 60)}" if content_type else ""
    return f"This is neither XML nor JSON{served}: it starts with “{one_line(text[:200], 60)}”."


def _possible(reference: re.Match[str]) -> str:
    """A reference to a character that exists, as it is; any other becomes nothing."""
    digits = reference[1] if reference[1] is not None else reference[2]
    if not digits:
        return f"&amp;{reference[0][1:]}"
    # The longest that may be a character, with leading zeros cut: `&#x0000041;` is one.
    code = int(digits.lstrip("0")[:8] or "0", 16 if reference[1] is not None else 10)
    fits = code <= 0x10FFFF and code not in range(0xD800, 0xE000) and _NOT_XML.match(chr(code)) is None
    return reference[0] if fits else ""


def _harmless_doctype(doctype: re.Match[str]) -> str:
    """The declaration with its harmless entities only, written the way feedparser looks for them."""
    texts = ((name, html.unescape(text)) for name, _, text in _HARMLESS_ENTITY.findall(doctype[1]))
    entities = [f'<!ENTITY {name} "{text}">' for name, text in texts if not set(text) & set('&<"')]
    return "\n".join(["<!DOCTYPE feed [", *entities, "]>"]) if entities else ""


def _closing(text: str) -> str:
    """The closing tags a document that breaks off lacks, so that it can be read strictly."""
    root = _ROOT.search(text)
    if root is None:
        return ""
    inner = "</channel>" if root_name(text) == "rss" and "<channel" in text else ""
    return f"{inner}</{root[1]}>"
