"""Joining the reports of one real-world shift, whoever reports it, however often, in whatever language.

A pure function from reports to stories: the same reports give the same stories with the same ids, in
whatever order they arrived. Reports are read in the order of their publication. One joins a story of
the same actor and direction when

* it names the same family, and comes within WINDOW of the story's last report; an open promise about a
  named family waits for its keeping without limit, one about a general line until its due date;
* and the same size, where both name one: Gondor-7B and Gondor-70B are one shift only when they come out together;
* it is of a kind the story already has, or weights, code, data and licence of one artefact come together;
* it or the story names no artefact in particular ("an open-weight model") or only a line ("Grok" for
  "Grok 2.5"), exactly one story fits, and the stages and times agree. When two fit, none is taken.

What people say in the correction file goes before all of this.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from extractors.records import Direction, Kind, Stage
from warehouse.life_cycle import ORDER, moves

WINDOW = timedelta(days=45)
"""A story about a family is over when nothing was reported for so long."""

GENERAL_WINDOW = timedelta(days=14)
"""The same for a general line, where one actor has many: two pledges of one spring are two shifts."""

TOGETHER = timedelta(days=3)
"""Weights, code and data of one artefact that come out within this time come out together."""

PROMISE_WINDOW = timedelta(days=180)
"""So long a promise about no artefact in particular, without a date, waits for its keeping."""

STRENGTH: dict[Kind, int] = {
    "weights": 0,
    "code": 1,
    "data": 2,
    "licence": 3,
    "access": 4,
    "policy": 5,
    "strategy": 6,
}
"""A story is of the strongest kind reported."""

_RELEASE: frozenset[Kind] = frozenset({"weights", "code", "data", "licence"})
_PROMISED: frozenset[Stage] = frozenset({"announced", "delayed"})
_KEPT_OR_NOT: frozenset[Stage] = frozenset({"done", "delayed", "denied"})

# `7B`, `1.5b`, `300M`: parameters of a release. In `235B-A22B` the second number says how many are active.
_SIZE = r"\d+(?:\.\d+)?[bmt](?![^\W_])"
_SIZED = re.compile(rf"(?<![^\W_])(?<!\.){_SIZE}", re.IGNORECASE)

_GENERIC = re.compile(
    r"\b(?:an?|the|its|their|new|next|first|upcoming|future|latest|own|flagship|frontier|foundation|large|small|"
    r"open|opened|weights?|weighted|source|sourced|language|reasoning|multimodal|generation|generative|"
    r"ai|llms?|models?|systems?|family|series|of)\b"
    r"|오픈|웨이트|소스|가중치|공개|대형|언어|차세대|신규|모델"
    r"|开源|開源|开放|開放|权重|權重|大|语言|語言|新|下一代|模型"
    r"|オープン|ウェイト|ソース|重み|公開|大規模|言語|次世代|モデル",
)


class Report(NamedTuple):
    """What an article says of one artefact, with what joining needs of the article and its source.

    An article that says the same in many sentences, which are a mention each, says it once here.
    """

    article_id: str
    positions: Sequence[int]
    """The mentions of the article that say it, ascending; the words and numbers below are those of the first that
    has any."""
    actor: str
    artefact: str
    family: str
    kind: Kind
    direction: Direction
    stage: Stage
    due: date | None
    licence_from: str | None
    licence_to: str | None
    level_from: int | None
    level_to: int | None
    territory: str | None
    compelled_by: str | None
    confidence: float
    """The highest of its mentions."""
    evidence: str
    at: datetime
    """Publication, or the fetch when no date is stated or it lies after the fetch."""
    arrived: datetime
    """When the article was first seen."""
    source: str
    rank: int
    """0 the actor's own official source, 1 press, 2 policy, 3 community."""
    title: str
    url: str
    known_as: str | None = None
    """Shift it was joined to before; None when it is new or was read again."""
    settled: bool | None = None
    """True: nothing up to its time has changed, and it stays with the story it is known as."""
    twin: int = 0
    """Number of its first mention among those of its article that have the same actor, direction, family and kind."""
    corrected: str | None = None
    """The story somebody has said it belongs to; None: what it says decides."""


@dataclass(slots=True)
class Step:
    """One stage of a story with the reports that support it, in order."""

    stage: Stage
    occurrence: int
    reports: list[Report]

    @property
    def since(self) -> datetime:
        """When it was first reported."""
        return self.reports[0].at

    @property
    def due(self) -> date | None:
        """The date last promised at this stage."""
        return next((report.due for report in reversed(self.reports) if report.due), None)


