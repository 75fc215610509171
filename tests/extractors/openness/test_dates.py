"""Dates named in a sentence, resolved against the day of publication (Wednesday 17 June 2026)."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.openness.dates import find_dates

PUBLISHED = date(2026, 6, 17)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("next week", date(2026, 6, 28)),
        ("in about six months", date(2026, 12, 17)),
        ("by the end of july", date(2026, 7, 31)),
        ("by july 27", date(2026, 7, 27)),
        ("on the 27th", date(2026, 6, 27)),
        ("planned for friday", date(2026, 6, 19)),
        ("later this year", date(2026, 12, 31)),
        ("tomorrow", date(2026, 6, 18)),
        ("in two weeks", date(2026, 7, 1)),
        ("in the third quarter of 2026", date(2026, 9, 30)),
        ("in the coming weeks", date(2026, 7, 15)),
        ("by october 31", date(2026, 10, 31)),
    ],
)
def test_a_date_to_come_is_the_last_day_of_the_span(words: str, day: date) -> None:
    assert [named.last for named in find_dates(f"it will be released {words}.", PUBLISHED)] == [day]


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("in 2023", date(2023, 1, 1)),
        ("in march 2024", date(2024, 3, 1)),
        ("two years ago", date(2024, 6, 17)),
    ],
)
def test_a_past_date_is_the_first_day_of_the_span(words: str, day: date) -> None:
    assert [named.day for named in find_dates(f"it was released {words}.", PUBLISHED)] == [day]


@pytest.mark.parametrize(
    ("words", "language", "day"),
    [
        ("다음 주 공개", "ko", date(2026, 6, 28)),
        ("6개월 후 공개", "ko", date(2026, 12, 17)),
        ("7월 말 공개", "ko", date(2026, 7, 31)),
        ("下周开源", "zh", date(2026, 6, 28)),
        ("本月底开源", "zh", date(2026, 6, 30)),
        ("十月底前开源", "zh", date(2026, 10, 31)),
        ("去年三月开源", "zh", date(2025, 3, 31)),
        ("7月27日开源", "zh", date(2026, 7, 27)),
        ("하반기 공개", "ko", date(2026, 12, 31)),
        ("내년 3월 공개", "ko", date(2027, 3, 31)),
        ("내년 초 공개", "ko", date(2027, 3, 31)),
        ("이번 주 안에 공개", "ko", date(2026, 6, 21)),
        ("明年上半年开源", "zh", date(2027, 6, 30)),
        ("本月内开源", "zh", date(2026, 6, 30)),
        ("去年7月开源", "zh", date(2025, 7, 31)),
        ("지난해 8월 공개", "ko", date(2025, 8, 31)),
    ],
)
def test_korean_and_chinese_dates_are_resolved(words: str, language: str, day: date) -> None:
    assert [named.last for named in find_dates(words, PUBLISHED, language)] == [day]


def test_a_weekday_without_a_future_is_the_last_one() -> None:
    assert [named.day for named in find_dates("it released the model on tuesday.", PUBLISHED)] == [
        date(2026, 6, 16)
    ]


def test_impossible_dates_are_not_read() -> None:
    assert find_dates("on february 31 and the 99th of nothing", PUBLISHED) == []
