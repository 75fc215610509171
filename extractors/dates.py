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

# One line a month: English, German, French, Spanish, Italian, Portuguese, Dutch, Scandinavian, Finnish,
# Polish, Czech, Hungarian, Romanian, Turkish, Russian, Ukrainian, Greek; nominative and genitive.
_MONTH_NAMES = (
    "january januar jänner janvier enero gennaio janeiro januari tammikuuta styczeń stycznia leden ledna"
    " ianuarie ocak январь января січень січня ιανουάριος ιανουαρίου",
    "february februar feber février febrero febbraio fevereiro februari helmikuuta luty lutego únor února"
    " februarie şubat февраль февраля лютий лютого φεβρουάριος φεβρουαρίου",
    "march märz mrz mars marzo março maart mrt marts maaliskuuta marzec marca březen března március martie"
    " mart март марта березень березня μάρτιος μαρτίου",
    "april avril abril aprile huhtikuuta kwiecień kwietnia duben dubna április aprilie nisan апрель апреля"
    " квітень квітня απρίλιος απριλίου",
    "may mai mayo maggio maio mei maj toukokuuta maja květen května május mayıs май мая травень травня"
    " μάιος μαΐου",
    "june juni juin junio giugno junho kesäkuuta czerwiec czerwca červen června június iunie haziran июнь"
    " июня червень червня ιούνιος ιουνίου",
    "july juli juillet julio luglio julho heinäkuuta lipiec lipca červenec července július iulie temmuz июль"
    " июля липень липня ιούλιος ιουλίου",
    "august août agosto augustus elokuuta sierpień sierpnia srpen srpna augusztus ağustos август августа"
    " серпень серпня αύγουστος αυγούστου",
    "september septembre septiembre setiembre settembre setembro syyskuuta wrzesień września září szeptember"
    " septembrie eylül сентябрь сентября вересень вересня σεπτέμβριος σεπτεμβρίου",
    "october oktober octobre octubre ottobre outubro lokakuuta październik października říjen října október"
    " octombrie ekim октябрь октября жовтень жовтня οκτώβριος οκτωβρίου",
    "november novembre noviembre novembro marraskuuta listopad listopada listopadu noiembrie kasım ноябрь"
    " ноября листопад листопада νοέμβριος νοεμβρίου",
    "december dezember décembre diciembre dicembre dezembro desember joulukuuta grudzień grudnia prosinec"
    " prosince decembrie aralık декабрь декабря грудень грудня δεκέμβριος δεκεμβρίου",
)


def _folded(word: str) -> str:
    """In lower case and without accents."""
    parts = unicodedata.normalize("NFD", word.lower().replace("ı", "i"))
    return "".join(char for char in parts if not unicodedata.combining(char))


def _month_numbers() -> dict[str, int]:
    """The names and their beginnings of three letters or more; the earlier month has a shared beginning."""
    whole = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in _folded(names).split()}
    known: dict[str, int] = {}
    for name, number in whole.items():
        for length in range(3, len(name)):
            known.setdefault(name[:length], number)
    return known | whole


_MONTHS = _month_numbers()

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
_DAY_BEFORE = re.compile(r"\d(?:st|nd|rd|th|er|º|ª|o)?[.\s-]*(?:de\s+|of\s+)?$")
_DAY_BEHIND = re.compile(r"[.\s-]*\d")
_AGO = re.compile(
    r"(?P<count>\d+|an?)\s*(?P<unit>minute|min|hour|hr|h|day|d|week|w)s?\.?\s+ago\b"
    r"|(?P<count_cjk>\d+)\s*(?P<unit_cjk>分钟|分鐘|分|小时|小時|時間|天|日|분|시간|일)\s*(?:前|전)",
    re.IGNORECASE,
)
_WRITTEN_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}"
    r"|\d{4}\s*[./年년]\s*\d{1,2}\s*[./月월]\s*\d{1,2}\s*[日일]?"
    r"|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d{1,2}/\d{1,2}/\d{4}"
    r"|\b\d{1,2}(?:st|nd|rd|th|\.)?\s(?:de\s)?[^\W\d_]{3,10}\.?,?\s(?:de\s)?\d{4}\b"
    r"|\b[^\W\d_]{3,9}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}\b"
    r"|\b\d{1,2} (?:minutes?|hours?|days?|weeks?) ago\b"
    r"|\d{1,2}\s?(?:分钟|分鐘|小时|小時|時間|天|日|분|시간|일)\s?[前전]"
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


def written_date(text: str) -> str | None:
    """The first date with a year, or age ("2 hours ago"), as written in a text that says other things too."""
    found = _WRITTEN_DATE.search(text)
    return found[0] if found else None


def _unix_time(text: str) -> datetime | None:
    if not re.fullmatch(r"1\d{9}|1\d{12}", text):  # 2001 to 2033, in seconds or milliseconds
        return None
    seconds = int(text) / (1000 if len(text) == 13 else 1)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=0)


def _numeric(text: str, language: str) -> datetime | None:
    if found := _ISO.search(text) or _CJK.search(text) or _COMPACT.match(text):
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
    month = _month(date_text)
    if month is None:
        return None
    digits = _NUMBER.findall(date_text)
    year = next((int(each) for each in digits if len(each) == 4), None)
    days = [int(each) for each in digits if len(each) <= 2]
    if year is None and len(days) == 2:  # RFC 822 years have two digits, behind the day
        year = days[1] + (2000 if days[1] < 70 else 1900)
    if year is None:
        return None
    day = next((each for each in days if 1 <= each <= 31), None)
    return _dated(year, month, day or 1, text[clock.start() :] if clock else "")


def _without_zone(text: str) -> str:
    return re.sub(r"[+\-−]\d{2}:?\d{2}", " ", text)


def _month(text: str) -> int | None:
    """The month named in a date: the word beside a number, since weekdays and people bear such names too."""
    numbers: list[int] = []
    for word in _WORD.finditer(text):
        number = _MONTHS.get(_folded(word[0]))
        if number is not None:
            if _DAY_BEFORE.search(text, 0, word.start()) or _DAY_BEHIND.match(text, word.end()):
                return number
            numbers.append(number)
    return numbers[0] if numbers else None


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
