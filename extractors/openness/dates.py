"""Dates that an article names, resolved against the day it was published.

Only what news writes of openness is read: "next week", "in about six months", "by the end of July",
"on Tuesday", "in 2023", "다음 주", "月底". A span that lasts (a month, a season) resolves to its last day when
it is still to come and to its first day when it is past.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAYS = {
    name: number
    for number, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )
}
_NUMBERS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        start=1,
    )
} | {"a": 1, "an": 1, "a couple of": 2, "a few": 3, "several": 3, "few": 3, "couple of": 2}
_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_SEASON_END = {"spring": (5, 31), "summer": (8, 31), "fall": (11, 30), "autumn": (11, 30), "winter": (12, 31)}

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_COUNT = (
    r"(?P<count>\d{1,3}|a couple of|couple of|a few|several|few|an?|one|two|three|four|five|six"
    r"|seven|eight|nine|ten|eleven|twelve)"
)
_UNIT = r"(?P<unit>day|week|month|year)s?\b"

_ENGLISH: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(regex))
    for name, regex in (
        ("ago", rf"\b{_COUNT} {_UNIT} (?:ago|earlier|before)\b"),
        (
            "ahead",
            rf"\b(?:in|within)(?: about| around| roughly| approximately| the next| the coming| "
            rf"another)? ?~?{_COUNT}[ -]{_UNIT}(?: time)?",
        ),
        ("ahead", rf"\b{_COUNT} {_UNIT} (?:from now|later)\b"),
        (
            "coming",
            r"\b(?:in |over |within )(?:the )?(?:coming|next few|next couple of|following"
            r"|upcoming) (?P<unit>day|week|month|year)s\b",
        ),
        (
            "relative",
            r"\b(?P<which>next|this|last|past|later this|earlier this|later in the|earlier in "
            r"the|end of the|end of this|the end of the|by the end of the) (?P<span>week|month|year"
            r"|quarter|spring|summer|fall|autumn|winter)\b",
        ),
        ("monthend", rf"\bend of {_MONTH}(?:,? (?P<year>20[0-4]\d))?"),
        ("yearend", r"\bend of (?P<year>20[0-4]\d)\b"),
        ("day", rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year>20[0-4]\d))?"),
        ("day", rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (?P<year>20[0-4]\d))?"),
        ("ordinal", r"\bthe (?P<day>\d{1,2})(?:st|nd|rd|th)\b"),
        ("iso", r"\b(?P<year>20[0-4]\d)-(?P<month_number>\d{2})-(?P<day>\d{2})\b"),
        (
            "month",
            rf"\b(?:in|by|since|from|until|of|early|late|mid-|this|last|next|during|for) "
            rf"?{_MONTH}(?: of)?(?:,? (?P<year>20[0-4]\d))?",
        ),
        ("month", rf"\b{_MONTH} (?:of )?(?P<year>20[0-4]\d)\b"),
        (
            "quarter",
            r"\b(?:q(?P<quarter>[1-4])|(?P<ordinal>first|second|third|fourth) quarter(?: of)?)(?: "
            r"(?P<year>20[0-4]\d))?\b",
        ),
        (
            "weekday",
            r"\b(?P<which>next |last |this |coming )?(?P<weekday>monday|tuesday|wednesday"
            r"|thursday|friday|saturday|sunday)\b",
        ),
        ("word", r"\b(?P<word>today|tonight|yesterday|tomorrow)\b"),
        (
            "year",
            r"\b(?:in|by|since|from|of|during|early|late|mid-|until|before|back in) "
            r"?(?P<year>20[0-4]\d)\b",
        ),
    )
)

# Every English date holds a digit or one of these.
_HINT = re.compile(
    r"\d|day\b|week|month|year|quarter|tonight|tomorrow|spring|summer|fall|autumn|winter"
    r"|\b(?:jan|feb|mar|apr|may|june|july|aug|sep|oct|nov|dec)"
)

_EAST_ASIAN: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(regex))
    for name, regex in (
        (
            "date",
            r"(?:(?:(?P<year>20[0-4]\d) ?[년年]|(?P<relative>지난해|작년|去年|올해|今年|내년|明年)) ?)?"
            r"(?P<month>\d{1,2}|十[一二]?|[一二三四五六七八九]) ?[월月](?: ?(?P<day>\d{1,2}) "
            r"?[일日号])?(?P<end> ?말|底)?",
        ),
        (
            "span",
            r"(?P<span>전날|前一天|당일|이날|다음 ?주|다음 ?달|내달|이달 말|이번 ?달 말|이번 ?주 (?:안|내)|이번 ?주말"
            r"|이달 (?:안|내|중)|연말|올해 말|올해 안|(?:올해 ?)?하반기|내년 ?상반기|내년 ?하반기|내년 ?초"
            r"|本周内|本周末|本月内|(?:今年)?下半年|明年上半年|明年下半年|明年初"
            r"|연내|내일|오늘|어제|지난주|지난달|지난해"
            r"|작년|내년|下周|下个月|下月|本月底|月底|年底|年内|明天|今天|今日|昨天|昨日|上周|上个月|去年|明年)",
        ),
        (
            "count",
            r"(?P<count>\d{1,3}|[一二两三四五六七八九十]) ?(?P<unit>일|주|개월|달|년|天|周|个月|年)"
            r"(?P<sense> ?후| ?뒤| ?내"
            r"|后|内| ?전|前)",
        ),
        ("year", r"(?P<year>20[0-4]\d) ?[년年]"),
        (
            "dayonly",
            r"(?<!\d)(?P<day>\d{1,2})(?:일\(현지|일 \(현지|일,? |일에|日|号)|(?<!\d)(?P<until>\d{1,2}) ?일까지"
            r"|오는 (?P<coming>\d{1,2})일",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A date a text names, with the words that name it."""

    start: int
    end: int
    day: date
    """The day, or the last (to come) or first (past) day of the span named."""
    last: date
    """The last day of the span named."""


