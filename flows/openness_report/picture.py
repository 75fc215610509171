"""The report's main chart as a picture, for mail and for whoever cannot open the page."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from flows.openness_report import charts
from flows.openness_report.answers import Answers, records
from flows.openness_report.findings import find

MONTHS = 24
"""Months that the picture shows, the present one included."""
WIDTH = 640


def draw(answers: Answers) -> bytes:
    """Opening against closing, month by month, with the headline above; a PNG."""
    months = last_months(answers.as_of, MONTHS)
    counted = Counter(
        (shift["first_on"].replace(day=1), shift["effect"]) for shift in records(answers.shifts)
    )
    rows: list[dict[str, Any]] = [
        {"month": month.isoformat(), "effect": effect, "height": sign * counted[month, effect]}
        for month in months
        for effect, sign in (("opening", 1), ("closing", -1))
    ]
    findings = find(answers)
    return charts.draw_png(
        "months",
        {"months": rows},
        title=findings.title,
        subtitle=f"Shifts in the openness of AI by the month of the first report, as of {answers.as_of}",
        width=WIDTH,
    )


def last_months(day: date, count: int) -> list[date]:
    """The first days of the last `count` months, oldest first, that of `day` last."""
    last = day.year * 12 + day.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(last - count + 1, last + 1)]
