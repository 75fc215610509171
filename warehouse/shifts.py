"""Keeping `shifts` and `shift_stages` what the mentions say.

Both tables are a pure function of the current mentions: wherever a mention comes or goes, the stories of
its actor and direction that it can concern are joined anew and their rows replaced. Rebuilding everything
therefore gives the same rows and ids as loading run by run. A story that was renamed by this, because two
stories turned out to be one or the report it was named after was withdrawn, leaves its former id in
`shift_aliases`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.fingerprints import count_independent
from warehouse.schema import is_installed, note_installed
from warehouse.statements import bundled_text, transaction
from warehouse.stories import PROMISE_WINDOW, WINDOW, Report, Story, is_vague, join_stories

AT_A_TIME = 250_000
"""Mentions whose stories are joined at once when all are joined anew; more only of an actor who has more."""

StageKey = tuple[str, str, int]
"""Shift, stage, and how often that stage was reached by then."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What joining the stories anew brought."""

    stories: Sequence[Story]
    """Those that are not what they were."""
    known: Mapping[StageKey, float]
    """The stages stored before, under today's ids, with their confidence."""
    last_known: Mapping[str, tuple[str, int]]
    """The stage each shift had before, under today's ids."""

    @property
    def new(self) -> list[Story]:
        """Stories that were not there before."""
        return [story for story in self.stories if story.shift_id not in self.last_known]

    @property
    def advanced(self) -> list[Story]:
        """Stories that were there before and have reached another stage."""
        return [
            story
            for story in self.stories
            if story.shift_id in self.last_known
            and self.last_known[story.shift_id] != (story.stage, story.steps[-1].occurrence)
        ]


def follow_joining_rules(connection: duckdb.DuckDBPyConnection, *, now: datetime) -> None:
    """Make all shifts anew when this Ajar joins stories by other rules than the one that made them.

    Other rules are not news: no alert comes of it. Also tells the statements of loading the rules' windows.
    """
    connection.execute("SET VARIABLE promise_window = ?", [PROMISE_WINDOW])
    connection.execute("SET VARIABLE story_window = ?", [WINDOW])
    rules = [files("warehouse") / name for name in ("life_cycle.py", "stories.py", "shifts.py")]
    if is_installed(connection, "stories", rules):
        return
    with transaction(connection):
        rebuild_shifts(connection, now=now)
        note_installed(connection, "stories", rules)


def rebuild_shifts(connection: duckdb.DuckDBPyConnection, *, now: datetime) -> None:
    """Make all shifts anew from the mentions. Call it inside a transaction.

    The ids stay what they are unless stories are joined by other rules than before; the former ones then
    lead to today's. Stories of different actors or directions have nothing to do with each other, so that only
    about AT_A_TIME mentions are in memory at once.
    """
    connection.execute("SET VARIABLE at_a_time = ?", [AT_A_TIME])
    connection.execute(bundled_text("loading", "cells"))
    for (batch,) in connection.execute("SELECT DISTINCT batch FROM cells ORDER BY batch").fetchall():
        connection.execute("SET VARIABLE batch = ?", [batch])
        connection.execute(bundled_text("loading", "cells_in_play"))
        formerly = {shift_id for (shift_id,) in connection.execute("FROM in_play").fetchall()}
        stories = _joined(connection)
        _replace(connection, stories, stories, formerly | {story.shift_id for story in stories}, now)


def refresh_shifts(connection: duckdb.DuckDBPyConnection, *, now: datetime) -> Refreshed:
    """Join the stories in the temporary table `in_play` anew, with the mentions that have none yet.

    `touched` says for each actor and direction since when, `former_reports` which article reported which
    shift before. Only stories whose reports are not what they were are written and given back. Call it
    inside a transaction.
    """
    stories = _joined(connection)
    counted = "SELECT shift_id, count(*) FROM former_reports GROUP BY shift_id"
    before = dict(connection.execute(counted).fetchall())
    changed = [
        story
        for story in stories
        if before.get(story.shift_id) != sum(len(report.positions) for report in story.reports)
        or any(report.known_as != story.shift_id for report in story.reports)
    ]
    gone = before.keys() - {story.shift_id for story in stories}
    return _replace(connection, stories, changed, gone | {story.shift_id for story in changed}, now)


