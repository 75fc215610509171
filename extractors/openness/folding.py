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
    ("\t", " "),
    ("\r", " "),
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
    text, positions = published, None
    special = not published.isascii() and _SPECIAL.search(published) is not None
    dropped = {
        at for quoted in _SCARE_QUOTES.finditer(published) for at in (quoted.start(), quoted.end() - 1)
    }
    if special or dropped:
        text, positions = _without(dropped, published)
        text = _SURROGATE.sub(" ", text)
    folded = text.lower()
    if len(folded) != len(text):
        folded = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    if not folded.isascii():
        for fancy, plain in _ONE_TO_ONE:
            folded = folded.replace(fancy, plain)
        if special:
            folded = simplified(folded)
    else:
        folded = folded.replace("\t", " ").replace("\r", " ")
    return Folded(published_text=published, text=text, folded=folded, positions=positions)


def _without(dropped: set[int], published: str) -> tuple[str, tuple[int, ...] | None]:
    dropped |= {unseen.start() for unseen in _UNSEEN.finditer(published)}
    if not dropped:
        return published, None
    kept = [index for index in range(len(published)) if index not in dropped]
    return "".join(published[index] for index in kept), tuple(kept)
