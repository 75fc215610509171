"""Dates as publishers write them, read as aware times in UTC.

feedparser and most libraries read `CEST` as UTC, a Unix time as the year 1668 and a month written in
German, Italian or Russian not at all. This reader knows the forms that feeds and news pages use. Its
assumptions are: a date without a zone is in UTC; a date without a time is midnight; in `03/04/2026`
the month comes first in English and the day elsewhere; `IST` is India's, `CST` and `BST` are North
America's and Britain's.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Nothing on the web is older; an earlier date is a mistake (year 0000, 1601, 1970 from an empty field)."""

LONGEST = 120
"""Characters of a text that may still be a date; longer ones are prose."""

# RFC 822 §5.1, RFC 2822 §4.3, and the abbreviations seen in feeds. Minutes east of Greenwich.
ZONES: dict[str, int] = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0),
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "akst": -540, "akdt": -480, "hst": -600, "ast": -240, "adt": -180, "nst": -210, "ndt": -150,
    "brt": -180, "bst": 60, "west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120, "eet": 120,
    "eest": 180, "sast": 120, "msk": 180, "мск": 180, "trt": 180, "gst": 240, "pkt": 300, "ist": 330,
    "ict": 420, "wib": 420, "sgt": 480, "hkt": 480, "awst": 480, "jst": 540, "kst": 540, "acst": 570,
    "aest": 600, "acdt": 630, "aedt": 660, "nzst": 720, "nzdt": 780,
}  # fmt: skip

# One line a month; each word is matched by its first letters, accents removed, so that one stem serves
# the nominative, the genitive and the abbreviation.
_MONTH_STEMS: tuple[tuple[str, ...], ...] = (
    ("jan", "janv", "ene", "gen", "янв", "sty", "led", "ocak", "ιαν", "tammi", "січ"),
    ("feb", "fev", "fevr", "fév", "фев", "lut", "uno", "sub", "φεβ", "helmi", "лют"),
    ("mar", "mars", "marz", "märz", "mrz", "maa", "мар", "bre", "mrt", "μαρ", "бер"),
    ("apr", "avr", "abr", "апр", "kwi", "dub", "nis", "απρ", "huhti", "кві"),
    ("may", "mai", "mag", "maj", "mei", "мая", "май", "kve", "μαι", "touko", "тра"),
    ("jun", "juin", "giu", "июн", "cze", "haz", "ιουν", "kesa", "чер"),
    ("jul", "juil", "lug", "июл", "lip", "tem", "ιουλ", "heina", "лип"),
    ("aug", "aou", "ago", "авг", "sie", "agu", "αυγ", "elo", "сер"),
    ("sep", "set", "сен", "wrz", "eyl", "σεπ", "syys", "вер"),
    ("oct", "okt", "out", "ott", "окт", "paz", "eki", "οκτ", "loka", "жов"),
    ("nov", "ноя", "kas", "νοε", "marras", "лис"),
    ("dec", "dez", "dic", "des", "дек", "gru", "pro", "ara", "δεκ", "joulu", "гру"),
)
# Longest first: `marras` (November) must not be taken for `mar` (March), nor `juil` for `jui`.
_STEMS = sorted(
    ((stem, number) for number, stems in enumerate(_MONTH_STEMS, 1) for stem in stems),
    key=lambda pair: -len(pair[0]),
)

