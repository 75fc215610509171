"""What stands before and behind a possible name, and what it says about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from extractors.openness import name_shapes as shapes
from extractors.openness.name_words import words

_BACK = 70
"""Characters before a name that may say what it is."""
_OPEN_SOURCED = (["sourced"], ["sources"], ["sourcing"], ["weighted"])
_POSSESSION = 4
"""Words behind "'s" among which the possession is."""
_AHEAD = 50
"""Characters behind a name in which its verb begins."""


class Left(NamedTuple):
    """What stands before a run, and what it says about it. The last word is asked first: that is quick."""

    folded: str
    start: int
    word: str
    """The last word before, without quotes; empty at the beginning and behind punctuation."""

    @classmethod
    def of(cls, folded: str, start: int) -> Left:
        place = start
        while place and (folded[place - 1] in ' "“‘(' or folded[max(0, place - 2) : place] == " '"):
            place -= 1
        return cls(folded, start, folded[_word_start(folded, place) : place])

    def _text(self) -> str:
        return self.folded[max(0, self.start - _BACK) : self.start]

    def calls(self) -> bool:
        """Whether it says that an artefact's name comes."""
        word = self.word.rstrip(",")
        if word in words().artefact_nouns or (word in words().called and self.noun()):
            return True
        return (
            word in ("of", "for", "its", "the") and shapes.WEIGHTS_OF_BEFORE.search(self._text()) is not None
        )

    def employs(self) -> bool:
        """Whether it says that an organisation's name comes."""
        word = self.word.rstrip(",")
        if word in words().organisation_nouns or word.endswith("-based"):
            return True
        if word in words().called:
            called = shapes.CALLED_BEFORE.search(self._text())
            return called is not None and called.group("organisation") is not None
        if word not in ("at", "from", "of", "for", "the", "by"):
            return False
        text = self._text()
        return bool(shapes.PEOPLE_AT_BEFORE.search(text) or shapes.OFFICE_OF_BEFORE.search(text))

    def releases(self) -> bool:
        """Whether it says that something is released or withdrawn."""
        if self.word not in words().releasing and self.word not in words().between:
            return False
        for word in reversed(self._text().split()):
            plain = word.strip("\"'“‘")
            if plain in words().releasing:
                return True
            if plain not in words().between:
                return False
        return False

    def begins_clause(self) -> bool:
        """Whether a subject may stand here."""
        word = self.word
        return (
            not word or word[-1] in ",;:—–|·-.!?" or word in words().clause_starts or word.endswith("-based")
        )

    def names_its_own(self) -> bool:
        """Whether a word for a thing may follow the name: "its Gondor model", "Arnor's Gondor model"."""
        return self.word in words().determiners or self.word.endswith("'s")

    def noun(self) -> str:
        """The noun that says what kind of artefact it is; empty when there is none."""
        if self.word.rstrip(",") in words().artefact_nouns:
            return self.word.rstrip(",")
        if self.word not in words().called and self.word != "the":
            return ""
        found = shapes.CALLED_BEFORE.search(self._text())
        return (found.group("noun") or "") if found else ""


def _word_start(folded: str, end: int) -> int:
    first = max(0, end - _BACK)
    space = folded.rfind(" ", first, end)
    return first if space < 0 else space + 1


def following(folded: str, end: int) -> str:
    """The word after a name, or the comma or bracket; empty at the end and before other punctuation."""
    if folded[end : end + 1] == ",":
        return ","
    if folded[end : end + 1] != " ":
        return ""
    if folded[end + 1 : end + 2] == "(":
        return "("
    return folded[end + 1 : end + _AHEAD].split(" ", 1)[0]


def acts(folded: str, end: int) -> bool:
    """Whether a verb of releasing or withholding follows a name."""
    ahead = folded[end + 1 : end + _AHEAD].split(" ")
    for index, word in enumerate(ahead):
        if word not in words().before_acts:
            plain = word.rstrip(",.:;")
            if plain == "to":  # "Kestrel to publish …"
                return _acts_in_future(ahead[index + 1 : index + 2])
            return plain in words().acts or (plain == "open" and ahead[index + 1 :][:1] in _OPEN_SOURCED)
    return False


def act_together(folded: str, end: int) -> bool:
    """Whether a verb of releasing follows in the plural: "Kestrel and Merrow release …"."""
    return acts(folded, end) or _acts_in_future(folded[end + 1 : end + _AHEAD].split(" ")[:1])


def _acts_in_future(verb: Sequence[str]) -> bool:
    return any(f"{word}{ending}" in words().acts for word in verb for ending in ("s", "es"))


def possesses(folded: str, end: int) -> bool:
    """Whether "'s model" or another possession of an organisation follows a name."""
    if folded[end : end + 2] != "'s":
        return False
    ahead = folded[end + 2 : end + _AHEAD].split(" ")[1 : _POSSESSION + 1]
    return any(word.rstrip(",.:;?") in words().possessions for word in ahead)