def find_dates(folded: str, published: date, language: str = "en") -> list[NamedDate]:
    """Every date named in a folded sentence, in order; of two that overlap the more exact one."""
    if language == "en" and _HINT.search(folded) is None:
        return []
    found: list[NamedDate] = []
    patterns = _ENGLISH if language == "en" else _EAST_ASIAN
    for name, regex in patterns:
        for match in regex.finditer(folded):
            span = (
                _span(name, match, published)
                if language == "en"
                else _span_east_asian(name, match, published)
            )
            if span is not None:
                first, last = span
                found.append(
                    NamedDate(match.start(), match.end(), last if last >= published else first, last)
                )
    return list(_apart(found))


def _apart(found: list[NamedDate]) -> Iterator[NamedDate]:
    kept: list[NamedDate] = []
    for named in found:
        if all(named.end <= other.start or named.start >= other.end for other in kept):
            kept.append(named)
    yield from sorted(kept, key=lambda named: named.start)


def _span(name: str, match: re.Match[str], published: date) -> tuple[date, date] | None:
    parts = match.groupdict()
    if name in ("ago", "ahead"):
        count = parts["count"]
        number = int(count) if count.isdigit() else _NUMBERS[count]
        return _same(_shifted(published, number, parts["unit"], -1 if name == "ago" else 1))
    if name == "coming":
        return _same(
            _shifted(published, {"day": 7, "week": 4, "month": 3, "year": 2}[parts["unit"]], parts["unit"], 1)
        )
    if name == "relative":
        return _relative(parts["which"], parts["span"], published)
    if name == "weekday":
        return _same(_weekday(_DAYS[parts["weekday"]], (parts["which"] or "").strip(), match, published))
    if name == "word":
        return _same(published + timedelta(days={"yesterday": -1, "tomorrow": 1}.get(parts["word"], 0)))
    if name in ("year", "yearend"):
        year = int(parts["year"])
        return date(year, 1, 1), date(year, 12, 31)
    if name == "quarter":
        number = int(parts["quarter"]) if parts["quarter"] else _ORDINALS[parts["ordinal"]]
        year = int(parts["year"] or published.year)
        return date(year, 3 * number - 2, 1), date(year, 3 * number, monthrange(year, 3 * number)[1])
    return _calendar(name, parts, match, published)


_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}


