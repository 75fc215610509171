"""Did it happen? What mood, negation and reported speech make of the verb a rule found.

The verb itself says only *what*; whether it is done, promised, considered, wished for, ruled out or
whispered is read from the cue words around it. The cues are groups of the vocabulary:

    cue_plan_before / _after        will, plans to, is set to; 할 예정, 将
    cue_consider_before / _after    may, is considering, weighs
    cue_wish_before / _after        should, calls on, if, whether
    cue_negation_before / _after    not, never, without
    cue_refusal_before / _after     will not, decided against, refuses to
    cue_pending_before / _after     not yet, has yet to
    cue_habit_before / _after       often, usually
    cue_rumour                      reportedly, people familiar with (anywhere in the sentence)

`before` is looked for between the start of the clause and the verb, `after` between the verb and the
end of the clause; in Korean the verb ends the clause and its mood follows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from extractors.openness.compiled import compiled
from extractors.openness.patterns import ARTEFACT, GOVERNMENT, ORGANISATION, PERSON
from extractors.openness.vocabulary import Vocabulary, plain

Mood = Literal["done", "plan", "consider", "wish", "habit"]
Polarity = Literal["affirmed", "negated", "refused", "pending"]

_BEFORE, _AFTER = 90, 60
# A clause ends at a mark or at a word that starts another one.
_CLAUSE_START = re.compile(
    r"[;:—–!?\"“”()]|,(?= )|\b(?:but|while|which|who|whose|after|because|though|although|since|as|and|that)\b"
)
_CLAUSE_END = re.compile(r"[;—–!?]|, |\b(?:but|while|which|who|after|because|though|although)\b")
_TO = re.compile(r"\bto(?: \w+ly| also| then| fully)?$")
# "is releasing", ", releasing", "Meta open-sourcing": an act; "that open-sourcing any model" is none.
_PROGRESSIVE = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|being|'s|'re|started|starts|begins|began|begun|after|announced"
    r"|announces|just|now|also|and|confirmed|finished|(?:is|are|was|were) not)"
    r"|(?:is|are|was|were)n't"
    rf"|[,;:—–]|[{ORGANISATION}{PERSON}{GOVERNMENT}{ARTEFACT}](?:'s)?|\w+ly|^)[\s\"']*$"
)
_PERFECT_PROGRESSIVE = re.compile(r"\b(?:have|has|had|'ve) (?:\w+ly )?been $")
# "developers want OpenAI to open-source": somebody else's wish.
_WANTED_OF = re.compile(
    r"\b(?:want|urg|ask|push|press|beg|call(?:s|ed|ing)? (?:on|for)|lobb|petition|pressur|challeng|dar"
    r"|invit|encourag|convinc|persuad)\w*"
    rf" (?:the )?[{ORGANISATION}{PERSON}{GOVERNMENT}]+(?:'s)?"
    rf"(?:(?:, | and |, and )[{ORGANISATION}{PERSON}{GOVERNMENT}]+)* to (?:\w+ly )?$"
)
_HAD_TO = re.compile(
    r"\b(?:ha(?:d|s|ve)|no (?:\w+ )?(?:option|choice|alternative) but) (?:\w+ly )?to (?:\w+ly )?$"
)
# "used the keynote to roll out Gondor": a means to what was done.
_USED_TO = re.compile(
    r"\bus(?:es|ed|ing) (?:the|its|his|her|their|a|an|this|that|[^\s,;]+'s) (?:[^\s,;]+ ){1,5}to (?:\w+ly )?$"
)
# "the conversation about who publishes weights and why": nobody's act.
_INDIRECT_QUESTION = re.compile(
    r"\b(?:about|over|of|on|ask(?:s|ed|ing)?|wonder(?:s|ed|ing)?|debat(?:e|es|ed|ing)) (?:who|why|when|where"
    r"|whether)\b(?: [^\s,;:]+){0,4} $"
)
# "ordered Anthropic to suspend": what somebody was made to do is done.
_MADE_TO = re.compile(
    rf"\b(?:order|forc|compel|instruct|direct)\w* (?:the )?[{ORGANISATION}]+ to (?:\w+ly )?$"
)
# "传听松将不再开放权重": hearsay, said by the first character of a headline ("传统" and the like are words).
_HEARSAY = re.compile(r"(?:^|[：:|] ?)[传曝](?![统播承递感奇真媒输光])")
# "正在研究是否开放": whether, of those who decide.
_PONDERED = re.compile(r"(?:研究|考虑|讨论|评估|商讨|权衡|斟酌).{0,4}(?:是否|要不要|能否)")
_CJK_CLAUSE = re.compile(r"[,，;；。！？!?、…]")


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that changes what the verb means."""

    name: str
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Modality:
    """The mood and polarity of one verb."""

    mood: Mood
    polarity: Polarity
    rumour: bool
    cues: tuple[Cue, ...]
    """What it was read from, with offsets in the sentence."""


