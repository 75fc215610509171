"""Is it news here? What the article reports against history, comparison, background and boilerplate.

Journalists put the news in the title, in the lead, in sentences dated within days of publication, and
in the present tense; what happened before stands in relative clauses, behind "previously", with a year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.openness.dates import NamedDate
from extractors.openness.modality import Modality
from extractors.openness.patterns import ORGANISATION, PERSON

NEWS_DAYS = 16
"""An act dated up to this many days before publication is still what the article reports."""
LEAD = 650
"""Characters of text in which an undated act is taken for the news."""

_HISTORY = re.compile(
    r"\b(?:previously|formerly|originally|historically|back then|in the past|years ago|decades ago|at the "
    r"time|back in"
    r"|earlier this (?:year|month|summer|spring|fall|winter)|last (?:year|month|summer|spring|fall|autumn"
    r"|winter|january|february|march|april|may|june|july|august|september|october|november|december)"
    r"|(?:a|one|two|three|several|few) (?:weeks?|months?|years?) (?:ago|earlier|before|later)"
    r"|(?:which|who|that) once|in contrast to \S+(?: \S+){0,2}, whose"
    r"|(?:stands|stood|remains|ranks) (?:as )?(?:one of|among) the"
    r"|(?<!years )(?<!months )(?<!weeks )(?<!days )since (?:its|their|the|then|20\d\d|launch)|has long"
    r"|(?<!that )(?<!who )(?<!which )had (?:already|previously|long|been|once)|used "
    r"to|until (?:now|recently)"
    r"|in recent (?:weeks|months|years)|over the (?:past|last) |the (?:previous|prior) (?:year|month|version)"
    r"|predecessors? (?:was|were|had|came|shipped)"
    r"|first announced|traditionally|so far(?! this (?:week|month))|before(?=[.]?$)"
    r"|nearly a year|a year ago|is (?:best |also |already "
    r"|widely )?known for)\b"
)
# "Six months after Musk said he would open Grok"; what stands before "a week after Musk promised it" is the news.
_AFTER_PROMISE = re.compile(
    r"\b(?:weeks?|months?|years?) after \S+(?: \S+){0,3} (?:said|promised|vowed|announced|pledged)\b"
)
_STATE = re.compile(r"\b(?:is|are|was|were) (?:\w+ly |also |all )?open\b|\bopen[- ]source\b")
_OTHER_CLAUSE = re.compile(
    r"[;:—–(]|, (?!\d|on |in |a |an |its |the )"
    r"|\b(?:which|that|who|whose|where|whom|before|than|until|had|has|while|but)\b"
)
# "For years, Meta has touted …", "To date, it has only posted …"
_LONG = re.compile(
    r"\W*(?:(?:but|and) )?(?:for (?:(?:the )?(?:past|last) |nearly |almost |over |more than |about )?"
    r"(?:(?:a|one|two|three|four|five|many|several) )?(?:years|decades?|months)\b|(?:to date|so far),)"
)
# "a lab that had published every flagship's weights"
_PAST_PERFECT = re.compile(r"\b(?:had|[a-z]'d) (?:\w+ ){0,2}$")
_EXAMPLES = re.compile(r"\b(?:examples?|such as|for instance|like|including|include[sd]?)\b")
_COMPARISON = re.compile(
    r"\b(?:like|unlike|such as|similar to|compared (?:with|to)|rather than|alternatives? to|rivals? to"
    r"|in contrast to|as opposed to|whereas|other than|along the lines of|aside from"
    r"|besides)\W+(?:[^\s,;\ue001-\ue003]+\s+){0,5}$"
)
_RELATIVE = re.compile(
    r"(?:,? (?:which|who|whose|that|when|where)|\b(?:comes?|came|arrives?|lands?) as)\b[^;.]{0,60}$"
)
# "OpenAI, which released its first open model …, competes with": told of somebody in an aside.
_ASIDE = re.compile(
    rf"[{ORGANISATION}{PERSON}](?: \S+)?, (?:which|who)(?: (?:has|had|have|\w+ly|also|once|first))* $"
)
# "When Acme published its weights, it did not only …": the time of something else; "open weights refers to …".
_WHEN = re.compile(r"\W*(?:when|after|since|ever since) [^,]*$")
# "When the next open release lands, ask why": none in particular.
_ANY = re.compile(
    r"\W*(?:when|whenever|every time|next time) (?:the next|an?|any|another|somebody|someone)\b"
)
# "Why this founder is giving away his tool": the news, if any, stands in the text.
_WHY = re.compile(r"\W*(?:here's )?(?:why|how)\b(?! (?:much|many|we|we're)\b)")
# "LeCun has said the company would publish its code"
_HAS_SAID = re.compile(
    r"\b(?:has|have|had) (?:\w+ly |also |already |long )?(?:said|promised|pledged|vowed|argued"
    r"|suggested|indicated|hinted)\b"
)
# "four months after launching it as a closed model": what it is counted from
_COUNTED_FROM = re.compile(r"\b(?:weeks|months|years) (?:after|since) (?:[^\s,;]+ ){0,3}$")
# "They've released competitive models": of whom and when, an essay does not say.
_THEY_HAVE = re.compile(r"\b(?:they|we|he|she|you)(?:'ve|'s| have| has)(?: \w+ly| also| now| all| both)? $")
_DEFINITION = re.compile(
    r"\b(?:in which (?:the|its|their)|refers? to|is the opposite of"
    r"|an? open[- ]\w+ (?:\w+ )?models? (?:is|means|lets)"
    r"|is (?:a|the) (?:term|name|practice)|(?:is|are) defined as|describes? models)\b"
)
# What a witness says, and why somebody did something, is of an earlier day.
_IN_COURT = re.compile(
    r"\b(?:on the stand|under oath|testif\w+|(?:told|tells) (?:the |a )?(?:jury|jurors|court|judge))\b"
)
_REASON = re.compile(r"\bbecause [^,;]{0,50}$")
# "are hosted for weeks before their weights arrive": when something else ends.
_UNTIL = re.compile(r"\b(?:before|until) (?:\w+ ){1,3}$")
_MEASURE = re.compile(r"\s+(?:many |far |even )?(?:more|fewer|most of) [^,;]{0,30}\bthan (?!ever)")
_FRONTED = re.compile(r"\W*(?:(?:back|early|late|in|on|by) ){0,3}$")
_PAST = re.compile(r"\w+ed\b|\b(?:gave|put|made|built|withdrew|let|threw)\b")
_NOW = re.compile(
    r"\b(?:today|just|now|newly|this (?:week|morning|afternoon|evening)|earlier today|for the first time"
    r"|announced|announcing"
    r"|has (?:just|now|officially|finally|quietly)|new|latest|finally|breaking|updated?)\b|[’']s (?:now"
    r"|new)\b"
)
_BOILERPLATE = re.compile(
    r"^(?:also|read more|related|see also|more|disclosure|subscribe|follow|sign up|image credits?"
    r"|techcrunch event"
    r"|advertisement|recommended|most popular|editors' recommendations|\(?disclosure)\b",
)
_EAST_ASIAN = re.compile("[가-힣一-鿿]")
_EAST_ASIAN_HISTORY = re.compile(
    r"앞서|달 동안|개월 동안|공개된 (?:뒤|이후|지)|과거|이전에"
    r"|지난해|작년|그동안|당시|됐었|했었|此前|之前|曾经|曾于|曾在|曾以|早前|去年|以往|当年"
)
_EAST_ASIAN_NOW = re.compile(r"오늘|이날|최근|밝혔다|발표했다|今日|今天|近日|日前|正式|宣布|刚刚")


_PERFECT = re.compile(r", (?:has|have)(?: also| now| just| quietly| finally)? $")


@dataclass(frozen=True, slots=True)
class Currency:
    """Whether an act is reported as news, with the reason."""

    current: bool
    why: str
    dated: bool
    """Whether a date near publication vouches for it."""


def read_currency(
    masked: str,
    head: tuple[int, int],
    *,
    title: bool,
    offset: int,
    topical: bool,
    modality: Modality,
    stands_alone: bool,
    superseded: bool,
    dates: list[NamedDate],
    published: date | None,
) -> Currency:
    """Judge one act.

    `offset`: where the sentence begins in the text. `topical`: its actor or artefact is what title or
    lead speak of. `superseded`: later releases of its line are known.
    `stands_alone`: the act is news by its nature (delays, withdrawals), not only by date.
    """
    start, end = head
    if not title and _BOILERPLATE.search(masked):
        return Currency(False, "boilerplate or a link to another article", False)
    before, clause = masked[max(0, start - 120) : start], masked[max(0, start - 90) : end + 90]
    if superseded and not title and _EXAMPLES.search(masked, 0, start):
        return Currency(False, "an example from an earlier generation of the line", False)
    if _IN_COURT.search(masked):
        return Currency(False, "told in court", False)
    if _MEASURE.match(masked, end):
        return Currency(False, "a measure of many acts", False)
    if not title and modality.mood == "done" and _UNTIL.search(before):
        return Currency(False, "the end of something else", False)
    reason = _REASON.search(before)
    if reason and _PAST.search(reason.group() + masked[start:end]):
        return Currency(False, "a reason for something else", False)
    history = (
        _of_the_act(_HISTORY.search(clause), before)
        or _AFTER_PROMISE.search(before)
        or _east_asian_history(masked, start, end, modality)
    )
    near, far = _dated(masked, dates, head, published)
    if far and published and _EAST_ASIAN.search(masked):
        # One clause may name the day of the act and the age of its object ("去年的主力模型"); the act's counts.
        near = next((named for named in dates if _is_near(named, published)), None)
    if far and not near:
        return Currency(False, f"dated {far.day.isoformat()}", False)
    if history and not near and not (title and modality.mood != "done"):
        return Currency(False, f"history: {history.group()!r}", False)
    if modality.mood != "plan" and not near and _LONG.match(masked):
        return Currency(False, "what has long been so", False)
    if modality.mood == "habit" and _PAST_PERFECT.search(before):
        return Currency(False, "before what is reported", False)
    if _COMPARISON.search(before):
        return Currency(False, "a comparison", False)
    if not title and not near and _HAS_SAID.search(before):
        return Currency(False, "said at some time before", False)
    if title and _WHY.match(masked):
        return Currency(False, "an explanation", False)
    if title:
        return Currency(True, "in the title", bool(near))
    relative = _RELATIVE.search(before)
    if near:
        return Currency(True, f"dated {near.day.isoformat()}", True)
    if _DEFINITION.search(masked, 0, start):
        return Currency(False, "a definition", False)
    if modality.mood == "done" and _WHEN.match(masked[:start]) and _PAST.search(masked, start, end):
        return Currency(False, "the time of something else", False)
    if modality.mood == "done" and _ANY.match(masked) and "," not in masked[:start]:
        return Currency(False, "none in particular", False)
    if modality.mood == "done" and _ASIDE.search(before) and _PAST.search(masked, start, end):
        return Currency(False, "told of the actor in passing", False)
    if relative and modality.mood == "done" and not topical:
        return Currency(False, f"in a clause of background: {relative.group().split()[0]!r}", False)
    if modality.mood in ("done", "habit") and _COUNTED_FROM.search(before):
        return Currency(False, "what the time is counted from", False)
    if modality.mood == "done" and _THEY_HAVE.search(before) and not _NOW.search(clause):
        return Currency(False, "undated, of somebody meant by a pronoun", False)
    if modality.mood == "habit":
        return Currency(False, "a habit or a state", False)
    if offset < LEAD:
        return Currency(True, "in the lead", False)
    if relative and modality.mood == "done" and _STATE.search(clause):
        return Currency(False, "a state, told in passing", False)
    if topical or (stands_alone and _NOW.search(clause)):
        return Currency(True, "about the article's subject", False)
    if _NOW.search(masked) or _EAST_ASIAN_NOW.search(masked):
        return Currency(modality.mood != "done", "in the body, no date", False)
    return Currency(False, "in the body, no date, not the article's subject", False)


def _of_the_act(history: re.Match[str] | None, before: str) -> re.Match[str] | None:
    """A word of the past, unless the verb is in the perfect, which is never so dated.

    "A start-up little known until last autumn, has published".
    """
    return history if history is None or _PERFECT.search(before) is None else None


def _dated(
    masked: str, dates: list[NamedDate], head: tuple[int, int], published: date | None
) -> tuple[NamedDate | None, NamedDate | None]:
    """The date nearest to the verb if it is of these days, and if it is long past."""
    if published is None or not dates:
        return None, None
    here = [named for named in dates if _attached(masked, named, head)] or [
        named for named in dates if named.last >= published - timedelta(days=NEWS_DAYS)
    ]
    if not here:
        return None, None
    nearest = min(here, key=lambda named: min(abs(named.start - head[1]), abs(named.end - head[0])))
    if _is_near(nearest, published):
        return nearest, None
    if nearest.last < published - timedelta(days=NEWS_DAYS):
        return None, nearest
    return None, None


def _attached(masked: str, named: NamedDate, head: tuple[int, int]) -> bool:
    """Whether no other clause stands between a verb and a date ("little known until last autumn, has published")."""
    between = masked[head[1] : named.start] if named.start >= head[1] else masked[named.end : head[0]]
    if named.end <= head[0] and _FRONTED.match(masked[: named.start]):
        between = between.removeprefix(",")  # "In April 2026, Meta introduced": the comma ends no clause
    return _OTHER_CLAUSE.search(between.removesuffix(", ")) is None  # ", in May 2024" ends no clause either


def _is_near(named: NamedDate, published: date) -> bool:
    return published - timedelta(days=NEWS_DAYS) <= named.last and named.day <= published + timedelta(days=2)


def _east_asian_history(masked: str, start: int, end: int, modality: Modality) -> re.Match[str] | None:
    """A word of the past in the verb's own clause; what is still to come is no history."""
    if modality.mood in ("plan", "consider"):
        return None
    begin = max(masked.rfind(mark, 0, start) for mark in ",，;；“”") + 1
    close = min((at for mark in ",，;；“" if (at := masked.find(mark, end)) >= 0), default=len(masked))
    return _EAST_ASIAN_HISTORY.search(masked, begin, close)
