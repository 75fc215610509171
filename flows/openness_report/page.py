"""The report as one HTML file: template, style, scripts and data in one, and nothing fetched from anywhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from flows.headlines import HEADLINES
from flows.messages import LEVELS, SUBJECTS, clickable, legible
from flows.openness_report.answers import Answers, records
from flows.openness_report.findings import find, overdue_promises
from flows.openness_report.palette import DARK, LIGHT
from warehouse.queries import QueryResult

LAYOUT = files("flows.openness_report").joinpath("layout")

SCRIPTS = ("dom", "data", "state", "model", "words", "shifts", "drawing", "tables", "sections", "start")
"""The parts of the page's script, in the order in which they are put together."""

CLASSES: Mapping[str, str] = {
    "osi_open_source": "Open source (OSI)",
    "open_weights_permissive_custom": "Permissive, own terms",
    "use_restricted": "Use restricted",
    "source_available": "Source available",
    "non_commercial": "Non-commercial",
    "research_only": "Research only",
    "proprietary": "Proprietary",
    "unknown": "Not in the registry",
}
"""Classes of licence from the most open to the most closed, in words."""

GROUNDS: Mapping[str, str] = {
    "official": "Reported by the actor itself",
    "outlets": "Reported by several independent outlets",
    "outlet": "Reported by one outlet",
    "confirmed": "Cited, confirmed by the source cited",
    "partly": "Cited, a detail (mostly the licence) unconfirmed",
    "memory": "Cited from memory, without a source",
}
"""What a shift rests on, in words."""

MOST_EVIDENCE = 400
"""Characters of a sentence shown; the warehouse has it whole."""


def render(
    answers: Answers,
    *,
    now: datetime,
    version: str,
    quality: Mapping[str, Mapping[str, float]],
    note: str,
    runtime: str,
    specifications: Mapping[str, Any],
) -> str:
    """The whole page.

    `now` is when it is made, `version` Ajar's, `quality` what the tests hold the tagger to (0 to 1, by set of
    passages and by name), `note` a sentence for the top of the page; empty: none. `runtime` is the JavaScript
    of the charts, compressed, and `specifications` what it draws, both from `charts`.
    """
    script = "".join(LAYOUT.joinpath("scripts", f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    environment = Environment(
        loader=FunctionLoader(lambda name: LAYOUT.joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["day"] = written_day
    shifts = list(records(answers.shifts))
    return environment.get_template("page.html.jinja").render(
        findings=find(answers),
        lately=next(records(answers.lately)),
        overdue=overdue_promises(answers),
        answers=answers,
        note=note,
        now=now,
        version=version,
        shifts=len(shifts),
        watched=sum(1 for shift in shifts if shift["confidence"] is not None),
        first_day=min((shift["first_on"] for shift in shifts), default=answers.as_of),
        organisations=Counter(shift["actor"] for shift in shifts),
        newest=shifts[:20],
        sources=list(records(answers.sources)),
        grounds=list(records(answers.grounds)),
        reading=list(records(answers.reading)),
        quality=quality,
        ground_words=GROUNDS,
        class_words=CLASSES,
        levels=LEVELS,
        light=LIGHT,
        dark=DARK,
        style=Markup(LAYOUT.joinpath("report.css").read_text("utf-8")),
        runtime=Markup(runtime),
        script=Markup(script),
        script_hash=_hash(script),
        payload=Markup(as_json({**_payload(answers), "charts": specifications})),
    )


def written_day(day: date) -> str:
    """A day for people, e.g. `9 October 2026`."""
    return f"{day.day} {day:%B %Y}"


def as_json(value: object) -> str:
    """JSON that may stand in a script element: what could end or comment out the element is escaped.

    See https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_json_value)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def packed(columns: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """An answer column by column; values that repeat are told once.

    A column is a list of its values, or `{"of": values, "at": positions}` with the position of each row's
    value among the values.
    """
    return {name: _column(values) for name, values in columns.items()}


def _column(values: Sequence[Any]) -> Any:
    place = {value: number for number, value in enumerate(dict.fromkeys(values))}
    if len(place) * 2 > len(values):
        return values
    return {"of": list(place), "at": [place[value] for value in values]}


def _payload(answers: Answers) -> dict[str, Any]:
    """What the page's script knows, beside the charts. Other answers name a shift by its position."""
    shifts = _columns(answers.shifts)
    # Where the proving sentence stands, the headline of the article adds nothing.
    shifts["what"] = [
        what if evidence is None else None
        for what, evidence in zip(shifts["what"], shifts["evidence"], strict=True)
    ]
    place = {shift_id: number for number, shift_id in enumerate(shifts["shift_id"])}
    steps = Counter(stage["shift_id"] for stage in records(answers.stages))
    return {
        "asOf": answers.as_of,
        "words": {
            "kinds": SUBJECTS,
            "levels": [LEVELS[level] for level in sorted(LEVELS)],
            "headlines": {" ".join(key): phrases for key, phrases in HEADLINES.items()},
            "classes": CLASSES,
            "grounds": GROUNDS,
        },
        "shifts": packed(shifts),
        # A shift of one stage has its own.
        "stages": packed(_about(place, answers.stages, _STAGE, where=lambda shift_id: steps[shift_id] > 1)),
        "reports": packed(_about(place, answers.reports, _REPORT)),
        "ledger": packed(_about(place, answers.ledger, _STANDING)),
        "promises": packed(_about(place, answers.promises, _PROMISE)),
        "turns": packed(_columns(answers.change_points)),
    }


_STAGE = ("stage", "since", "due")
_REPORT = ("publisher", "tier", "told_on", "stage", "evidence", "url")
_STANDING = ("family", "since", "until", "level")
_PROMISE = (
    "promised_on", "due", "due_now", "status", "kept_on", "days_late", "delays", "licence_promised",
    "licence_delivered",
)  # fmt: skip


def _about(
    place: Mapping[str, int],
    answer: QueryResult,
    names: Sequence[str],
    where: Callable[[str], bool] = lambda shift_id: True,
) -> dict[str, list[Any]]:
    """These columns of an answer about shifts, with the positions of the shifts.

    Rows about shifts that are not told of, or not `where` it is so, are left out.
    """
    about = answer.columns.index("shift_id")
    kept = [row for row in answer.rows if row[about] in place and where(row[about])]
    told = _columns(QueryResult(columns=answer.columns, rows=kept, types=answer.types), names)
    return {"shift": [place[row[about]] for row in kept], **told}


def _columns(answer: QueryResult, names: Sequence[str] = ()) -> dict[str, list[Any]]:
    """These columns of an answer, each value as it may be shown; none named: all."""
    return {
        name: [_cleaned(name, row[position]) for row in answer.rows]
        for position, name in enumerate(answer.columns)
        if not names or name in names
    }


def _cleaned(column: str, value: Any) -> Any:
    """A value as it may be shown: addresses that are none to click on go, texts are one legible line."""
    if not isinstance(value, str):
        return value
    if column == "url":
        return clickable(value)
    text = legible(value) if _ILLEGIBLE.search(value) else value
    return text if len(text) <= MOST_EVIDENCE else text[: MOST_EVIDENCE - 1].rstrip() + "…"


_ILLEGIBLE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff]|  ")


def _json_value(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no word of JSON for {value!r}")


def _hash(script: str) -> str:
    """What the page's policy names the script by; see https://www.w3.org/TR/CSP3/#external-hash."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