class ModalityReader:
    """Reads the modality of verbs in one language."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._language = vocabulary.language
        self._forms = {
            plain(word): form for group in vocabulary.groups.values() for word, form in group.forms.items()
        }
        self._cues = {
            name: _any_of(group.words, vocabulary.bounded)
            for name, group in vocabulary.groups.items()
            if name.startswith("cue_")
        }

    def read(self, masked: str, head_start: int, head_end: int) -> Modality:
        """The modality of the verb at `head_start` in a masked sentence."""
        if self._language == "en":
            clause, end = _clause_start(masked, head_start), _clause_end(masked, head_end)
        else:
            clause = max((m.end() for m in _CJK_CLAUSE.finditer(masked, 0, head_start)), default=0)
            found = _CJK_CLAUSE.search(masked, head_end)
            end = found.start() if found else len(masked)
        cues: list[Cue] = []

        def cued(name: str) -> bool:
            before = self._found(f"cue_{name}_before", masked, clause, head_start, last=True)
            after = self._found(f"cue_{name}_after", masked, head_end, min(end, head_end + _AFTER))
            cues.extend(cue for cue in (before, after) if cue)
            return bool(before or after)

        rumour = self._found("cue_rumour", masked, 0, len(masked)) or self._hearsay(masked)
        if rumour:
            cues.append(rumour)
        polarity: Polarity = "affirmed"
        if cued("pending"):
            polarity = "pending"
        elif cued("refusal"):
            polarity = "refused"
        elif cued("negation"):
            polarity = "negated"
        mood = self._mood(masked, clause, head_start, head_end, cued)
        return Modality(mood=mood, polarity=polarity, rumour=rumour is not None, cues=tuple(cues))

    def _hearsay(self, masked: str) -> Cue | None:
        found = _HEARSAY.search(masked) if self._language == "zh" else None
        return Cue("cue_rumour", found.group(), found.start(), found.end()) if found else None

    def _mood(self, masked: str, clause: int, start: int, end: int, cued: Callable[[str], bool]) -> Mood:
        if (cued("wish") and not _PONDERED.search(masked, clause, start)) or (
            self._language == "en" and _WANTED_OF.search(masked, max(0, start - 120), start)
        ):
            return "wish"
        if self._language == "en" and _INDIRECT_QUESTION.search(masked, max(0, start - 90), start):
            return "wish"
        if cued("consider"):
            return "consider"
        if cued("plan"):
            return "plan"
        if cued("habit") and not _HAD_TO.search(masked, max(0, start - 40), start):
            return "habit"
        if self._language == "en":
            form = self._forms.get(plain(masked[start:end]))
            if _HAD_TO.search(masked, max(0, start - 40), start) or _MADE_TO.search(
                masked, max(0, start - 80), start
            ):
                return "done"
            if _USED_TO.search(masked, max(0, start - 80), start):
                return "done"
            if form in ("base", "any") and _TO.search(masked[clause:start].rstrip()):
                return "plan"
            if form == "ing" and _PERFECT_PROGRESSIVE.search(masked, max(0, start - 20), start):
                return "habit"
            if form == "ing" and not _PROGRESSIVE.search(masked, max(0, start - 30), start):
                return "habit"
        return "done"

    def _found(self, name: str, text: str, start: int, end: int, *, last: bool = False) -> Cue | None:
        form = self._cues.get(name)
        if form is None:
            return None
        found = None
        for match in compiled(form).finditer(text, start, end):
            found = match
            if not last:
                break
        if found is None:
            return None
        return Cue(name=name, words=found.group(), start=found.start(), end=found.end())


def _clause_start(masked: str, head: int) -> int:
    """Where the verb's clause begins; "plans to train and release" is one clause."""
    begin = max(0, head - _BEFORE)
    starts = list(_CLAUSE_START.finditer(masked, begin, head))
    while (
        starts
        and starts[-1].group() in ("and", "that", '"', "(")
        and not masked[starts[-1].end() : head].strip(" \"'")
    ):
        starts.pop()
    return starts[-1].end() if starts else begin


def _clause_end(masked: str, head: int) -> int:
    found = _CLAUSE_END.search(masked, head)
    return found.start() if found else len(masked)


def _any_of(words: tuple[str, ...], bounded: bool) -> str:
    body = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
    return rf"(?<![\w-])(?:{body})(?!\w)" if bounded else f"(?:{body})"
