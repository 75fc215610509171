"""The words of an article, taken out of its page."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Any

from lxml import etree

from extractors.plain_text import html_to_text, paragraphs
from extractors.trees import is_monstrous

TRAFILATURA = f"trafilatura {version('trafilatura')}"
JSON_LD = "json-ld"
PLAIN = "plain text"

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
_TEXT_LENGTH = etree.XPath("string-length(normalize-space(.))")
_WHOLE = ("article", "main")
_CONTAINERS = ("div", "section", "aside", "ul", "ol", "nav", "dialog", "footer", "form")


def body_text(
    tree: etree._Element, markup: str, *, url: str, visible: Callable[[], str], stated: str
) -> tuple[str, str]:
    """The article's own words, one line a paragraph, and what found them; empty when the page has none.

    `visible` gives what the page shows apart from its edges, `stated` the text that its JSON-LD carries. The
    tree is used up.
    """
    if is_monstrous(tree):
        # Beyond libxml2's own limit of 2,048 levels the tree is cut off; tags are then taken out of the text.
        return _prose(visible()) or visible() or html_to_text(markup), PLAIN
    # Imported where it is needed, in the workers: half a second that no command should wait for.
    import trafilatura

    _drop_furniture(tree)
    found = trafilatura.extract(tree, url=url, options=_options())
    text = paragraphs(found or "")
    if stated.split() == text.split():  # trafilatura took it from there too, but lost the paragraphs
        return stated, JSON_LD
    if len(text) < _REMNANT or len(text) * 3 < len(stated):
        if len(stated) > len(text):
            return stated, JSON_LD
        if len(prose := _prose(visible())) >= _ENOUGH:
            return prose, PLAIN
    return text, TRAFILATURA


def _prose(text: str) -> str:
    """The lines that are sentences rather than labels and links."""
    return "\n".join(line for line in text.split("\n") if len(line) >= _SENTENCE)


@cache
def _options() -> Any:
    """trafilatura's, made once: reading its configuration takes a tenth of the time of a page."""
    from trafilatura.settings import Extractor

    return Extractor(fast=True, comments=False, tables=True, dedup=False)


@lru_cache(maxsize=4096)
def _is_furniture(marks: str) -> bool:
    """Whether id and classes name a banner or an aside. The pages of a site have the same ones."""
    return _BANNERS.search(marks) is not None or _ASIDES.search(marks) is not None


def _drop_furniture(tree: etree._Element) -> None:
    """Takes consent banners and teasers of other articles out of a page, and its edges."""
    edges = [
        element
        for element in tree.iter("header", "footer", "nav")
        if not any(parent.tag in _WHOLE for parent in element.iterancestors())
    ]
    length = _TEXT_LENGTH(tree) - sum(map(_TEXT_LENGTH, [*edges, *tree.iter("head")]))
    for element in list(tree.iter(*_CONTAINERS)):
        marks = f"{element.get('id') or ''} {element.get('class') or ''}"
        if len(marks) > 1 and _is_furniture(marks):
            # A wrapper of the whole page may bear the name of one of its parts ("page has-comments").
            whole = next(element.iter(*_WHOLE), None) is not None
            if not whole and _TEXT_LENGTH(element) * 2 <= length:
                element.drop_tree()
    for element in edges:
        if element.getparent() is not None and next(element.iter(*_WHOLE, "h1"), None) is None:
            element.drop_tree()
