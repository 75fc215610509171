"""What a pass is told of earlier ones."""

from __future__ import annotations

from pathlib import Path

from extractors.records import AddressState, KnownArticle
from tests.warehouse.newsroom import DAY, HOUR, NOW, Newsroom, article, report
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


def test_the_first_import_of_each_source_is_known(newsroom: Newsroom) -> None:
    assert read_state(newsroom.path, now=NOW).imported["halden-post"] == NOW - DAY