_TIME = r"(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?"
    r"(?:(?:[T\s]+|T\s*)(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,]\d+)?)?)?",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:[T\s]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?(?!\d)"
)
_CJK = re.compile(
    r"(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월](?:\s*(?P<day>\d{1,2})\s*[日일号號])?"
    r"(?:\D{0,12}?(?P<half>오전|오후|上午|下午|午前|午後)?\s*(?P<hour>\d{1,2})\s*(?:[:：]|[时時시点點]\s*)"
    r"(?P<minute>\d{1,2})?(?:\s*(?:[:：]|[分분]\s*)(?P<second>\d{1,2})?)?)?"
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})\s*[./]\s*(?P<month>\d{1,2})\s*[./]\s*(?P<day>\d{1,2})\b")
_YEAR_LAST = re.compile(
    r"(?<!\d)(?P<first>\d{1,2})\s*(?P<mark>[./-])\s*(?P<second>\d{1,2})\s*[./-]\s*(?P<year>\d{4})(?!\d)"
)
_CLOCK = re.compile(_TIME + r"\s*(?P<half>[ap]\.?\s?m\b)?", re.IGNORECASE)
_OFFSET = re.compile(
    r"(?:utc|gmt)?\s*(?P<sign>[+\-−])(?P<hours>\d{1,2}):?(?P<minutes>\d{2})?(?!\d)", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_AGO = re.compile(
    r"(?P<count>\d+|an?)\s*(?P<unit>minute|min|hour|hr|h|day|d|week|w)s?\.?\s+ago\b"
    r"|(?P<count_cjk>\d+)\s*(?P<unit_cjk>分钟|分鐘|分|小时|小時|時間|天|日|분|시간|일)\s*(?:前|전)",
    re.IGNORECASE,
)
_UNITS: dict[str, timedelta] = {
    **dict.fromkeys(("minute", "min", "分钟", "分鐘", "分", "분"), timedelta(minutes=1)),
    **dict.fromkeys(("hour", "hr", "h", "小时", "小時", "時間", "시간"), timedelta(hours=1)),
    **dict.fromkeys(("day", "d", "天", "日", "일"), timedelta(days=1)),
    **dict.fromkeys(("week", "w"), timedelta(weeks=1)),
}


def read_date(text: str | None, *, language: str = "en", now: datetime) -> datetime | None:
    """The moment a publisher's date names, in UTC and never later than `now`.

    `language` decides only the order of `03/04/2026`. None: there is no date, or none that makes sense
    (no month, a 31 June, a year before 1990).
    """
    if not text or len(text) > LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        moment = (
            _unix_time(plain) or _numeric(plain, language) or _with_month_name(plain) or _relative(plain, now)
        )
    except (ValueError, OverflowError):
        return None
    if moment is None or moment < EARLIEST:
        return None
    return min(moment, now)


def _unix_time(text: str) -> datetime | None:
    if not re.fullmatch(r"\d{10}|\d{13}", text) or (
        text.startswith("20") and len(text) == 10 and _COMPACT.fullmatch(text)
    ):
        return None
    seconds = int(text) / (1000 if len(text) == 13 else 1)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=0)


def _numeric(text: str, language: str) -> datetime | None:
    for pattern in (_ISO, _CJK, _COMPACT):
        if found := pattern.match(text) or (pattern is not _COMPACT and pattern.search(text)) or None:
            return _moment(found, text[found.end() :])
    if found := _YEAR_FIRST.search(text):
        return _dated(int(found["year"]), int(found["month"]), int(found["day"]), text[found.end() :])
    if found := _YEAR_LAST.search(text):
        first, second = int(found["first"]), int(found["second"])
        month_first = found["mark"] == "/" and language[:2] == "en" and first <= 12
        if second > 12:
            month_first = True
        month, day = (first, second) if month_first else (second, first)
        return _dated(int(found["year"]), month, day, text[found.end() :])
    if re.fullmatch(r"(?:19|20)\d{2}", text):  # W3C-DTF allows a year alone
        return datetime(int(text), 1, 1, tzinfo=UTC)
    return None


def _moment(found: re.Match[str], rest: str) -> datetime:
    parts = found.groupdict()
    hour = int(parts["hour"] or 0)
    if parts.get("half") in {"오후", "下午", "午後"} and hour < 12:
        hour += 12
    return _at(
        int(parts["year"]),
        int(parts["month"]),
        int(parts["day"] or 1),
        (hour, int(parts["minute"] or 0), int(parts["second"] or 0)),
        _zone(rest) if parts["hour"] else UTC,
    )


