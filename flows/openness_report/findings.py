"""What happened lately, in sentences. Each number links to the shifts behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flows.openness_report.answers import Answers, records

DAYS = 90
"""The days that count as lately, as in the query `lately`."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence."""

    text: str
    href: str | None = None
    """The view of the report that shows what the piece counts. None: nothing to show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The top of the report."""

    headline: tuple[Part, ...]
    """One sentence: what opened and closed in the last days."""
    before: tuple[Part, ...]
    """Sentences: the time before, what is under way, promises."""

    @property
    def title(self) -> str:
        """The headline as plain text."""
        return "".join(part.text for part in self.headline)

    @property
    def summary(self) -> str:
        """The sentences below it as plain text."""
        return "".join(part.text for part in self.before)


def find(answers: Answers) -> Findings:
    """The findings of a report."""
    now, before = records(answers.lately)
    since = now["first_day"]
    headline = (
        Part(f"In the last {DAYS} days "),
        Part(_doors(now["opened"]) + " opened", _view(since, "opening", "done") if now["opened"] else None),
        Part(" and "),
        Part(_none(now["closed"]) + " closed", _view(since, "closing", "done") if now["closed"] else None),
        Part("."),
    )
    sentences = [Part(f"In the {DAYS} days before, {before['opened']} opened and {before['closed']} closed.")]
    sentences += _under_way(now["to_open"], now["to_close"], now["set_back"])
    sentences += _promises(answers)
    spaced = [part for sentence in sentences for part in (sentence, Part(" "))][:-1]
    return Findings(headline=headline, before=tuple(spaced))


def _under_way(to_open: int, to_close: int, set_back: int) -> list[Part]:
    expected = [
        words
        for number, words in (
            (to_open, f"{to_open} {_plural(to_open, 'opening')}"),
            (to_close, f"{to_close} {_plural(to_close, 'closing')}"),
        )
        if number
    ]
    said = []
    if expected:
        verb = "is" if to_open + to_close == 1 else "are"
        said.append(Part(f"{' and '.join(expected)} {verb} announced, signalled or rumoured."))
    if set_back:
        verb = "was" if set_back == 1 else "were"
        said.append(Part(f"{set_back} {_plural(set_back, 'opening')} {verb} put off or dropped."))
    return said


def _promises(answers: Answers) -> list[Part]:
    overdue = overdue_promises(answers)
    if not overdue:
        return []
    verb = "is" if overdue == 1 else "are"
    return [Part(f"{overdue} {_plural(overdue, 'promise')} {verb} overdue.", "#promises")]


def overdue_promises(answers: Answers) -> int:
    """Promises whose day has passed without their keeping."""
    return sum(
        1
        for promise in records(answers.promises)
        if promise["status"] == "late" and promise["kept_on"] is None and promise["due"] is not None
    )


def _doors(number: int) -> str:
    return "no door" if number == 0 else f"{number:,} {_plural(number, 'door')}"


def _none(number: int) -> str:
    return "none" if number == 0 else f"{number:,}"


def _plural(number: int, noun: str) -> str:
    return noun if number == 1 else noun + "s"


def _view(since: date, direction: str, stage: str) -> str:
    state = {"direction": direction, "stage": stage, "from": since.isoformat(), "at": "newest"}
    return "#" + urlencode(state)
