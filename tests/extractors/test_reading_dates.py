"""Dates as feeds and pages write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.dates import EARLIEST, read_date

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "language", "meant"),
    [
        ("Fri, 21 Aug 2026 16:28:39 -0400", "en", at(2026, 8, 21, 20, 28, 39)),
        ("Fri, 21 Aug 2026 16:28:39 GMT", "en", at(2026, 8, 21, 16, 28, 39)),
        ("21 Aug 26 16:28 EST", "en", at(2026, 8, 21, 21, 28)),
        ("Fri, 21 Aug 2026 16:28:39 CEST", "en", at(2026, 8, 21, 14, 28, 39)),
        ("Fri, 21 Aug 2026 16:28:39 IST", "en", at(2026, 8, 21, 10, 58, 39)),
        ("Fri, 21 Aug 2026 16:28:39 +0530 (IST)", "en", at(2026, 8, 21, 10, 58, 39)),
        ("Fri Aug 21 16:28:39 2026", "en", at(2026, 8, 21, 16, 28, 39)),
        ("2026-08-21T16:28:39Z", "en", at(2026, 8, 21, 16, 28, 39)),
        ("2026-08-21T16:28:39.123456+02:00", "en", at(2026, 8, 21, 14, 28, 39)),
        ("2026-08-21T16:28:39-07", "en", at(2026, 8, 21, 23, 28, 39)),
        ("2026-08-21T24:00:00Z", "en", at(2026, 8, 22)),
        ("2016-12-31T23:59:60Z", "en", at(2017, 1, 1)),
        ("20260821T162839Z", "en", at(2026, 8, 21, 16, 28, 39)),
        ("2026-08-21", "en", at(2026, 8, 21)),
        ("2026-08", "en", at(2026, 8, 1)),
        ("2026", "en", at(2026, 1, 1)),
        ("1668592800", "en", at(2022, 11, 16, 10)),
        ("1668592800000", "en", at(2022, 11, 16, 10)),
        ("ven, 21 ago 2026 16:28:39 +0200", "it", at(2026, 8, 21, 14, 28, 39)),
        ("Freitag, 21. März 2025 - 16:28 Uhr", "de", at(2025, 3, 21, 16, 28)),
        ("21 августа 2026 г., 16:28 МСК", "ru", at(2026, 8, 21, 13, 28)),
        ("mardi 3 mars 2026 à 16h28", "fr", at(2026, 3, 3, 16, 28)),
        ("sub, 21 sie 2026", "pl", at(2026, 8, 21)),
        ("4 de setembro de 2026", "pt", at(2026, 9, 4)),
        ("2026년 8월 21일 오후 4:28", "ko", at(2026, 8, 21, 16, 28)),
        ("2026. 8. 21. 16:28", "ko", at(2026, 8, 21, 16, 28)),
        ("2026年8月21日 16时28分", "zh", at(2026, 8, 21, 16, 28)),
        ("August 21st, 2026 4:28 pm PST", "en", at(2026, 8, 22, 0, 28)),
        ("12 Dec 2025 12:05 AM", "en", at(2025, 12, 12, 0, 5)),
        ("03/04/2026", "en", at(2026, 3, 4)),
        ("03/04/2026", "fr", at(2026, 4, 3)),
        ("21/08/2026", "en", at(2026, 8, 21)),
        ("21.08.2026 16:28", "de", at(2026, 8, 21, 16, 28)),
        ("3 May 2026 by Jan", "en", at(2026, 5, 3)),
        ("3 hours ago", "en", at(2026, 11, 22, 2)),
        ("2天前", "zh", at(2026, 11, 20, 5)),
        ("어제", "ko", at(2026, 11, 21)),
    ],
)
def test_a_date_is_read_as_the_moment_it_means(written: str, language: str, meant: datetime) -> None:
    assert read_date(written, language=language, now=NOW) == meant


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "soon",
        "31 May",
        "Decision 2026",
        "0000-00-00T00:00:00Z",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Wed, 31 Jun 2026 00:00:00 GMT",
        "2026-13-01",
        "2026-08-21T25:61:00Z",
        "2026-W34",
        "99999999999999999999",
        "21 Aug 2026 " * 100,
    ],
)
def test_what_names_no_possible_date_is_no_date(written: str | None) -> None:
    assert read_date(written, now=NOW) is None


def test_a_date_in_the_future_is_the_time_of_the_fetch() -> None:
    assert read_date("2099-01-01", now=NOW) == NOW


def test_a_date_without_a_zone_is_in_utc() -> None:
    assert read_date("21 Aug 2026 16:28", now=NOW) == at(2026, 8, 21, 16, 28)


@given(st.text(max_size=150))
def test_no_text_makes_the_reader_raise_or_leave_its_bounds(written: str) -> None:
    found = read_date(written, now=NOW)
    assert found is None or EARLIEST <= found <= NOW


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2026, 11, 20)))  # noqa: DTZ001
def test_every_moment_written_by_the_standards_is_read_back(moment: datetime) -> None:
    whole = moment.replace(microsecond=0, tzinfo=UTC)
    assert read_date(whole.isoformat(), now=NOW) == whole
    assert read_date(whole.strftime("%a, %d %b %Y %H:%M:%S +0000"), now=NOW) == whole
