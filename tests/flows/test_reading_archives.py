"""A backfill divided among processes stores what one process stores."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from extractors.errors import ConfigurationError
from flows import backfilling
from flows.backfilling import backfill
from flows.reading_archives import load_read, prepare_reading, read_archive
from flows.settings import Settings, load_settings
from flows.sharing import load_inbox, shared_folder

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Three archives of seven articles, in batches of three."""
    monkeypatch.setattr(backfilling, "BATCH", 3)
    made = []
    for month in ("january", "february", "march"):
        articles = [
            {
                "url": f"https://halden-post.example/{month}/{number}",
                "title": f"Arnor Labs and Gondor-{number}B",
                "text": f"Arnor Labs has released the weights of Gondor-{number}B under the MIT licence in {month}.",
                "published": "2026-02-01",
            }
            for number in range(7)
        ]
        path = tmp_path / f"{month}.jsonl"
        path.write_text("\n".join(json.dumps(article) for article in articles))
        made.append(path)
    return made


def machine(home: Path, shared: Path | None = None) -> Settings:
    """A machine with a home of its own."""
    environment = {"AJAR_HOME": str(home)} | ({"AJAR_SHARED": str(shared)} if shared else {})
    return load_settings(environment, folder=home)


def content(settings: Settings) -> list[list[tuple[object, ...]]]:
    """What the read copy holds."""
    with duckdb.connect(str(settings.published), read_only=True) as connection:
        return [
            connection.execute(sql).fetchall()
            for sql in (
                "SELECT article_id, text_hash FROM articles ORDER BY ALL",
                "SELECT actor, artefact, stage, articles FROM shifts ORDER BY ALL",
                "SELECT count(*) FROM alerts",
            )
        ]


@pytest.fixture
def by_one(archives: list[Path], tmp_path: Path) -> list[list[tuple[object, ...]]]:
    """What one process stores."""
    settings = machine(tmp_path / "one")
    assert backfill(settings, archives, now=NOW).loaded.articles_new == 21
    return content(settings)


def test_archives_read_at_the_same_time_are_loaded_like_those_read_one_by_one(
    archives: list[Path], by_one: list[list[tuple[object, ...]]], tmp_path: Path
) -> None:
    settings = machine(tmp_path / "many")
    prepare_reading(settings, [str(path) for path in archives], now=NOW)
    with ThreadPoolExecutor(3) as several:
        list(several.map(lambda path: read_archive(settings, str(path), now=NOW), archives))
    loaded = load_read(settings, now=NOW)
    assert loaded is not None and loaded.articles_new == 21
    assert content(settings) == by_one


def test_machines_send_what_they_read_to_the_loader(
    archives: list[Path], by_one: list[list[tuple[object, ...]]], tmp_path: Path
) -> None:
    for number, archive in enumerate(archives):
        reader = machine(tmp_path / f"reader{number}", tmp_path / "shared")
        prepare_reading(reader, [str(archive)], now=NOW)
        read_archive(reader, str(archive), now=NOW)
        assert load_read(reader, now=NOW) is None
    loader = machine(tmp_path / "loader", tmp_path / "shared")
    load_inbox(loader, now=NOW, tell=lambda alert: None)
    assert content(loader) == by_one


@pytest.mark.parametrize("shared", [False, True], ids=["on one machine", "through the inbox"])
def test_a_second_backfill_finds_all_batches_done_and_one_that_was_killed_goes_on(
    archives: list[Path], tmp_path: Path, shared: bool
) -> None:
    settings = machine(tmp_path / "home", tmp_path / "shared" if shared else None)
    first = str(archives[0])
    read_archive(settings, first, now=NOW)
    later = NOW + timedelta(hours=1)
    prepare_reading(settings, [first], now=later)
    again = read_archive(settings, first, now=later)
    assert (again.read, again.skipped) == (7, 7)
    if shared:
        assert len(shared_folder(settings).waiting()) == 3


def test_what_a_killed_reader_staged_is_not_staged_twice(archives: list[Path], tmp_path: Path) -> None:
    settings = machine(tmp_path / "home")
    read_archive(settings, str(archives[0]), now=NOW)
    again = read_archive(settings, str(archives[0]), now=NOW)
    assert (again.read, again.skipped) == (7, 7)
    loaded = load_read(settings, now=NOW)
    assert loaded is not None and (loaded.runs, loaded.articles_new) == (3, 7)


@pytest.mark.parametrize(
    ("other", "complaint"),
    [
        ("/nowhere/april.jsonl", "no such file"),
        ("https://x.example/feed.xml", "is a feed, which is read page by"),
    ],
)
def test_what_cannot_be_divided_is_refused_before_anything_is_read(
    archives: list[Path], tmp_path: Path, other: str, complaint: str
) -> None:
    settings = machine(tmp_path / "home")
    with pytest.raises(ConfigurationError, match=complaint):
        prepare_reading(settings, [*map(str, archives), other], now=NOW)
    assert not settings.warehouse.exists()


def test_what_a_killed_process_left_goes_with_the_next(archives: list[Path], tmp_path: Path) -> None:
    reader = machine(tmp_path / "reader", tmp_path / "shared")
    left = reader.home / "archives" / "4194305"  # above the largest process id of Linux
    left.mkdir(parents=True)
    read_archive(reader, str(archives[0]), now=NOW)
    assert not left.exists()
