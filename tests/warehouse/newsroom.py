"""An invented newsroom: the fewest words a test needs to stage a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal

import duckdb

from extractors.records import (
    Address,
    AddressState,
    Article,
    Direction,
    FetchRow,
    Kind,
    Mention,
    NullEvent,
    Source,
    Stage,
)
from warehouse.database import open_warehouse
from warehouse.load import LoadReport, load_staged
from warehouse.outbox import AlertRules
from warehouse.staging import StagedRun, stage_run

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""The first pass of most tests."""

SOURCES = {
    source.id: source
    for source in (
        Source(
            id="corvane-blog",
            publisher="Corvane",
            language="en",
            tier="official",
            actor="Corvane",
            addresses=(Address(url="https://corvane.example/feed", role="feed"),),
            expect=(1, 50),
        ),
        Source(
            id="halden-post",
            publisher="Halden Post",
            language="en",
            tier="press",
            addresses=(Address(url="https://halden-post.example/rss", role="feed"),),
        ),
        Source(
            id="wire-nine",
            publisher="Wire Nine",
            language="en",
            tier="press",
            addresses=(Address(url="https://wire-nine.example/atom", role="feed"),),
        ),
        Source(
            id="seoul-signal",
            publisher="Seoul Signal",
            language="ko",
            tier="press",
            addresses=(Address(url="https://seoul-signal.example/rss", role="feed"),),
        ),
        Source(
            id="policy-desk",
            publisher="Policy Desk",
            language="en",
            tier="policy",
            addresses=(Address(url="https://policy-desk.example/rss", role="feed"),),
        ),
        Source(
            id="tinkerers",
            publisher="Tinkerers",
            language="en",
            tier="community",
            addresses=(Address(url="https://tinkerers.example/rss", role="feed"),),
        ),
    )
}

Report = tuple[Article, list[Mention]]


def digest(text: str) -> str:
    """A hash as the extractors make them."""
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


def article(
    name: str,
    *,
    source: str = "halden-post",
    published: datetime | None = NOW - HOUR,
    seen: datetime = NOW,
    title: str | None = None,
    text: str | None = None,
    without_text: str | None = None,
) -> Article:
    """An article whose name makes its address, title and text unless told otherwise."""
    url = f"https://{source}.example/{name}"
    text = f"{name}: a report of its own, written by {source} and by nobody else." if text is None else text
    title = title or name.replace("-", " ").capitalize()
    return Article(
        article_id=digest(url),
        url=url,
        canonical_url=url,
        source=source,
        guid=name,
        tier=SOURCES[source].tier,
        title=title,
        author=None,
        published_at=published,
        seen_at=seen,
        language=SOURCES[source].language,
        text=text,
        text_hash=digest(text),
        entry_hash=digest(title + text),
        extracted_by="test 1",
        without_text=without_text,
    )


def mention(
    *,
    actor: str = "Corvane",
    artefact: str = "Lumen 2",
    family: str | None = None,
    kind: Kind = "weights",
    direction: Direction = "opening",
    stage: Stage = "done",
    due: date | None = None,
    licence: str | None = None,
    level: int | None = None,
    current: bool = True,
    confidence: float = 0.9,
    evidence: str = "Corvane has published the weights.",
    rule: str = "weights.published",
) -> Mention:
    """A mention; its family is made from the artefact unless told otherwise."""
    return Mention(
        actor=actor,
        artefact=artefact,
        family=artefact.lower().replace(" ", "-") if family is None else family,
        kind=kind,
        direction=direction,
        stage=stage,
        due=due,
        licence_from=None,
        licence_to=licence,
        level_from=None,
        level_to=level,
        current=current,
        confidence=confidence,
        evidence=evidence,
        start=0,
        end=len(evidence),
        where="text",
        rule=rule,
        ruleset="rules-1",
    )


def report(name: str, *mentions: Mention, **facts: Any) -> Report:
    """An article and what it mentions."""
    return article(name, **facts), list(mentions)


class Newsroom:
    """A warehouse with its staging folder, and a clock that tests move by naming the time of each pass."""

    def __init__(self, folder: Path, *, rules: AlertRules | None = None) -> None:
        self.path = folder / "ajar.duckdb"
        self.staged = folder / "staged"
        self.rules = rules or AlertRules()
        self.passes = 0

    def stage(
        self,
        *reports: Report,
        now: datetime = NOW,
        kind: Literal["pass", "reread"] = "pass",
        retagged: Sequence[str] = (),
        run_id: str | None = None,
        nulls: Sequence[tuple[str, NullEvent]] = (),
        quiet_sources: bool = False,
    ) -> Path:
        """Stage one run that read these reports; all sources answered unless `quiet_sources`."""
        self.passes += 1
        addresses = [(source, source.addresses[0].url) for source in SOURCES.values()]
        articles = [found for found, _ in reports if found.article_id not in retagged]
        run = StagedRun(
            run_id=run_id or f"run-{now:%j-%H}-{self.passes}",
            started_at=now,
            finished_at=now + timedelta(seconds=40),
            ruleset="rules-1",
            kind=kind,
            sources=tuple(SOURCES.values()),
            fetches=[]
            if quiet_sources
            else [
                FetchRow(
                    source=source.id,
                    url=url,
                    at=now,
                    outcome="read",
                    status=200,
                    reason=None,
                    bytes=1000,
                    seconds=0.1,
                    entries=3,
                )
                for source, url in addresses
            ],
            addresses=[
                AddressState(url=url, source=source.id, next_due_at=now + HOUR, memory={"etag": 'W/"é"'})
                for source, url in addresses
            ],
            articles=[replace(found, seen_at=now) for found in articles],
            mentions=[(found.article_id, each) for found, mentions in reports for each in mentions],
            nulls=nulls,
            retagged=retagged,
        )
        return stage_run(self.staged, run)

    def load(self, *, now: datetime = NOW, **arguments: Any) -> LoadReport:
        """Load what is staged."""
        return load_staged(self.path, self.staged, now=now, rules=self.rules, wait=0, **arguments)

    def run(self, *reports: Report, now: datetime = NOW, **arguments: Any) -> LoadReport:
        """Stage one run and load it."""
        self.stage(*reports, now=now, **arguments)
        return self.load(now=now)

    def open(self) -> Any:
        """The warehouse, open for writing."""
        return open_warehouse(self.path, now=NOW, wait=0)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds."""
        with self.open() as warehouse:
            connection: duckdb.DuckDBPyConnection = warehouse.connection
            return connection.execute(query).fetchall()
