"""Text that is safe to store and to show: out of HTML, and free of characters that no store takes.

Ajar keeps no HTML. What a feed or a page says becomes plain text here, once, so that neither a
report nor an alert can carry a script; whoever shows it in HTML, Slack or mail escapes it there.
"""

from __future__ import annotations

import html
import re

from lxml import etree

# C0 and C1 controls but for tab, line feed and carriage return; lone surrogates, which UTF-8 and DuckDB
# refuse; non-characters; and the marks that reorder text, which can make an address look like another.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")

_BLOCKS = frozenset(
    """
    address article aside blockquote body br caption dd details dialog div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table td th tr ul
    """.split()  # noqa: SIM905 - a word list reads better than 40 quoted lines
)
_SILENT = frozenset(
    {"script", "style", "noscript", "template", "head", "title", "iframe", "object", "svg", "math", "button",
     "select", "textarea"}
)  # fmt: skip
_EDGES = frozenset({"header", "nav", "footer"})
_ARTICLES = frozenset({"article", "main"})
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)[^<>]*>|<[!?][^<>]*>")
_SILENT_RUN = re.compile(
    r"<(script|style|noscript|template|svg)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL
)


LONGEST_TEXT = 200_000
"""Characters of a text that are kept: a book of 120 pages. What is longer is no article."""


def scrub(text: str) -> str:
    """The text without control characters, lone surrogates and non-characters; line ends are all `\\n`."""
    return _UNFIT.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str, longest: int = 1000) -> str:
    """The text as one line for a title or a name, cut at `longest` characters with an ellipsis."""
    line = " ".join(_INVISIBLE.sub("", scrub(text)).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def paragraphs(text: str) -> str:
    """The text with one line a paragraph: runs of blanks become one, empty lines go."""
    lines = (" ".join(line.split()) for line in _INVISIBLE.sub("", scrub(text)).split("\n"))
    return "\n".join(line for line in lines if line)[:LONGEST_TEXT].rstrip()


def html_to_text(markup: str) -> str:
    """What a reader would see of an HTML fragment, one line a block. Never raises."""
    if "<" not in markup:
        return paragraphs(html.unescape(markup))
    parser = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        tree = etree.fromstring(scrub(markup).encode("utf-8"), parser)
    except (etree.LxmlError, ValueError):
        tree = None
    # libxml2 gives up, silently, at a nesting of 2,048.
    if tree is None or any(fault.type_name == "ERR_RESOURCE_LIMIT" for fault in parser.error_log):
        return paragraphs(_without_tags(markup))
    return tree_to_text(tree)


def tree_to_text(tree: etree._Element, *, edges: bool = True) -> str:
    """What a reader would see of an element, one line a block. Not recursive: depth costs no stack.

    Without its `edges` a page has no header, footer and navigation but for those within an article.
    """
    within = 0
    pieces: list[str] = []
    silent_until: etree._Element | None = None
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if silent_until is not None:
                continue
            skipped = not edges and within == 0 and name in _EDGES
            if skipped or not name or name in _SILENT or "hidden" in element.attrib:
                silent_until = element
                continue
            within += name in _ARTICLES
            if name in _BLOCKS:
                pieces.append("\n")
            if element.text:
                pieces.append(element.text if name == "pre" else _joined(element.text))
        else:
            if silent_until is not None:
                if silent_until is not element:
                    continue
                silent_until = None
            else:
                within -= name in _ARTICLES
                if name in _BLOCKS and name != "br":
                    pieces.append("\n")
            if element.tail and element is not tree:
                pieces.append(_joined(element.tail))
    return paragraphs("".join(pieces))


def _joined(text: str) -> str:
    """Line ends inside a block are blanks to a browser."""
    return text.replace("\n", " ").replace("\r", " ")


def _without_tags(markup: str) -> str:
    """The text of markup that no tree could be made of."""

    def spacing(tag: re.Match[str]) -> str:
        return "\n" if (tag["name"] or "").lower() in _BLOCKS else ""

    return html.unescape(_TAG.sub(spacing, _SILENT_RUN.sub(" ", markup)))
