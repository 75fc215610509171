"""Markup as a tree."""

from __future__ import annotations

from lxml import etree
from lxml.html import HTMLParser


def parse_page(markup: str) -> etree._Element | None:
    """The tree of a page; None when there is nothing in it. Never raises and never fetches anything."""
    if not markup.strip():
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
        return etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None
