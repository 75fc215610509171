"""Markup as a tree."""

from __future__ import annotations

import re

from lxml import etree
from lxml.html import HTMLParser

LARGEST_MARKUP = 1_000_000
"""Characters of a page without its scripts and styles that are read. An article is 50 times smaller."""

_EMPTIED = re.compile(r"<(script|style)\b([^>]*)>", re.IGNORECASE)


def parse_page(markup: str) -> etree._Element | None:
    """The tree of a page; None when there is nothing in it. Never raises and never fetches anything.

    Its scripts and styles are empty, but for JSON-LD: they are most of many a page, and nobody reads them.
    """
    lean = _without_code(markup)[:LARGEST_MARKUP]
    if not lean.strip():
        return None
    parser = HTMLParser(  # its elements are those that trafilatura takes
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        no_network=True,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(lean.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None


def _without_code(markup: str) -> str:
    """In one walk, because a pattern over unclosed scripts takes time that grows with the square."""
    lowered = markup.lower()
    kept, position = [], 0
    while found := _EMPTIED.search(markup, position):
        end = lowered.find(f"</{found[1].lower()}", found.end())
        if end < 0 or len(lowered) != len(markup):  # some letters grow when lowered
            break
        kept.append(markup[position : end if "ld+json" in found[2].lower() else found.end()])
        position = end
    return "".join((*kept, markup[position:]))