def _joined(connection: duckdb.DuckDBPyConnection) -> list[Story]:
    rows = connection.execute(bundled_text("loading", "reports")).fetchall()
    return join_stories(map(Report._make, rows))


def _replace(
    connection: duckdb.DuckDBPyConnection,
    stories: Sequence[Story],
    changed: Sequence[Story],
    replaced: set[str],
    now: datetime,
) -> Refreshed:
    """Put the rows of the changed stories in place of those of the shifts replaced."""
    former = connection.execute(
        """
        SELECT shift_id, stage, occurrence, confidence
        FROM shift_stages
        WHERE shift_id IN (SELECT unnest(?::VARCHAR[]))
        ORDER BY shift_id, step
        """,
        [sorted(replaced)],
    ).fetchall()
    aliases = _renamed(connection, {row[0] for row in former}, stories)
    _store(connection, changed, replaced, aliases, now)

    known: dict[StageKey, float] = {}
    last: dict[str, tuple[str, int]] = {}
    for shift_id, stage, occurrence, confidence in former:
        today = aliases.get(shift_id, shift_id)
        key = (today, stage, occurrence)
        known[key] = max(confidence, known.get(key, 0.0))
        last[today] = (stage, occurrence)
    return Refreshed(changed, known, last)


def _renamed(
    connection: duckdb.DuckDBPyConnection, former_ids: set[str], stories: Iterable[Story]
) -> dict[str, str]:
    """From each former id that is gone to the story that holds most of its articles today.

    Only a story of the same actor and direction can be the same one: when an article is read otherwise, its
    former shift is lost and another gained.
    """
    gone = former_ids - {story.shift_id for story in stories}
    if not gone:
        return {}
    today: dict[tuple[str, str, str], set[str]] = {}
    for story in stories:
        for report in story.reports:
            today.setdefault((report.article_id, report.actor, report.direction), set()).add(story.shift_id)
    shared: dict[str, Counter[str]] = {}
    reported = connection.execute("""
        SELECT shift_id, former_reports.article_id, actor, direction
        FROM former_reports JOIN shifts USING (shift_id)
    """).fetchall()
    for former_id, article_id, actor, direction in reported:
        if former_id in gone:
            shared.setdefault(former_id, Counter()).update(today.get((article_id, actor, direction), ()))
    return {
        former_id: min(counts, key=lambda shift_id: (-counts[shift_id], shift_id))
        for former_id, counts in shared.items()
        if counts
    }


def _store(
    connection: duckdb.DuckDBPyConnection,
    stories: Sequence[Story],
    replaced: set[str],
    aliases: Mapping[str, str],
    now: datetime,
) -> None:
    reports = [report for story in stories for report in story.reports]
    joined = {
        "article_id": [report.article_id for report in reports for _ in report.positions],
        "position": [position for report in reports for position in report.positions],
        "shift_id": [
            story.shift_id for story in stories for report in story.reports for _ in report.positions
        ],
    }
    connection.register("joined", pa.table(joined, schema=_JOINED))
    sketches = _sketches(connection)
    tables = {
        "new_shifts": _table(_SHIFTS, [_shift_row(story, sketches) for story in stories]),
        "new_stages": _table(_STAGES, [row for story in stories for row in _stage_rows(story)]),
        "replaced": pa.table({"shift_id": sorted(replaced)}, schema=_REPLACED),
        "renamed": pa.table({"alias": list(aliases), "shift_id": list(aliases.values())}, schema=_RENAMED),
    }
    connection.execute("SET VARIABLE renamed_at = ?", [now])
    for name, table in tables.items():
        connection.register(name, table)
    connection.execute(bundled_text("loading", "shifts"))
    connection.execute(bundled_text("loading", "shift_sources"))
    for name in ("joined", *tables):
        connection.unregister(name)


def _sketches(connection: duckdb.DuckDBPyConnection) -> dict[str, Sequence[int]]:
    """The sketches of the texts that may be copies of others in their story; `joined` says which story is whose."""
    return dict(connection.execute(bundled_text("loading", "likely_copies")).fetchall())


def _best(reports: Iterable[Report]) -> list[Report]:
    """Reports by the trust they deserve: official, press, policy, community; among equals the earliest."""
    return sorted(
        reports, key=lambda report: (report.rank, report.at, report.article_id, report.positions[0])
    )