@dataclass(slots=True)
class Story:
    """One shift of the real world with all its reports, in the order of publication."""

    family: str
    """Empty for a general line; that of the first report which names an artefact in particular."""
    vague: bool
    """True as long as every report says no more than "a model"."""
    name: str
    """The artefact as the report that gave the family names it."""
    kinds: set[Kind]
    sizes: set[str] = field(default_factory=set)
    """Sizes of the releases reported, as `7b`. Empty as long as no report names one."""
    reports: list[Report] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    shift_id: str = ""

    @property
    def stage(self) -> Stage:
        """The stage reached."""
        return self.steps[-1].stage

    @property
    def last_at(self) -> datetime:
        """Time of the newest report."""
        return self.reports[-1].at

    @property
    def kind(self) -> Kind:
        """The strongest kind reported."""
        return min(self.kinds, key=STRENGTH.__getitem__)

    def add(self, report: Report) -> None:
        """Attach a report and take the change of stage it brings, if any."""
        self.reports.append(report)
        self.kinds.add(report.kind)
        self.sizes |= sizes_of(report)
        if (self.vague and not is_vague(report)) or _is_member(report.artefact, of=self.name):
            self.family, self.name, self.vague = report.family, report.artefact, False
        step = self.steps[-1] if self.steps else None
        if step is None or moves(
            step.stage,
            to=report.stage,
            at=report.at,
            since=step.since,
            last_report=step.reports[-1].at,
            due=step.due,
            new_due=report.due,
        ):
            before = sum(former.stage == report.stage for former in self.steps)
            self.steps.append(Step(report.stage, before + 1, [report]))
        elif report.stage == step.stage:
            step.reports.append(report)


def join_stories(reports: Iterable[Report]) -> list[Story]:
    """The stories behind the reports, by the time of their first report.

    Linear in the number of reports, as long as the stories open at one time in a family are few.
    """
    cells: dict[tuple[str, Direction], list[Report]] = {}
    for report in reports:
        cells.setdefault((report.actor, report.direction), []).append(report)
    stories = [story for key in sorted(cells) for story in _join_cell(cells[key])]
    _name(stories)
    return sorted(stories, key=lambda story: (story.reports[0].at, story.shift_id))


def is_vague(report: Report) -> bool:
    """True for a release whose artefact is named by common words only, or not at all."""
    return report.kind in _RELEASE and _is_generic(report.artefact)


@lru_cache(maxsize=10_000)
def _is_generic(artefact: str) -> bool:
    words = re.sub(r"[\W_]+", " ", artefact.casefold())
    return not _GENERIC.sub("", words).strip()


def sizes_of(report: Report) -> frozenset[str]:
    """Size of the artefact that a report names, with those listed beside it ("Gondor-7B and Gondor-70B")."""
    found = _SIZED.search(report.artefact)
    if found is None:
        return frozenset()
    own, line = found[0].lower(), re.escape(report.artefact[: found.start()])
    row = re.compile(rf"{line}{_SIZE}[\w-]*(?:(?:,? and |, | & |/)(?:{line})?{_SIZE}[\w-]*)+", re.IGNORECASE)
    listed = {own}
    for told in (report.title, report.evidence):
        for beside in row.finditer(told):
            named = {size.lower() for size in _SIZED.findall(beside[0])}
            if own in named:
                listed |= named
    return frozenset(listed)


def _join_cell(reports: list[Report]) -> list[Story]:
    """Stories of one actor and direction.

    Settled reports come first in time and are put where they were; they bring the stories to the state in
    which the first report that is not settled meets them.
    """
    stories: list[Story] = []
    live: dict[str, list[Story]] = {}
    vague: list[Story] = []
    by_correction: dict[str, Story] = {}
    by_id: dict[str, Story] = {}

    def shelf(story: Story) -> list[Story]:
        return vague if story.vague else live.setdefault(story.family, [])

    for report in sorted(reports, key=lambda r: (r.at, r.article_id, ORDER[r.stage], r.positions[0])):
        if report.corrected is not None:
            story = by_correction.get(report.corrected)
        elif report.settled and report.known_as is not None:
            story = by_id.get(report.known_as)
        else:
            story = _decide(live, vague, report)
        if story is None:
            story = _begin(report)
            stories.append(story)
            if report.corrected is None:
                shelf(story).append(story)
            else:
                by_correction[report.corrected] = story
            if report.settled and report.known_as is not None:
                by_id[report.known_as] = story
        before = shelf(story)
        story.add(report)
        if shelf(story) is not before and report.corrected is None:
            before[:] = [other for other in before if other is not story]
            shelf(story).append(story)
        _forget(vague, report.at)
        _forget(shelf(story), report.at)
    return stories


def _decide(live: dict[str, list[Story]], vague: list[Story], report: Report) -> Story | None:
    """The story a report continues; None when it begins one."""
    if is_vague(report):
        return _pick(vague, report) or _only(_concrete_for(live, report))
    return (
        _pick(live.get(report.family, []), report)
        or _only(_kin_of(live, report))
        or _only(_vague_for(vague, report))
    )