def _calendar(
    name: str, parts: dict[str, str | None], match: re.Match[str], published: date
) -> tuple[date, date] | None:
    month = (
        int(parts["month_number"] or 0)
        if name == "iso"
        else _MONTHS.get((parts.get("month") or "").rstrip("."), 0)
    )
    year = int(parts.get("year") or 0) or None
    ahead = bool(re.match(r"by|next|until|end", match.group()))
    if name == "ordinal":
        day = int(parts["day"] or 0)
        if not 1 <= day <= 31:
            return None
        first_of_month = published.replace(day=1)
        if day < published.day - 7:
            first_of_month = _shifted(first_of_month, 1, "month", 1).replace(day=1)
        return _day(first_of_month.year, first_of_month.month, day)
    if not 1 <= month <= 12:
        return None
    if year is None:
        year = _likely_year(month, int(parts.get("day") or 1), published, ahead)
    if parts.get("day"):
        return _day(year, month, int(parts["day"] or 0))
    last = date(year, month, monthrange(year, month)[1])
    return (last, last) if name == "monthend" else (date(year, month, 1), last)


def _likely_year(month: int, day: int, published: date, ahead: bool) -> int:
    """The year of a date without one: the nearest, by preference past unless the words look ahead."""
    distance = (month - published.month) * 30 + day - published.day
    if ahead:
        return published.year + (distance < -31)
    if distance > 150:
        return published.year - 1
    if distance < -240:
        return published.year + 1
    return published.year


def _day(year: int, month: int, day: int) -> tuple[date, date] | None:
    if not 1 <= day <= monthrange(year, month)[1]:
        return None
    return _same(date(year, month, day))


def _same(day: date) -> tuple[date, date]:
    return day, day


def _relative(which: str, span: str, published: date) -> tuple[date, date]:
    ahead, past = which.startswith("next"), which in ("last", "past")
    if span == "week":
        monday = published - timedelta(days=published.weekday()) + timedelta(days=7 * (ahead - past))
        return monday, monday + timedelta(days=6)
    if span in ("month", "year"):
        moved = _shifted(published.replace(day=1), int(ahead or past), span, -1 if past else 1)
        if span == "month":
            last = date(moved.year, moved.month, monthrange(moved.year, moved.month)[1])
            if which.startswith("earlier"):
                last = max(published - timedelta(days=8), moved.replace(day=1))
            return moved.replace(day=1), last
        last = date(moved.year, 12, 31)
        if which.startswith("earlier"):
            last = max(published - timedelta(days=30), date(moved.year, 1, 1))
        return date(moved.year, 1, 1), last
    if span == "quarter":
        number = (published.month - 1) // 3 + 1 + ahead - past
        year = published.year + (number > 4) - (number < 1)
        month = ((number - 1) % 4) * 3 + 3
        return date(year, month - 2, 1), date(year, month, monthrange(year, month)[1])
    month, day = _SEASON_END[span]
    year = published.year + (ahead and (published.month, published.day) > (month, day)) - past
    return _shifted(date(year, month, 1), 2, "month", -1), date(year, month, day)


def _weekday(weekday: int, which: str, match: re.Match[str], published: date) -> date:
    back = (published.weekday() - weekday) % 7
    if which in ("next", "coming"):
        return published + timedelta(days=(weekday - published.weekday()) % 7 or 7)
    if which == "last":
        return published - timedelta(days=back or 7)
    before = match.string[max(0, match.start() - 24) : match.start()]
    if re.search(r"\b(?:by|until|for|planned for|due|will .{0,12}on|coming) $", before):
        return published + timedelta(days=(weekday - published.weekday()) % 7)
    return published - timedelta(days=back)


def _shifted(day: date, count: int, unit: str, sign: int) -> date:
    try:
        if unit in ("day", "week"):
            return day + timedelta(days=sign * count * _UNIT_DAYS[unit])
        months = day.month - 1 + sign * count * (12 if unit == "year" else 1)
        year, month = day.year + months // 12, months % 12 + 1
        return date(year, month, min(day.day, monthrange(year, month)[1]))
    except (OverflowError, ValueError):
        return day


