"""The words of an article, taken out of its page."""

from __future__ import annotations

import re
from importlib.metadata import version

from lxml import etree

from extractors.plain_text import html_to_text, paragraphs, tree_to_text

TRAFILATURA = f"trafilatura {version('trafilatura')}"
JSON_LD = "json-ld"
PLAIN = "plain text"

_DEEPEST = 200
"""Levels of nesting. trafilatura gives up silently at about 255."""

_MOST_ELEMENTS = 30_000
"""Elements of a page; articles have hundreds. On 100,000 trafilatura takes 20 s and 400 MB."""

_REMNANT = 120
"""Characters below which what trafilatura found is a caption, a button, a date."""

_SENTENCE = 60
"""Characters of a line that is prose and no label or link."""

_ENOUGH = 300
"""Characters of prose that make an article where trafilatura sees none."""

_BANNERS = re.compile(
    r"(?:^|[-_ ])(?:cookies?|consent|gdpr|ccpa|cmp|onetrust|didomi|usercentrics|truste|sp_message|qc-cmp)"
    r"(?:$|[-_ \d])"
    r"|cookie-?(?:banner|notice|bar|law|consent|wall)|consent-?(?:banner|wall|dialog|modal|manager)",
    re.IGNORECASE,
)
_ASIDES = re.compile(
    r"(?:^|[-_ ])(?:related|recommended|recommendations|recirc|recirculation|you-may-(?:also-)?like"
    r"|read-?(?:more|next|also)|more-(?:stories|news|from|on)|trending|most-(?:read|popular|viewed)"
    r"|newsletter|sharing|social|promo|outbrain|taboola|comments?|breadcrumbs?|sponsored|advert(?:isement)?s?)"
    r"(?:$|[-_ ])",
    re.IGNORECASE,
)
_CONTAINERS = ("div", "section", "aside", "ul", "ol", "nav", "dialog", "footer", "form")


def body_text(tree: etree._Element, markup: str, *, url: str, visible: str, stated: str) -> tuple[str, str]:
    """The article's own words, one line a paragraph, and what found them; empty when the page has none.

    `visible` is what the page shows apart from its edges, `stated` the text that its JSON-LD carries. The
    tree is used up.
    """
    if is_monstrous(tree):
        # Beyond libxml2's own limit of 2,048 levels the tree is cut off; tags are then taken out of the text.
        return _prose(visible) or visible or html_to_text(markup), PLAIN
    # Imported where it is needed, in the workers: half a second that no command should wait for.
    import trafilatura

    _drop_furniture(tree, len(visible))
    found = trafilatura.extract(
        tree, url=url, fast=True, include_comments=False, include_tables=True, deduplicate=False
    )
    text = paragraphs(found or "")
    if stated.split() == text.split():  # trafilatura took it from there too, but lost the paragraphs
        return stated, JSON_LD
    if len(text) < _REMNANT or len(text) * 3 < len(stated):
        if len(stated) > len(text):
            return stated, JSON_LD
        if len(prose := _prose(visible)) >= _ENOUGH:
            return prose, PLAIN
    return text, TRAFILATURA


def is_monstrous(tree: etree._Element) -> bool:
    """True for a page too deep or too large for anything but a plain reading."""
    depth = count = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        count += 1
        if depth > _DEEPEST or count > _MOST_ELEMENTS:
            return True
    return False


def _prose(text: str) -> str:
    """The lines that are sentences rather than labels and links."""
    return "\n".join(line for line in text.split("\n") if len(line) >= _SENTENCE)


def _drop_furniture(tree: etree._Element, length: int) -> None:
    """Takes consent banners and teasers of other articles out of a page with `length` characters of text."""
    for element in list(tree.iter(*_CONTAINERS)):
        marks = f"{element.get('id') or ''} {element.get('class') or ''}"
        if len(marks) > 1 and (_BANNERS.search(marks) or _ASIDES.search(marks)):
            # A wrapper of the whole page may bear the name of one of its parts ("page has-comments").
            whole = next(element.iter("article", "main"), None) is not None
            if not whole and len(tree_to_text(element)) * 2 <= length:
                element.drop_tree()
    for element in list(tree.iter("header", "footer", "nav")):
        inside = any(parent.tag in {"article", "main"} for parent in element.iterancestors())
        if not inside and next(element.iter("article", "main", "h1"), None) is None:
            element.drop_tree()