def _begin(report: Report) -> Story:
    return Story(family=report.family, vague=is_vague(report), name=report.artefact, kinds={report.kind})


def _pick(stories: list[Story], report: Report) -> Story | None:
    """The story of the report's own family that it continues: the one last reported on."""
    fitting = [story for story in stories if _continues(story, report)]
    sizes = sizes_of(report) if len(fitting) > 1 else frozenset()
    return max(fitting, key=lambda story: (not sizes.isdisjoint(story.sizes), story.last_at), default=None)


def _continues(story: Story, report: Report) -> bool:
    together = report.stage == story.stage and report.at - story.steps[-1].since <= TOGETHER
    if story.sizes and (sizes := sizes_of(report)) and sizes.isdisjoint(story.sizes) and not together:
        return False
    if report.kind not in story.kinds:
        return together and report.kind in _RELEASE and not story.kinds.isdisjoint(_RELEASE)
    if report.at - story.last_at <= _window(story):
        return True
    return story.stage in _PROMISED and (
        not _is_general(story) or (report.stage in _KEPT_OR_NOT and report.at <= _awaited_until(story))
    )


def _only(stories: list[Story]) -> Story | None:
    return stories[0] if len(stories) == 1 else None


def _concrete_for(live: dict[str, list[Story]], report: Report) -> list[Story]:
    """Stories about a named artefact that a report naming none may be about."""
    return [
        story
        for stories in live.values()
        for story in stories
        if report.kind in story.kinds
        and (
            (story.stage == report.stage and report.at - story.last_at <= GENERAL_WINDOW)
            or (
                story.stage in _PROMISED
                and report.stage in _KEPT_OR_NOT
                and report.at - story.last_at <= WINDOW
            )
        )
    ]


def _kin_of(live: dict[str, list[Story]], report: Report) -> list[Story]:
    """Stories about a line that a report names a member of, or about a member of the line it names."""
    return [
        story
        for stories in live.values()
        for story in stories
        if report.kind in story.kinds
        and story.family != report.family
        and (
            (
                _is_member(report.artefact, of=story.name)
                and story.stage in _PROMISED
                and report.stage in _KEPT_OR_NOT
                and report.at - story.last_at <= WINDOW
            )
            or (
                (_is_member(report.artefact, of=story.name) or _is_member(story.name, of=report.artefact))
                and story.stage == report.stage
                and report.at - story.steps[-1].since <= TOGETHER
            )
        )
    ]


def _is_member(name: str, *, of: str) -> bool:
    """True when `of` is the bare name of a line, without a number, and `name` one of the line."""
    line, member = _parts(of), _parts(name)
    return 0 < len(line) < len(member) and member[: len(line)] == line and not any(map(str.isdigit, line))


@lru_cache(maxsize=10_000)
def _parts(name: str) -> list[str]:
    return re.findall(r"\d+|[^\W\d_]+", name.casefold())


def _vague_for(vague: list[Story], report: Report) -> list[Story]:
    """Stories naming no artefact that a report about a named one may continue."""
    return [
        story
        for story in vague
        if report.kind in story.kinds
        and (
            (story.stage == report.stage and report.at - story.steps[-1].since <= TOGETHER)
            or (
                story.stage not in ("done", "denied")
                and ORDER[report.stage] > ORDER[story.stage]
                and report.at <= _awaited_until(story)
            )
        )
    ]


def _is_general(story: Story) -> bool:
    return story.vague or not story.family


def _window(story: Story) -> timedelta:
    return GENERAL_WINDOW if not story.family and not story.vague else WINDOW


def _awaited_until(story: Story) -> datetime:
    waiting = story.last_at + PROMISE_WINDOW
    due = next((step.due for step in reversed(story.steps) if step.due), None)
    if due is None:
        return waiting
    return max(waiting, datetime(due.year, due.month, due.day, tzinfo=waiting.tzinfo) + WINDOW)


def _forget(stories: list[Story], at: datetime) -> None:
    """Drop the stories that no later report can continue."""
    stories[:] = [
        story
        for story in stories
        if at - story.last_at <= _window(story)
        or (story.stage in _PROMISED and not _is_general(story))
        or (story.stage not in ("done", "denied") and _is_general(story) and at <= _awaited_until(story))
    ]


def _name(stories: list[Story]) -> None:
    """Give each story the id of its anchor: the report that arrived first.

    Later arrivals therefore never change it, even when they were published earlier.
    """
    for story in stories:
        anchor = min(story.reports, key=lambda r: (r.arrived, r.article_id, r.family, r.kind, r.twin))
        parts = (anchor.actor, anchor.direction, anchor.article_id, anchor.family, anchor.kind)
        written = "\x1f".join((*parts, str(anchor.twin)))
        story.shift_id = blake2b(written.encode(), digest_size=8).hexdigest()
