"""While rows wait to be loaded, a pass knows what it would know after the load."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extractors.records import AddressState, Article
from tests.warehouse.newsroom import DAY, HOUR, NOW, Newsroom, article, report
from warehouse.load import load_staged
from warehouse.pending import with_pending
from warehouse.staging import StagedRun, stage_run
from warehouse.state import read_state
from warehouse.waiting import staged_folders

FEED = "https://corvane.example/feed"


def staged(folder: Path, number: int, *articles: Article, due_in: int = 1) -> Path:
    """One pass that polled a feed and read some articles."""
    moment = NOW + number * HOUR
    run = StagedRun(
        run_id=f"pending{number}",
        started_at=moment,
        finished_at=moment,
        ruleset="r",
        addresses=[
            AddressState(
                url=FEED,
                source="corvane-blog",
                next_due_at=moment + due_in * HOUR,
                memory={"etag": f"{number}"},
            )
        ],
        articles=[replace(each, seen_at=moment) for each in articles],
    )
    return stage_run(folder, run)


@pytest.mark.parametrize(
    "passes",
    [
        [[article("lumen")]],
        [[article("lumen", without_text="HTTP 503")], [article("lumen")]],
        [
            [article("lumen")],
            [replace(article("lumen", without_text="HTTP 503"), attempts=3, retry_at=NOW + DAY)],
        ],
        [[article("lumen")], [replace(article("lumen"), entry_hash="edited")], [article("ember")]],
    ],
    ids=["new", "read at the second try", "a later try brought less", "edited"],
)
def test_what_is_pending_reads_like_what_is_loaded(
    newsroom: Newsroom, tmp_path: Path, passes: list[list[Article]]
) -> None:
    newsroom.run(report("ember"))
    before = read_state(newsroom.path, now=NOW)
    folder = tmp_path / "pending"
    for number, articles in enumerate(passes, start=1):
        staged(folder, number, *articles, due_in=number)
    foreseen = with_pending(before, staged_folders(folder))
    load_staged(newsroom.path, folder, now=NOW + DAY)
    loaded = read_state(newsroom.path, now=NOW)
    assert foreseen.addresses == loaded.addresses
    assert foreseen.articles == loaded.articles
    assert foreseen.addresses[FEED].memory == {"etag": f"{len(passes)}"}


def test_a_folder_that_is_gone_or_broken_is_left_out(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.run(report("ember"))
    before = read_state(newsroom.path, now=NOW)
    broken = staged(tmp_path / "pending", 1, article("lumen"))
    (broken / "articles.parquet").write_bytes(b"no parquet")
    assert with_pending(before, [tmp_path / "gone", broken]) == before