_EAST_ASIAN_SPANS = {
    "다음주": ("next", "week"), "下周": ("next", "week"), "지난주": ("last", "week"), "上周": ("last", "week"),
    "다음달": ("next", "month"), "내달": ("next", "month"), "下个月": ("next", "month"), "下月": ("next", "month"),
    "이달말": ("this", "month"), "이번달말": ("this", "month"), "本月底": ("this", "month"), "月底": ("this", "month"),
    "지난달": ("last", "month"), "上个月": ("last", "month"), "연말": ("this", "year"), "올해말": ("this", "year"),
    "올해안": ("this", "year"), "연내": ("this", "year"), "年底": ("this", "year"), "年内": ("this", "year"),
    "이번주안": ("this", "week"), "이번주내": ("this", "week"), "이번주말": ("this", "week"),
    "本周内": ("this", "week"),
    "本周末": ("this", "week"), "이달안": ("this", "month"), "이달내": ("this", "month"), "이달중": ("this", "month"),
    "本月内": ("this", "month"),
    "지난해": ("last", "year"), "작년": ("last", "year"), "去年": ("last", "year"), "내년": ("next", "year"),
    "明年": ("next", "year"),
}  # fmt: skip
_EAST_ASIAN_YEARS = {"지난해": -1, "작년": -1, "去年": -1, "올해": 0, "今年": 0, "내년": 1, "明年": 1}
# Of the year told first, or of this one: first and last month.
_EAST_ASIAN_PARTS = {
    "상반기": (1, 6), "上半年": (1, 6), "하반기": (7, 12), "下半年": (7, 12), "초": (1, 3), "初": (1, 3),
}  # fmt: skip
_EAST_ASIAN_DAYS = {
    "당일": 0,
    "이날": 0,
    "전날": -1,
    "前一天": -1,
    "오늘": 0,
    "今天": 0,
    "今日": 0,
    "어제": -1,
    "昨天": -1,
    "昨日": -1,
    "내일": 1,
    "明天": 1,
}
_EAST_ASIAN_UNITS = {
    "일": "day", "天": "day", "주": "week", "周": "week", "개월": "month", "달": "month", "个月": "month",
    "년": "year", "年": "year",
}  # fmt: skip
_CHINESE_NUMBERS = {char: number for number, char in enumerate("一二三四五六七八九十", start=1)}
_CHINESE_NUMBERS |= {"两": 2, "十一": 11, "十二": 12}


def _month_on(published: date, day: int, sign: int) -> tuple[date, date] | None:
    """That day of the next (1) or the last (-1) month."""
    month = _shifted(published.replace(day=1), 1, "month", sign)
    return _day(month.year, month.month, day)


def _span_east_asian(name: str, match: re.Match[str], published: date) -> tuple[date, date] | None:
    parts = match.groupdict()
    if name == "span":
        span = parts["span"].replace(" ", "")
        if span in _EAST_ASIAN_DAYS:
            return _same(published + timedelta(days=_EAST_ASIAN_DAYS[span]))
        part = next((part for part in _EAST_ASIAN_PARTS if span.endswith(part)), None)
        if part is not None:
            year = published.year + span.startswith(("내년", "明年"))
            first, last_month = _EAST_ASIAN_PARTS[part]
            return date(year, first, 1), date(year, last_month, monthrange(year, last_month)[1])
        return _relative(*_EAST_ASIAN_SPANS[span], published)
    if name == "count":
        count = parts["count"]
        number = int(count) if count.isdigit() else _CHINESE_NUMBERS[count]
        sign = -1 if parts["sense"].strip() in ("전", "前") else 1
        return _same(_shifted(published, number, _EAST_ASIAN_UNITS[parts["unit"]], sign))
    if name == "year":
        return date(int(parts["year"]), 1, 1), date(int(parts["year"]), 12, 31)
    if name == "dayonly":
        day = int(parts["day"] or parts["until"] or parts["coming"])
        if not 1 <= day <= 31:
            return None
        named = _day(published.year, published.month, day)
        if named and not parts["day"]:
            return named if named[0] >= published else _month_on(published, day, 1)
        if named is None or named[0] > published + timedelta(days=1):
            return _month_on(published, day, -1)
        return named
    month = int(parts["month"]) if parts["month"].isdigit() else _CHINESE_NUMBERS[parts["month"]]
    if not 1 <= month <= 12:
        return None
    if parts["year"]:
        year = int(parts["year"])
    elif parts["relative"]:
        year = published.year + _EAST_ASIAN_YEARS[parts["relative"]]
    else:
        year = _likely_year(month, int(parts["day"] or 1), published, False)
    if parts["day"]:
        return _day(year, month, int(parts["day"]))
    last = date(year, month, monthrange(year, month)[1])
    return (last, last) if parts["end"] else (date(year, month, 1), last)
