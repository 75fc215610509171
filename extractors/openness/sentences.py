"""Where sentences begin and end, as offsets into the text."""

from __future__ import annotations

import itertools
import re

LONGEST = 900
"""Characters; a longer stretch without a full stop is cut at a comma or a space, so that matching stays linear."""

MOST_PIECES = 12
"""Of a stretch without a full stop no more is read: nobody writes ten pages in one sentence."""

_MARK = re.compile(r"[\n。！？]|[.!?…]+")
_EAST_ASIAN_REST = re.compile(r"[\"”’」』）)]*\s*")
_REST = re.compile(r"[\"”’'\)\]]*\s+(?=[^a-z\s])")
# "… on Tuesday.It claims": sentences glued together when a page was cut out.
_GLUED_BEFORE = re.compile(r"[a-z0-9”\"][a-z0-9%”\"]$")
_GLUED_AFTER = re.compile(r"[A-Z][a-zA-Z]+\s")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“‘])(?:[A-WYZ]|U\.S|U\.K|E\.U|D\.C|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Inc|Corp|Co|Ltd|vs"
    r"|v|e\.g|i\.e"
    r"|No|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|St|Jr|Sr|approx|ver|vol)$"
)
# Links to other articles and headings in mid-text, left over when a page was cut out.
_LINKS = ("Also: ", "Read more: ", "READ MORE: ", "See also: ")
_HEADING_GLUE = re.compile(r"(?:key takeaways|takeaways:?)(?=\s*[A-Z])")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence, in order, without the white space between them."""
    cuts = [0]
    for mark in _MARK.finditer(text):
        cut = _cut(text, *mark.span())
        if cut is not None:
            cuts.append(cut)
    others = [glue.end() for glue in _HEADING_GLUE.finditer(text)] if "akeaways" in text else []
    for link in _LINKS:
        at = text.find(link)
        while at >= 0:
            others.append(at)
            at = text.find(link, at + 1)
    if others:
        cuts = sorted((*cuts, *others))
    cuts.append(len(text))
    spans: list[tuple[int, int]] = []
    for start, end in itertools.pairwise(cuts):
        spans.extend(_pieces(text, start, end))
    return spans


def _cut(text: str, start: int, end: int) -> int | None:
    """Where the next sentence begins if the mark at `start` ends one."""
    mark = text[start]
    if mark == "\n":
        return end
    if mark in "。！？":
        rest = _EAST_ASIAN_REST.match(text, end)
        return rest.end() if rest else end
    rest = _REST.match(text, end)
    if rest is not None:
        if mark == "." and _ABBREVIATION.search(text, max(0, start - 8), start):
            return None
        return rest.end()
    if (
        end == start + 1
        and _GLUED_AFTER.match(text, end)
        and _GLUED_BEFORE.search(text, max(0, start - 2), start)
    ):
        return end
    return None


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretch itself, or pieces of it when it is longer than a sentence can be."""
    pieces: list[tuple[int, int]] = []
    while end - start > LONGEST and len(pieces) < MOST_PIECES:
        cut = max(text.rfind(mark, start + LONGEST // 2, start + LONGEST) for mark in (", ", "; ", " ", "，"))
        cut = start + LONGEST if cut < 0 else cut + 1
        pieces.append((start, cut))
        start = cut
    pieces.append((start, min(end, start + LONGEST)))
    stripped = []
    for left, right in pieces:
        while left < right and text[left].isspace():
            left += 1
        while left < right and text[right - 1].isspace():
            right -= 1
        if left < right:
            stripped.append((left, right))
    return stripped
