"""Where sentences begin and end, as offsets into the text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

LONGEST = 900
"""Characters; a longer stretch without a full stop is cut at a comma or a space, so that matching stays linear."""

MOST_PIECES = 12
"""Of a stretch without a full stop no more is read: nobody writes ten pages in one sentence."""

# A mark that may end a sentence, with what belongs to it and the white space behind: a line feed; a full stop before
# anything but a small letter; one glued to the next sentence when a page was cut out ("… on Tuesday.It claims").
# It begins with a set of characters, which `re` looks for fast.
_ENDS = r"""[\n{marks}](?:(?<=\n)|(?<!\n)[{marks}]*(?:["”’'\)\]]*\s+(?=[^a-z\s])|(?=[A-Z][a-zA-Z]+\s)(?P<glued>)))"""
_PLAIN_MARKS = re.compile(_ENDS.format(marks=".!?"))
_ALL_MARKS = re.compile(r"[。！？][\"”’」』）)]*\s*|" + _ENDS.format(marks=".!?…"))
_RARE_MARKS = "…。！？"
_GLUED_BEFORE = re.compile(r"[a-z0-9”\"][a-z0-9%”\"]$")
_SHORT = (
    *("U.S", "U.K", "E.U", "D.C", "Mr", "Mrs", "Ms", "Dr", "Prof", "Sen", "Rep", "Gov", "Gen", "Inc", "Corp"),
    *(
        "Co",
        "Ltd",
        "vs",
        "v",
        "e.g",
        "i.e",
        "No",
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "Jun",
        "Jul",
        "Aug",
        "Sept",
        "Sep",
    ),
    *("Oct", "Nov", "Dec", "St", "Jr", "Sr", "approx", "ver", "vol"),
)
_ABBREVIATION = re.compile(rf"(?:^|[\s(\"'“‘])(?:[A-WYZ]|{'|'.join(map(re.escape, _SHORT))})$")
_SHORT_ENDS = frozenset(short[-2:] for short in _SHORT)
# Links to other articles and headings in mid-text, left over when a page was cut out.
_LINKS = ("Also: ", "Read more: ", "READ MORE: ", "See also: ")
_HEADING_GLUE = re.compile(r"(?:key takeaways|takeaways:?)(?=\s*[A-Z])")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence, in order, without the white space between them."""
    cuts = [0]
    marks = _ALL_MARKS if any(mark in text for mark in _RARE_MARKS) else _PLAIN_MARKS
    for mark in marks.finditer(text):
        start, cut = mark.span()
        if mark.lastgroup:
            if cut > start + 1 or _GLUED_BEFORE.search(text, max(0, start - 2), start) is None:
                continue
        elif (
            text[start] == "."
            # Most words are told by their last two letters to be no abbreviation.
            and not (text[start - 2].isalnum() and text[start - 2 : start] not in _SHORT_ENDS)
            and _ABBREVIATION.search(text, max(0, start - 8), start)
        ):
            cut = text.rfind("\n", start, cut) + 1
            if not cut:
                continue
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
        for left, right in ((start, end),) if end - start <= LONGEST else _pieces(text, start, end):
            while left < right and text[left].isspace():
                left += 1
            while left < right and text[right - 1].isspace():
                right -= 1
            if left < right:
                spans.append((left, right))
    return spans


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Pieces of a stretch that is longer than a sentence can be."""
    for _ in range(MOST_PIECES):
        if end - start <= LONGEST:
            break
        cut = max(text.rfind(mark, start + LONGEST // 2, start + LONGEST) for mark in (", ", "; ", " ", "，"))
        cut = start + LONGEST if cut < 0 else cut + 1
        yield start, cut
        start = cut
    yield start, min(end, start + LONGEST)
