"""What a pass is told of earlier ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extractors.errors import StorageError
from extractors.records import AddressState, KnownArticle
from tests.warehouse.newsroom import DAY, HOUR, NOW, Newsroom, article, mention, report
from warehouse.database import publish
from warehouse.state import PassState, read_state


def test_before_the_first_load_nothing_is_known(tmp_path: Path) -> None:
    assert read_state(tmp_path / "ajar.duckdb", now=NOW) == PassState()
    assert list(tmp_path.iterdir()) == []


def test_addresses_come_back_as_they_were_stored(newsroom: Newsroom) -> None:
    url = "https://corvane.example/feed"
    assert read_state(newsroom.path, now=NOW).addresses[url] == AddressState(
        url=url, source="corvane-blog", next_due_at=NOW - DAY + HOUR, memory={"etag": 'W/"é"'}
    )


def test_articles_are_known_by_what_decides_on_reading_them_again(newsroom: Newsroom) -> None:
    stored = article("lumen", without_text="HTTP 503")
    newsroom.run((stored, []))
    assert read_state(newsroom.path, now=NOW).articles == {
        stored.article_id: KnownArticle(
            article_id=stored.article_id,
            source="halden-post",
            guid="lumen",
            url=stored.url,
            entry_hash=stored.entry_hash,
            text_hash=stored.text_hash,
            attempts=1,
            retry_at=None,
            has_text=False,
        )
    }


def test_only_the_articles_asked_for_are_read(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen"), report("ember"))
    wanted = article("ember").article_id
    assert list(read_state(newsroom.path, now=NOW, of=[wanted, "unknown"]).articles) == [wanted]
    assert read_state(newsroom.path, now=NOW, of=[]).articles == {}


def test_an_article_is_found_by_the_guid_its_source_gives_it(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen"), report("ember"), report("lumen", source="wire-nine"))
    found = read_state(
        newsroom.path, now=NOW, of=[], guids=[("halden-post", "lumen"), ("wire-nine", "ember")]
    )
    assert list(found.articles) == [article("lumen").article_id]


def test_articles_due_for_another_try_come_with_those_asked_for(newsroom: Newsroom) -> None:
    due, later = (article(name, without_text="HTTP 503") for name in ("lumen", "ember"))
    newsroom.run((replace(due, retry_at=NOW + HOUR), []), (replace(later, retry_at=NOW + DAY), []))
    assert list(read_state(newsroom.path, now=NOW + HOUR, of=[]).articles) == [due.article_id]


def test_the_first_import_of_each_source_is_known(newsroom: Newsroom) -> None:
    assert read_state(newsroom.path, now=NOW).imported["halden-post"] == NOW - DAY


def test_while_the_warehouse_is_held_the_published_copy_is_read(newsroom: Newsroom, tmp_path: Path) -> None:
    stored = article("lumen")
    newsroom.run((stored, []))
    published = tmp_path / "published.duckdb"
    publish(newsroom.path, published, wait=0)
    with newsroom.open():
        known = read_state(newsroom.path, now=NOW, published=published, wait=0).articles
        with pytest.raises(StorageError, match="PID"):
            read_state(newsroom.path, now=NOW, wait=0)
    assert list(known) == [stored.article_id]


def test_a_failed_retry_of_an_article_no_feed_lists_any_more_loses_nothing(newsroom: Newsroom) -> None:
    stored = article("lumen", text="Corvane has published the weights.", without_text="HTTP 503")
    newsroom.run((stored, [mention()]))
    again = replace(
        stored, title="", text="", text_hash="0", without_text="HTTP 404", attempts=2, retry_at=None
    )
    loaded = newsroom.run((again, []), now=NOW + HOUR)
    assert loaded.articles_updated == 0
    assert newsroom.rows("SELECT title, text FROM articles") == [(stored.title, stored.text)]
    assert newsroom.rows("SELECT attempts, reason FROM articles_without_text") == [(2, "HTTP 404")]
    assert newsroom.rows("SELECT count(*) FROM mentions") == [(1,)]


def test_edits_of_an_entry_are_counted(newsroom: Newsroom) -> None:
    for hours, title in enumerate(["First", "Second", "Second", "Third"]):
        newsroom.run(report("lumen", title=title), now=NOW + hours * HOUR)
    known = read_state(newsroom.path, now=NOW).articles[article("lumen").article_id]
    assert known.revisions == 2
