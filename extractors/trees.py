"""Markup as a tree."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser

LARGEST_MARKUP = 1_000_000
"""Characters of a page without its scripts and styles that are read. An article is 50 times smaller."""

_EMPTIED = re.compile(rb"<(script|style)\b([^>]*)>")

# Without it lxml asks Python code for the class of every element, which takes as long as the parsing.
_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)

DEEPEST = 200
"""Levels of nesting. trafilatura gives up silently at about 255."""

MOST_ELEMENTS = 30_000
"""Elements of a page; articles have hundreds. On 100,000 trafilatura takes 20 s and 400 MB."""

_COUNT = etree.XPath("count(//*)")
_DEEPER = etree.XPath("boolean(" + "/*" * (DEEPEST + 1) + ")")


def parse_page(markup: str) -> etree._Element | None:
    """The tree of a page; None when there is nothing in it. Never raises and never fetches anything.

    Its scripts and styles are empty, but for JSON-LD: they are most of many a page, and nobody reads them.
    """
    lean = _without_code(markup.encode("utf-8", "replace"))
    if len(lean) > LARGEST_MARKUP:
        lean = lean.decode("utf-8")[:LARGEST_MARKUP].encode()
    if not lean or lean.isspace():
        return None
    parser = HTMLParser(  # its elements are those that trafilatura takes
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        no_network=True,
        encoding="utf-8",
    )
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        return etree.fromstring(lean, parser)
    except (etree.LxmlError, ValueError):
        return None


def is_monstrous(tree: etree._Element) -> bool:
    """True for a page too deep or too large for anything but a plain reading."""
    return bool(_COUNT(tree) > MOST_ELEMENTS or _DEEPER(tree))


def _without_code(markup: bytes) -> bytes:
    """In one walk, because a pattern over unclosed scripts takes time that grows with the square.

    In bytes, where making letters small touches ASCII alone and takes a tenth of the time.
    """
    lowered = markup.lower()
    kept, position = [], 0
    while found := _EMPTIED.search(lowered, position):
        end = lowered.find(b"</" + found[1], found.end())
        if end < 0:
            break
        kept.append(markup[position : end if b"ld+json" in found[2] else found.end()])
        position = end
    return b"".join((*kept, markup[position:]))