def _first(reports: Sequence[Report], name: str) -> Any:
    """The value of the first report that tells one; None when none does."""
    return next((value for report in reports if (value := getattr(report, name)) is not None), None)


def _shift_row(story: Story, sketches: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    step = story.steps[-1]
    supporters = _best(step.reports)
    others = [report for former in reversed(story.steps[:-1]) for report in _best(former.reports)]
    trusted = [*supporters, *others]
    named = [report for report in trusted if not is_vague(report) and report.family == story.family]
    articles = {report.article_id: report for report in story.reports}
    return {
        "shift_id": story.shift_id,
        "actor": step.reports[0].actor,
        "artefact": (named or trusted)[0].artefact,
        "family": story.family,
        "kind": story.kind,
        "direction": step.reports[0].direction,
        "stage": step.stage,
        "due": next((report.due for report in reversed(story.reports) if report.due), None),
        **{
            name: _first(trusted, name)
            for name in (
                "licence_from",
                "licence_to",
                "level_from",
                "level_to",
                "territory",
                "compelled_by",
            )
        },
        "first_seen_at": story.reports[0].at,
        "last_seen_at": story.last_at,
        "stage_since": step.since,
        "articles": len(articles),
        "outlets": count_independent(
            (report.source, sketches.get(report.article_id)) for report in articles.values()
        ),
        "official": any(report.rank == 0 for report in story.reports),
        **_words(supporters),
    }


def _stage_rows(story: Story) -> list[dict[str, Any]]:
    return [
        {
            "shift_id": story.shift_id,
            "step": number,
            "stage": step.stage,
            "occurrence": step.occurrence,
            "previous_stage": story.steps[number - 2].stage if number > 1 else None,
            "since": step.since,
            "due": step.due,
            "licence_to": _first(_best(step.reports), "licence_to"),
            "level_to": _first(_best(step.reports), "level_to"),
            "official": any(report.rank == 0 for report in step.reports),
            **_words(_best(step.reports)),
        }
        for number, step in enumerate(story.steps, start=1)
    ]


def _words(supporters: Sequence[Report]) -> dict[str, Any]:
    """The confidence of a stage and the words of the report that tells it best."""
    best = supporters[0]
    return {
        "confidence": max(report.confidence for report in supporters),
        "headline": best.title,
        "evidence": best.evidence,
        "url": best.url,
        "source": best.source,
        "article_id": best.article_id,
    }


def _table(schema: Any, rows: Sequence[Mapping[str, Any]]) -> Any:
    return pa.table(
        {field.name: pa.array([row[field.name] for row in rows], field.type) for field in schema},
        schema=schema,
    )


_WORDS = [
    ("confidence", pa.float64()),
    ("headline", pa.string()),
    ("evidence", pa.string()),
    ("url", pa.string()),
    ("source", pa.string()),
    ("article_id", pa.string()),
]
_TIME = pa.timestamp("us", tz="UTC")
_SHIFTS = pa.schema(
    [
        ("shift_id", pa.string()),
        ("actor", pa.string()),
        ("artefact", pa.string()),
        ("family", pa.string()),
        ("kind", pa.string()),
        ("direction", pa.string()),
        ("stage", pa.string()),
        ("due", pa.date32()),
        ("licence_from", pa.string()),
        ("licence_to", pa.string()),
        ("level_from", pa.int8()),
        ("level_to", pa.int8()),
        ("territory", pa.string()),
        ("compelled_by", pa.string()),
        ("first_seen_at", _TIME),
        ("last_seen_at", _TIME),
        ("stage_since", _TIME),
        ("articles", pa.int32()),
        ("outlets", pa.int32()),
        ("official", pa.bool_()),
        *_WORDS,
    ]
)
_STAGES = pa.schema(
    [
        ("shift_id", pa.string()),
        ("step", pa.int32()),
        ("stage", pa.string()),
        ("occurrence", pa.int32()),
        ("previous_stage", pa.string()),
        ("since", _TIME),
        ("due", pa.date32()),
        ("licence_to", pa.string()),
        ("level_to", pa.int8()),
        ("official", pa.bool_()),
        *_WORDS,
    ]
)
_JOINED = pa.schema([("article_id", pa.string()), ("position", pa.int32()), ("shift_id", pa.string())])
_RENAMED = pa.schema([("alias", pa.string()), ("shift_id", pa.string())])
_REPLACED = pa.schema([("shift_id", pa.string())])
