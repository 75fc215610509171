"""Archives fill the warehouse: WARC and JSON Lines, resumed, repeated, and told to nobody."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import fsspec
import pytest

from extractors.errors import ConfigurationError
from extractors.records import Snapshot
from extractors.snapshots import SnapshotWriter
from flows import backfilling
from flows.backfilling import backfill
from flows.settings import Settings, load_settings
from tests.extractors.scripted_server import NOT_FOUND, Asked, Reply, ScriptedServer, reply
from warehouse.staging import StagedRun, stage_run

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
NEWS = "Arnor Labs has released the weights of Gondor-7B under the Apache 2.0 licence on Tuesday."


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home with one source of its own."""
    card = "id: halden-post\npublisher: Halden Post\nlanguage: en\ntier: press\nfeeds: ['http://halden-post.example/rss']\n"
    (tmp_path / "sources.yaml").write_text(card)
    return load_settings(
        {"AJAR_HOME": str(tmp_path / "home")}, folder=tmp_path, sources=tmp_path / "sources.yaml"
    )


def lines(path: Path, *articles: dict[str, str]) -> Path:
    """A file of JSON Lines, compressed when its name says so."""
    written = "\n".join(json.dumps(article) for article in articles).encode()
    path.write_bytes(gzip.compress(written) if path.suffix == ".gz" else written)
    return path


