"""Where sentences begin and end, as offsets into the text."""

from __future__ import annotations

import re

LONGEST = 900
"""Characters; a longer stretch without a full stop is cut at a comma or a space, so that matching stays linear."""

_BOUNDARY = re.compile(
    r"""
      \s*\n\s*
    | [。！？]["”’」』）)]*\s*
    | [.!?…]+["”’'\)\]]*\s+(?=[^a-z\s])            # a full stop, a space, no lower-case letter
    | (?<=[a-z0-9”"][a-z0-9%”"])[.!?](?=[A-Z][a-zA-Z]+\s)   # "… on Tuesday.It claims": pages glued together
    | \s+(?:Also|Read\ more|READ\ MORE|See\ also|More):\s+     # a link to another article in mid-text
    """,
    re.VERBOSE,
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“‘])(?:[A-WYZ]|U\.S|U\.K|E\.U|D\.C|Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Inc|Corp|Co|Ltd|vs|v|e\.g|i\.e"
    r"|No|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|St|Jr|Sr|approx|ver|vol)\.\s+$"
)
_HEADING_GLUE = re.compile(r"(?:key takeaways|takeaways:?)(?=\s*[A-Z])")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence, in order, without the white space between them."""
    cuts = [0]
    for boundary in _BOUNDARY.finditer(text):
        end = boundary.end()
        if text[boundary.start()] in "." and _ABBREVIATION.search(text, max(0, end - 12), end):
            continue
        cuts.append(end)
    if "akeaways" in text:
        cuts.extend(glue.end() for glue in _HEADING_GLUE.finditer(text))
        cuts.sort()
    cuts.append(len(text))
    spans: list[tuple[int, int]] = []
    for start, end in zip(cuts, cuts[1:], strict=False):
        spans.extend(_pieces(text, start, end))
    return spans


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The stretch itself, or pieces of it when it is longer than a sentence can be."""
    pieces: list[tuple[int, int]] = []
    while end - start > LONGEST:
        cut = max(text.rfind(mark, start + LONGEST // 2, start + LONGEST) for mark in (", ", "; ", " ", "，"))
        cut = start + LONGEST if cut < 0 else cut + 1
        pieces.append((start, cut))
        start = cut
    pieces.append((start, end))
    stripped = []
    for left, right in pieces:
        while left < right and text[left].isspace():
            left += 1
        while left < right and text[right - 1].isspace():
            right -= 1
        if left < right:
            stripped.append((left, right))
    return stripped
