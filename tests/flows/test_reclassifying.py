"""Reading the archive again with other rules: compared shift by shift, and nobody is alerted."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import as_file
from pathlib import Path

import duckdb
import pytest

from extractors.errors import StorageError
from extractors.openness.tagger import Tagger, load_tagger
from extractors.records import Tagging
from extractors.sources import load_sources
from flows import reclassifying
from flows.demo.newsroom import Newsroom, sources_file
from flows.demo.story_files import DAYS
from flows.demo.tour import LATER, demo_settings
from flows.passes import run_pass
from flows.reclassifying import reclassify
from flows.settings import Settings, load_settings
from warehouse.alerts import PendingAlert

NOW = DAYS[1] + LATER


class OtherRules:
    """The tagger as if it had other rules: it no longer sees any closing."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger
        self.ruleset = "other-rules"

    def tag(self, **article: object) -> Tagging:
        tagging = self._tagger.tag(**article)  # type: ignore[arg-type]
        kept = tuple(
            replace(mention, ruleset=self.ruleset)
            for mention in tagging.shifts
            if mention.direction != "closing"
        )
        return Tagging(language=tagging.language, shifts=kept, nulls=tagging.nulls, ruleset=self.ruleset)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse that holds the newsroom's first day."""
    home = tmp_path_factory.mktemp("home")
    settings = demo_settings(load_settings({"AJAR_HOME": str(home)}, folder=home))
    told: list[PendingAlert] = []
    with as_file(sources_file()) as path, Newsroom(day=1) as newsroom:
        run_pass(
            settings,
            load_sources(path),
            now=DAYS[1],
            connect_to=newsroom.connect_to,
            tell=told.append,
        )
    assert told
    return settings


def rows(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    """What the read copy answers."""
    with duckdb.connect(str(settings.published), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_the_same_rules_read_the_same(settings: Settings) -> None:
    shifts = "SELECT shift_id, stage, articles, evidence FROM shifts ORDER BY ALL"
    before = rows(settings, shifts)
    compared = reclassify(settings, now=NOW)
    assert (compared.gained, compared.lost, compared.changed) == ((), (), ())
    assert compared.articles == rows(settings, "SELECT count(*) FROM articles")[0][0]
    assert rows(settings, shifts) == before


def test_what_other_rules_lose_is_named_and_comes_back_with_the_old_ones(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    alerts = "SELECT count(*) FROM alerts WHERE status = 'sent'"
    sent = rows(settings, alerts)
    closings = rows(settings, "SELECT count(*) FROM shifts WHERE direction = 'closing'")[0][0]
    assert closings
    with monkeypatch.context() as patched:
        patched.setattr(reclassifying, "load_tagger", lambda: OtherRules(load_tagger()))
        compared = reclassify(settings, now=NOW)
    assert len(compared.lost) == closings
    assert {shift.direction for shift in compared.lost} == {"closing"}
    assert compared.ruleset == "other-rules"
    assert rows(settings, "SELECT DISTINCT ruleset FROM mentions") == [("other-rules",)]

    back = reclassify(settings, now=NOW + LATER)
    assert len(back.gained) == closings
    assert rows(settings, alerts) == sent
    assert rows(settings, "SELECT count(*) FROM alerts WHERE status = 'pending'") == [(0,)]


def test_before_the_first_pass_there_is_nothing_to_read_again(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="there is no warehouse yet"):
        reclassify(load_settings({"AJAR_HOME": str(tmp_path)}, folder=tmp_path), now=NOW)