def rows(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    """What the read copy answers."""
    with duckdb.connect(str(settings.published), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize("name", ["old.jsonl", "old.jsonl.gz"])
def test_lines_of_json_become_articles_of_their_sources(
    settings: Settings, tmp_path: Path, name: str
) -> None:
    archive = lines(
        tmp_path / name,
        {
            "url": "http://halden-post.example/a",
            "title": "Gondor-7B is out",
            "text": NEWS,
            "published": "2026-03-03",
        },
        {"url": "https://www.elsewhere.example/b", "title": "Quiet day", "text": "Nothing happened."},
    )
    filled = backfill(settings, [archive], now=NOW)
    assert (filled.read, filled.loaded.articles_new, filled.broken) == (2, 2, ())
    assert rows(settings, "SELECT source, title FROM articles ORDER BY source") == [
        ("elsewhere.example", "Quiet day"),
        ("halden-post", "Gondor-7B is out"),
    ]
    assert rows(settings, "SELECT actor, artefact, stage FROM shifts") == [
        ("Arnor Labs", "Gondor-7B", "done")
    ]
    assert rows(settings, "SELECT count(*) FROM alerts") == [(0,)]


def test_pages_of_a_warc_are_extracted(settings: Settings, tmp_path: Path) -> None:
    page = f"<html lang=en><title>Out</title><article><h1>Gondor-7B is out</h1><p>{NEWS}</p></article>"
    with SnapshotWriter(tmp_path / "warc", NOW) as writer:
        for status in (200, 404):
            writer.write(
                Snapshot(
                    url=f"http://halden-post.example/{status}",
                    final_url=f"http://halden-post.example/{status}",
                    status=status,
                    headers=(("content-type", "text/html; charset=utf-8"),),
                    body=page.encode(),
                    fetched_at=NOW,
                    seconds=0.1,
                )
            )
    (archive,) = (tmp_path / "warc").glob("*.warc.gz")
    assert backfill(settings, [archive], now=NOW).loaded.articles_new == 1
    stored = rows(settings, "SELECT source, url, contains(text, 'Gondor-7B') FROM articles")
    assert stored == [("halden-post", "http://halden-post.example/200", True)]
    assert ("Arnor Labs",) in rows(settings, "SELECT actor FROM shifts")


def test_a_repeated_backfill_reads_nothing_again(settings: Settings, tmp_path: Path) -> None:
    archive = lines(
        tmp_path / "old.jsonl", {"url": "http://halden-post.example/a", "title": "A", "text": NEWS}
    )
    backfill(settings, [archive], now=NOW)
    again = backfill(settings, [archive], now=NOW)
    assert (again.read, again.skipped, again.loaded.articles_new) == (1, 1, 0)


def test_an_interrupted_backfill_goes_on_where_it_stopped(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfilling, "BATCH", 10)
    urls = [f"http://halden-post.example/{number}" for number in range(35)]
    archive = lines(
        tmp_path / "old.jsonl", *({"url": url, "title": url, "text": f"Report {url}."} for url in urls)
    )
    real, staged = stage_run, 0

    def stop_after_two(folder: Path, run: StagedRun) -> Path:
        nonlocal staged
        staged += 1
        if staged == 3:
            raise KeyboardInterrupt
        return real(folder, run)

    with monkeypatch.context() as patched:
        patched.setattr(backfilling, "stage_run", stop_after_two)
        with pytest.raises(KeyboardInterrupt):
            backfill(settings, [archive], now=NOW)
    # What was staged before the interruption is loaded by whatever loads next; here by the second try.
    filled = backfill(settings, [archive], now=NOW)
    assert rows(settings, "SELECT count(*), count(DISTINCT url) FROM articles") == [(35, 35)]
    assert filled.skipped == 20


def test_lines_without_an_article_are_named_and_the_others_loaded(settings: Settings, tmp_path: Path) -> None:
    archive = tmp_path / "old.jsonl"
    good = json.dumps({"url": "http://halden-post.example/a", "title": "A", "text": NEWS})
    archive.write_text(f'nonsense\n{good}\n{{"url": "file:///etc/passwd", "text": "x"}}\n[]\n')
    filled = backfill(settings, [archive], now=NOW)
    assert filled.loaded.articles_new == 1
    assert [line.split(":")[0] for line in filled.broken] == [
        f"old.jsonl, line {number}" for number in (1, 3, 4)
    ]


def test_a_file_that_is_no_archive_is_named_before_anything_is_read(
    settings: Settings, tmp_path: Path
) -> None:
    good = lines(tmp_path / "old.jsonl", {"url": "http://halden-post.example/a", "title": "A", "text": NEWS})
    with pytest.raises(ConfigurationError, match=r"notes\.txt: no such file"):
        backfill(settings, [good, tmp_path / "notes.txt"], now=NOW)
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(ConfigurationError, match=r"notes\.txt: is no archive by its name"):
        backfill(settings, [good, tmp_path / "notes.txt"], now=NOW)
    assert not settings.warehouse.exists()


def test_an_archive_may_lie_anywhere_fsspec_reaches(settings: Settings) -> None:
    told = {"url": "http://halden-post.example/a", "title": "Gondor-7B is out", "text": NEWS}
    with fsspec.open("memory://years/old.jsonl", "wb") as file:
        file.write(json.dumps(told).encode())
    assert backfill(settings, ["memory://years/old.jsonl"], now=NOW).loaded.articles_new == 1
    again = backfill(settings, ["memory://years/old.jsonl"], now=NOW)
    assert (again.skipped, again.loaded.articles_new) == (1, 0)
    assert list((settings.staged.parent / "archives").iterdir()) == []


@pytest.mark.parametrize(
    ("archive", "told"),
    [
        ("memory://years/missing.jsonl", "memory://years/missing.jsonl: cannot be fetched"),
        ("memory://years/notes.txt", "is no archive by its name"),
        ("nowhere://years/old.jsonl", "nowhere://years/old.jsonl: cannot be fetched"),
    ],
)
def test_an_archive_that_cannot_be_fetched_is_one_clear_line(
    settings: Settings, archive: str, told: str
) -> None:
    with pytest.raises(ConfigurationError, match=told):
        backfill(settings, [archive], now=NOW)


def test_two_archives_of_one_name_and_size_are_both_read(settings: Settings, tmp_path: Path) -> None:
    archives = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        told = {"url": f"http://halden-post.example/{name}", "title": name, "text": NEWS}
        archives.append(lines(tmp_path / name / "part.jsonl", told))
    assert archives[0].stat().st_size == archives[1].stat().st_size
    assert backfill(settings, archives, now=NOW).loaded.articles_new == 2


def atom(numbers: range, *links: str) -> bytes:
    """A page of a feed whose entries are whole."""
    entries = "".join(
        f"<entry><id>e{number}</id><title>Report {number}</title><updated>2026-01-{number:02}T00:00:00Z</updated>"
        f'<link href="http://127.0.0.1/{number}"/><content>{NEWS} {f"And {number} more. " * 100}</content></entry>'
        for number in numbers
    )
    head = "<id>f</id><title>Post</title>" + "".join(links)
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{head}{entries}</feed>'.encode()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A server with no robots.txt."""
    started = ScriptedServer({"/robots.txt": NOT_FOUND})
    yield started
    started.stop()


@pytest.fixture
def nearby(tmp_path: Path) -> Settings:
    """A home that may fetch from this machine."""
    environment = {
        "AJAR_HOME": str(tmp_path / "home"), "AJAR_ALLOW_PRIVATE": "1", "AJAR_CONTACT": "you@example.org",
    }  # fmt: skip
    return load_settings(environment, folder=tmp_path)


@pytest.mark.parametrize("rel", ["prev-archive", "next"])
def test_a_feed_is_read_as_far_back_as_it_names_older_pages(
    nearby: Settings, server: ScriptedServer, rel: str
) -> None:
    server.routes["/feed"] = reply(200, atom(range(7, 10), f'<link rel="{rel}" href="/older"/>'))
    server.routes["/older"] = reply(200, atom(range(4, 8), f'<link rel="{rel}" href="/oldest"/>'))
    # An archive that leads round in a circle ends where it began.
    server.routes["/oldest"] = reply(200, atom(range(1, 4), f'<link rel="{rel}" href="/feed"/>'))
    address = server.url("/feed")
    filled = backfill(nearby, [address], now=NOW)
    assert (filled.read, filled.loaded.articles_new, filled.broken) == (9, 9, ())
    assert rows(nearby, "SELECT count(*) FROM alerts") == [(0,)]
    again = backfill(nearby, [address], now=NOW)
    assert (again.read, again.skipped, again.loaded.articles_new) == (9, 9, 0)


def test_a_feed_of_wordpress_is_read_page_by_page_until_there_is_none(
    nearby: Settings, server: ScriptedServer
) -> None:
    def page(asked: Asked) -> Reply:
        number = int(asked.path.partition("paged=")[2] or 1)
        generator = "<generator>https://wordpress.org/?v=6.9</generator>"
        return reply(200, atom(range(3 * number, 3 * number + 3), generator)) if number < 4 else NOT_FOUND

    for path in ("/feed", *(f"/feed?paged={number}" for number in range(2, 5))):
        server.routes[path] = page
    filled = backfill(nearby, [server.url("/feed")], now=NOW)
    assert (filled.loaded.articles_new, filled.broken) == (9, ())


def test_a_page_of_a_feed_that_cannot_be_read_ends_it_with_the_reason(
    nearby: Settings, server: ScriptedServer
) -> None:
    server.routes["/feed"] = reply(200, atom(range(1, 3), '<link rel="next" href="/older"/>'))
    server.routes["/older"] = reply(403)
    filled = backfill(nearby, [server.url("/feed")], now=NOW)
    assert filled.loaded.articles_new == 2
    (line,) = filled.broken
    assert "/older: " in line
    assert "403" in line
