"""Fold text for matching without moving a character, so that offsets stay those of the original.

Case, typographic quotes, hyphens and traditional Chinese are folded one character to one character. Only
characters that nobody sees (zero-width, bidirectional controls, soft hyphens) and the quotes around a doubted "open"
are taken out, and then a map of positions leads back to the text as it was published.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from extractors.openness.traditional import simplified

# Unicode categories Cf that break words apart without being seen, and lone surrogates (kept, as a space).
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff\ue000-\uf8ff]")
_SPECIAL = re.compile(f"{_UNSEEN.pattern[:-1]}{_SURROGATE.pattern[1:-1]}\u2e80-\u9fff\uf900-\ufaff]")
"""What most texts do not hold: the above and Chinese characters, looked for in one go."""
_SCARE_QUOTES = re.compile('["\u201c](?:open(?:[- ](?:source|weights?))?|closed)["\u201d]', re.IGNORECASE)
"""`"open" models` are open models, whatever the writer thinks of the word."""
_NARROWEST, _WIDEST = 50, 100
"""Characters of a line that was broken because it was full."""
_FEW = 2
"""Lines that are too few to tell how wide a paragraph is set."""
_WHITE = (("\t", " "), ("\r", " "))
_ONE_TO_ONE = (
    ("\u2019", "'"),
    ("\u2018", "'"),
    ("\u201c", '"'),
    ("\u201d", '"'),
    ("\u2010", "-"),
    ("\u2011", "-"),
    ("\u00a0", " "),
    ("\u202f", " "),
    ("\u2009", " "),
    *_WHITE,
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text made ready for matching."""

    published_text: str
    text: str
    """As published, without what is taken out."""
    folded: str
    """`text` in lower case with plain quotes, hyphens, spaces and simplified characters; the same length."""
    positions: tuple[int, ...] | None
    """For each character of `text` its offset in the published text. None: they are the same."""

    def published(self, offset: int) -> int:
        """The offset in the published text of an offset in `text`."""
        if self.positions is None:
            return offset
        if offset < len(self.positions):
            return self.positions[offset]
        return (self.positions[-1] if self.positions else -1) + 1


def fold(published: str) -> Folded:
    """Fold a text of any length and content; never raises."""
    whole = _unwrapped(published) if "\n" in published else published
    text, positions, folded = whole, None, _plain_marks(whole)
    # Quotes are all that most texts hold beside ASCII. They go first: ASCII is searched and lowered fast.
    special = not folded.isascii() and _SPECIAL.search(published) is not None
    lowered = folded.lower()
    dropped: set[int] = set()
    if '"open' in lowered or '"closed' in lowered:
        for quoted in _SCARE_QUOTES.finditer(published):
            dropped.update((quoted.start(), quoted.end() - 1))
    if special or dropped:
        text, positions = _without(dropped, whole)
        text = _SURROGATE.sub(" ", text)
        folded = _plain_marks(text)
        lowered = folded.lower()
    if len(lowered) != len(folded):
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in folded)
    if special:
        lowered = simplified(lowered)
    return Folded(published_text=published, text=text, folded=lowered, positions=positions)


def _unwrapped(text: str) -> str:
    """The text with a space for every line feed at which a line was only too long; the same length.

    So were lines broken that go on in small letters, and those of a paragraph in which every next word would not
    have fitted any more.
    """
    lines = text.split("\n")
    joined = [lines[0]]
    for index, (line, following) in enumerate(itertools.pairwise(lines)):
        joined.append(" " if _is_wrapped(lines, index, line, following) else "\n")
        joined.append(following)
    return "".join(joined)


def _is_wrapped(lines: list[str], index: int, line: str, following: str) -> bool:
    if not _NARROWEST <= len(line) <= _WIDEST or not following or line[-1] in ".!?:;…" or not line.isascii():
        return False
    first = following[0]
    if first.islower() or first in "(\"'$" or first.isdigit():
        return True
    paragraph = [near for near in lines[max(0, index - 1) : index + 3] if near]
    width = max(map(len, paragraph))
    return (
        first.isupper()
        and width <= _WIDEST
        and len(paragraph) > _FEW
        and len(line) + 1 + len(following.split(" ", 1)[0]) > width
    )


def _plain_marks(text: str) -> str:
    for fancy, plain in _WHITE if text.isascii() else _ONE_TO_ONE:
        text = text.replace(fancy, plain)
    return text


def _without(dropped: set[int], published: str) -> tuple[str, tuple[int, ...] | None]:
    dropped |= {unseen.start() for unseen in _UNSEEN.finditer(published)}
    if not dropped:
        return published, None
    kept = [index for index in range(len(published)) if index not in dropped]
    return "".join(published[index] for index in kept), tuple(kept)
