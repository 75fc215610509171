"""The pages themselves: their queries run, their links lead somewhere, their tables are those of the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import duckdb
import pytest
import yaml

from extractors.records import Direction, Kind, Stage
from flows.messages import LEVELS
from tests.docs.documents import ROOT, Block, blocks, links
from warehouse.database import open_published, open_warehouse, publish

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
STRICTNESS = (ROOT / "docs" / "strictness.md").read_text("utf-8")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A read copy that holds the cited history."""
    folder = tmp_path_factory.mktemp("documented")
    with open_warehouse(folder / "ajar.duckdb", now=NOW):
        pass
    publish(folder / "ajar.duckdb", folder / "ajar-latest.duckdb")
    return folder / "ajar-latest.duckdb"


@pytest.fixture
def connection(published: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_published(published) as opened:
        yield opened


@pytest.mark.parametrize("block", blocks("sql"), ids=str)
def test_documented_sql_runs(
    block: Block, connection: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    connection.execute(block.content)
    assert connection.description


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_documented_python_runs(block: Block, published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(published.parent)
    exec(compile(block.content, str(block), "exec"), {})


@pytest.mark.parametrize(("page", "target"), links())
def test_a_link_leads_somewhere(page: str, target: str) -> None:
    path, _, anchor = target.partition("#")
    found = (ROOT / page).parent / path
    assert found.exists(), f"{page} links to {target}"
    if anchor:
        headings = re.findall(r"^#+ (.+)$", found.read_text("utf-8"), re.MULTILINE)
        anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert anchor in anchors, f"{page} links to {target}"


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert {page for page in pages if f"({page})" not in index} == set()


def test_every_class_of_null_events_is_explained_by_its_title() -> None:
    rules = (ROOT / "extractors" / "openness" / "rules" / "null").glob("*.yaml")
    titles = {rule.stem: yaml.safe_load(rule.read_text("utf-8"))["title"] for rule in rules}
    assert dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", _after("## What does not count"), re.M)) == titles


def test_every_stage_and_level_is_defined() -> None:
    stages = re.findall(r"^\| `(\w+)` \|", _after("## Stages: how far"), re.M)
    assert sorted(stages) == sorted(get_args(Stage))
    levels = re.findall(r"^\| (\d) \| ([^|]+) \|", _after("## Levels: how open"), re.M)
    assert {int(level): name for level, name in levels} == LEVELS
    words = (*get_args(Direction), *get_args(Kind))
    assert [word for word in words if word not in STRICTNESS] == []


def _after(heading: str) -> str:
    """The section under a heading."""
    return STRICTNESS.split(heading + "\n", 1)[1].split("\n## ", 1)[0]


def test_every_decision_has_a_number_of_its_own_and_is_in_their_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    listed = [
        f"- {number}. [{title}]({file.name})"
        for file in sorted(folder.glob("0*.md"))
        for number, title in [
            file.read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("# ").split(". ", 1)
        ]
        if int(number) == int(file.name[:4])
    ]
    assert [line for line in index.splitlines() if line.startswith("- ")] == listed
    assert len(listed) == len({line.split(".")[0] for line in listed}) == len(list(folder.glob("0*.md")))