def _with_month_name(text: str) -> datetime | None:
    """`Fri, 21 Aug 2026 16:28 -0400`, `August 21st, 2026 4:28 pm`, `21 août 2026`, `21. März 2026`."""
    clock = _CLOCK.search(text)
    # Numbers of the date stand before the time, or behind it in `Fri Aug 21 16:28:39 2026`.
    date_text = text if clock is None else text[: clock.start()] + " | " + _without_zone(text[clock.end() :])
    month = next((number for word in _WORD.findall(date_text) if (number := _month(word))), None)
    if month is None:
        return None
    numbers = [int(number) for number in _NUMBER.findall(date_text) if len(number) <= 4]
    year = next((number for number in numbers if number > 31), None)
    day = next((number for number in numbers if 1 <= number <= 31), None)
    if year is None and len(numbers) >= 2:  # RFC 822 years had two digits
        year = numbers[1] + 2000
    elif year is not None and year < 100:
        year += 1900
    if year is None:
        return None
    return _dated(year, month, day or 1, text[clock.start() :] if clock else "")


def _without_zone(text: str) -> str:
    return re.sub(r"[+\-−]\d{2}:?\d{2}", " ", text)


def _month(word: str) -> int | None:
    plain = "".join(
        char for char in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(char)
    )
    if len(plain) < 3 or plain in ZONES or plain.startswith(_WEEKDAYS):
        return None
    return next((number for stem, number in _STEMS if plain.startswith(stem)), None)


# Days of the week whose first letters are those of a month: martes, mardi, marti; sabato ...; September in
# Portuguese is not `segunda`, nor December `domingo`, so those need no mention.
_WEEKDAYS = ("martes", "mardi", "martedi", "marti", "maandag", "sett feira")


def _dated(year: int, month: int, day: int, rest: str) -> datetime:
    clock = _CLOCK.search(rest)
    if clock is None:
        return _at(year, month, day, (0, 0, 0), UTC)
    hour = int(clock["hour"])
    half = (clock["half"] or "").lower()
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    time = (hour, int(clock["minute"]), int(clock["second"] or 0))
    return _at(year, month, day, time, _zone(rest[clock.end() :]))


def _zone(text: str) -> timezone:
    """The first zone named in what follows a time; UTC when there is none or it is unknown."""
    if offset := _OFFSET.match(text.strip(" \t(,")):
        minutes = int(offset["hours"]) * 60 + int(offset["minutes"] or 0)
        return timezone(timedelta(minutes=-minutes if offset["sign"] != "+" else minutes))
    for word in _WORD.findall(text):
        if (east := ZONES.get(word.lower())) is not None:
            return timezone(timedelta(minutes=east))
    return UTC


def _at(year: int, month: int, day: int, time: tuple[int, int, int], zone: timezone) -> datetime:
    hour, minute, second = time
    midnight = datetime(year, month, day, tzinfo=zone)
    # 24:00 is the end of the day (ISO 8601); a leap second is the next minute.
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError(f"no such time: {hour}:{minute}:{second}")
    return (midnight + timedelta(hours=hour, minutes=minute, seconds=second)).astimezone(UTC)


def _relative(text: str, now: datetime) -> datetime | None:
    """`3 hours ago`, `2天前`, `yesterday`: what listing pages write instead of a date."""
    if found := _AGO.search(text):
        count = found["count"] or found["count_cjk"]
        unit = _UNITS[(found["unit"] or found["unit_cjk"]).lower()]
        return now - (1 if count.lower() in {"a", "an"} else int(count)) * unit
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    lowered = text.lower()
    if lowered in {"today", "heute", "aujourd’hui", "hoy", "今天", "오늘", "今日"}:
        return midnight
    if lowered in {"yesterday", "gestern", "hier", "ayer", "昨天", "어제", "昨日"}:
        return midnight - timedelta(days=1)
    return None
