"""Fold text for matching without moving a character, so that offsets stay those of the original.

Case, typographic quotes, hyphens and traditional Chinese are folded one character to one character. Only
characters that nobody sees (zero-width, bidirectional controls, soft hyphens) and the quotes around a doubted "open"
are taken out, and then a map of positions leads back to the text as it was published.
"""

from __future__ import annotations

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
    text, positions, folded = published, None, _plain_marks(published)
    # Quotes are all that most texts hold beside ASCII. They go first: ASCII is searched and lowered fast.
    special = not folded.isascii() and _SPECIAL.search(published) is not None
    lowered = folded.lower()
    dropped: set[int] = set()
    if '"open' in lowered or '"closed' in lowered:
        for quoted in _SCARE_QUOTES.finditer(published):
            dropped.update((quoted.start(), quoted.end() - 1))
    if special or dropped:
        text, positions = _without(dropped, published)
        text = _SURROGATE.sub(" ", text)
        folded = _plain_marks(text)
        lowered = folded.lower()
    if len(lowered) != len(folded):
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in folded)
    if special:
        lowered = simplified(lowered)
    return Folded(published_text=published, text=text, folded=lowered, positions=positions)


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
