"""Loading staged runs into a real warehouse."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from extractors.errors import StorageError
from extractors.records import NullEvent
from tests.warehouse.newsroom import DAY, HOUR, NOW, Newsroom, article, mention, report
from warehouse.load import LoadReport
from warehouse.waiting import staged_folders

SNAPSHOT = """
    SELECT 'articles', count(*), sum(hash(a)) FROM article_facts AS a
    UNION ALL SELECT 'texts', count(*), sum(hash(t)) FROM article_texts AS t
    UNION ALL SELECT 'mentions', count(*), sum(hash(m)) FROM mentions AS m
    UNION ALL SELECT 'fetches', count(*), sum(hash(f)) FROM fetches AS f
    UNION ALL SELECT 'shifts', count(*), sum(hash(s)) FROM shifts AS s
    UNION ALL SELECT 'stages', count(*), sum(hash(s)) FROM shift_stages AS s
    UNION ALL SELECT 'alerts', count(*), sum(hash(a)) FROM alerts AS a
    UNION ALL SELECT 'runs', count(*), sum(hash(r)) FROM runs AS r
    ORDER BY ALL
"""


def test_a_run_is_stored_and_its_folder_removed(newsroom: Newsroom) -> None:
    loaded = newsroom.run(report("lumen-weights", mention()))
    assert loaded == LoadReport(runs=1, articles_new=1, mentions=1, shifts_new=1, alerts_queued=1)
    assert newsroom.rows("SELECT title, source, tier, text FROM articles") == [
        (
            "Lumen weights",
            "halden-post",
            "press",
            "lumen-weights: a report of its own, written by halden-post and by nobody else.",
        )
    ]
    assert list(newsroom.staged.iterdir()) == []


def test_a_run_loaded_twice_changes_nothing(newsroom: Newsroom, tmp_path: Path) -> None:
    staged = newsroom.stage(report("lumen-weights", mention()))
    shutil.copytree(staged, tmp_path / "again")
    newsroom.load()
    before = newsroom.rows(SNAPSHOT)
    (tmp_path / "again").rename(staged)
    assert newsroom.load() == LoadReport()
    assert newsroom.rows(SNAPSHOT) == before
    assert not staged.exists()


def test_the_same_rows_under_another_run_are_not_stored_twice(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen-weights", mention()))
    counted = """
        SELECT count(*) FROM mentions
        UNION ALL SELECT count(*) FROM fetches
        UNION ALL SELECT count(*) FROM article_texts
    """
    before = newsroom.rows(counted)
    loaded = newsroom.run(report("lumen-weights", mention()), run_id="the-same-again")
    assert (loaded.articles_new, loaded.articles_updated, loaded.alerts_queued) == (0, 0, 0)
    assert newsroom.rows(counted) == before


def test_runs_that_waited_are_loaded_in_the_order_they_were_made(newsroom: Newsroom) -> None:
    newsroom.stage(report("lumen", mention(), title="Second title"), now=NOW + HOUR)
    newsroom.stage(report("lumen", mention(), title="First title"), now=NOW)
    loaded = newsroom.load(now=NOW + DAY)
    assert (loaded.runs, loaded.articles_new, loaded.articles_updated) == (2, 1, 1)
    assert newsroom.rows("SELECT title FROM articles") == [("Second title",)]


def test_a_version_read_earlier_does_not_replace_a_later_one(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", mention(stage="done"), title="Later"), now=NOW + HOUR)
    newsroom.stage(report("lumen", mention(stage="announced"), title="Earlier"), now=NOW)
    newsroom.load(now=NOW + 2 * HOUR)
    assert newsroom.rows("SELECT title FROM articles") == [("Later",)]
    assert newsroom.rows("SELECT stage FROM mentions") == [("done",)]


def test_a_clock_that_is_put_back_stalls_nothing(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", title="First"), now=NOW + HOUR)
    loaded = newsroom.run(report("lumen", title="Second"), report("new", mention()), now=NOW)
    assert (loaded.articles_new, loaded.articles_updated, loaded.alerts_queued) == (1, 1, 1)
    assert newsroom.rows("SELECT title FROM articles WHERE url LIKE '%lumen'") == [("Second",)]
    assert newsroom.rows("SELECT DISTINCT next_due_at FROM address_states") == [(NOW + HOUR,)]


def test_an_edited_article_keeps_its_first_date_and_both_texts(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", text="The weights come in May."))
    loaded = newsroom.run(report("lumen", text="The weights come in June."), now=NOW + HOUR)
    assert loaded.articles_updated == 1
    assert newsroom.rows("SELECT text, first_seen_at, updated_at FROM articles") == [
        ("The weights come in June.", NOW, NOW + HOUR)
    ]
    assert newsroom.rows("SELECT text FROM article_texts ORDER BY text_id") == [
        ("The weights come in May.",),
        ("The weights come in June.",),
    ]


def test_a_text_that_returns_to_a_former_version_is_stored_once(newsroom: Newsroom) -> None:
    for hours, text in enumerate(["May.", "June.", "May."]):
        newsroom.run(report("lumen", text=text), now=NOW + hours * HOUR)
    assert newsroom.rows("SELECT text FROM articles") == [("May.",)]
    assert newsroom.rows("SELECT count(*) FROM article_texts") == [(2,)]


def test_a_failed_second_reading_does_not_cost_the_text(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", mention(), text="The whole text."))
    newsroom.run(report("lumen", text="Summary.", without_text="HTTP 503"), now=NOW + HOUR)
    assert newsroom.rows("SELECT text FROM articles") == [("The whole text.",)]
    assert newsroom.rows("SELECT count(*) FROM mentions") == [(1,)]
    assert newsroom.rows("SELECT * FROM articles_without_text") == []


def test_an_article_without_text_is_a_dead_letter_until_its_text_comes(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", text="Summary.", without_text="HTTP 503"))
    assert newsroom.rows("SELECT reason FROM articles_without_text") == [("HTTP 503",)]
    newsroom.run(report("lumen", text="The whole text."), now=NOW + HOUR)
    assert newsroom.rows("SELECT count(*) FROM articles_without_text") == [(0,)]


def test_a_retry_of_an_entry_no_longer_listed_keeps_what_is_known(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", mention(), text="Summary.", without_text="HTTP 503"))
    bare = replace(
        article("lumen", text="", without_text="HTTP 404"), title="", published_at=None, attempts=2
    )
    newsroom.run((bare, []), now=NOW + HOUR)
    assert newsroom.rows("SELECT title, text, published_at FROM articles") == [
        ("Lumen", "Summary.", NOW - HOUR)
    ]
    assert newsroom.rows("SELECT reason, attempts FROM articles_without_text") == [("HTTP 404", 2)]
    assert newsroom.rows("SELECT count(*) FROM mentions") == [(1,)]
    assert newsroom.rows("SELECT entry_hash FROM article_facts") == [
        (article("lumen", text="Summary.").entry_hash,)
    ]


def test_an_article_twice_in_one_batch_is_stored_once(newsroom: Newsroom) -> None:
    newsroom.run(
        report("lumen", text="Summary.", without_text="HTTP 503"), report("lumen", text="The whole text.")
    )
    assert newsroom.rows("SELECT text FROM articles") == [("The whole text.",)]


def test_mentions_of_an_article_read_again_are_replaced(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", mention(), mention(artefact="Ember 1")))
    newsroom.run(report("lumen", mention(stage="announced")), now=NOW + HOUR)
    assert newsroom.rows("SELECT artefact, stage FROM mentions") == [("Lumen 2", "announced")]
    assert newsroom.rows("SELECT artefact, stage FROM shifts") == [("Lumen 2", "announced")]


def test_articles_tagged_again_keep_their_text_and_get_other_mentions(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", mention()))
    again = report("lumen", mention(kind="code", rule="code.published"))
    newsroom.run(again, now=NOW + DAY, kind="reread", retagged=[again[0].article_id])
    assert newsroom.rows("SELECT rule FROM mentions") == [("code.published",)]
    assert newsroom.rows("SELECT kind FROM shifts") == [("code",)]
    assert newsroom.rows("SELECT first_seen_at, updated_at FROM articles") == [(NOW, None)]


def test_null_events_are_replaced_with_the_article(newsroom: Newsroom) -> None:
    found = article("price-cut")
    for hours, reason in enumerate(["price", "free-tier"]):
        null = NullEvent(id=reason, evidence="Cheaper now.", start=0, end=12, where="text")
        newsroom.run((found, []), now=NOW + hours * HOUR, nulls=[(found.article_id, null)])
    assert newsroom.rows('SELECT id, evidence, start, "end" FROM null_events') == [
        ("free-tier", "Cheaper now.", 0, 12)
    ]


def test_a_better_source_of_one_article_takes_it_over(newsroom: Newsroom) -> None:
    own = article("lumen", source="corvane-blog")
    aggregated = replace(own, source="tinkerers", tier="community")
    for hours, version in enumerate([aggregated, own, aggregated]):
        newsroom.run((version, []), now=NOW + hours * HOUR)
    assert newsroom.rows("SELECT source, tier FROM articles") == [("corvane-blog", "official")]


def test_text_that_utf8_cannot_hold_is_stored_with_its_offsets(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", text="half \ud83d and nul \0 here"))
    assert newsroom.rows("SELECT text FROM articles") == [("half \ufffd and nul \ufffd here",)]


def test_hostile_text_is_only_text(newsroom: Newsroom) -> None:
    title = "Robert'); DROP TABLE articles;-- \u202e <img onerror=x>"
    newsroom.run(report("bobby", mention(artefact="x'; DELETE FROM mentions; --"), title=title))
    assert newsroom.rows("SELECT title FROM articles") == [(title,)]
    assert newsroom.rows("SELECT artefact FROM shifts") == [("x'; DELETE FROM mentions; --",)]


def test_what_polling_must_remember_is_stored_with_the_entries(newsroom: Newsroom) -> None:
    assert newsroom.rows("SELECT count(*), min(state ->> 'etag') FROM address_states") == [(6, 'W/"é"')]


def test_a_damaged_folder_is_set_aside_with_its_reason_and_the_rest_is_loaded(newsroom: Newsroom) -> None:
    damaged = newsroom.stage(report("damaged", mention()), now=NOW)
    newsroom.stage(report("whole", mention(artefact="Ember 1")), now=NOW + HOUR)
    parquet = damaged / "mentions.parquet"
    parquet.write_bytes(parquet.read_bytes()[:-10])
    loaded = newsroom.load(now=NOW + HOUR)
    assert loaded.runs == 1
    assert loaded.set_aside == (f"{damaged.name}.broken: mentions.parquet is not as it was written",)
    aside = newsroom.staged / f"{damaged.name}.broken"
    assert (aside / "reason.txt").read_text() == "mentions.parquet is not as it was written\n"
    assert newsroom.rows("SELECT folder, reason FROM load_failures") == [
        (aside.name, "mentions.parquet is not as it was written")
    ]
    assert newsroom.load() == LoadReport()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda folder: (folder / "run.json").unlink(), "FileNotFoundError"),
        (lambda folder: (folder / "run.json").write_text("{"), "JSONDecodeError"),
        (lambda folder: (folder / "run.json").write_text("[]"), "TypeError"),
        (lambda folder: (folder / "run.json").write_text('{"format": 99}'), "format 99"),
        (lambda folder: (folder / "fetches.parquet").unlink(), "FileNotFoundError"),
        (lambda folder: (folder / "fetches.parquet").write_bytes(b""), "is not as it was written"),
    ],
)
def test_no_damage_stops_the_load(newsroom: Newsroom, damage: object, reason: str) -> None:
    folder = newsroom.stage(report("damaged"))
    assert callable(damage)
    damage(folder)
    (line,) = newsroom.load().set_aside
    assert reason in line


def test_a_row_the_tables_refuse_sets_its_folder_aside(newsroom: Newsroom) -> None:
    newsroom.stage(report("odd", mention(confidence=7.0)))
    (line,) = newsroom.load().set_aside
    assert "CHECK constraint" in line
    assert newsroom.rows("SELECT count(*) FROM articles") == [(0,)]


def test_a_failing_check_stores_nothing_and_keeps_the_staged_rows(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", mention()))
    with newsroom.open() as warehouse:
        warehouse.connection.execute("DELETE FROM article_texts")
    folder = newsroom.stage(report("ember", mention(artefact="Ember 1")), now=NOW + HOUR)
    with pytest.raises(StorageError, match=r"checks/every_article_has_its_text\.sql found"):
        newsroom.load(now=NOW + HOUR)
    assert staged_folders(newsroom.staged) == [folder]
    assert newsroom.rows("SELECT count(*) FROM article_facts") == [(1,)]


def test_nothing_staged_makes_no_warehouse(tmp_path: Path) -> None:
    empty = Newsroom(tmp_path)
    assert empty.load() == LoadReport()
    assert not empty.path.exists()


def test_what_a_killed_run_left_half_staged_is_swept_away_after_a_day(newsroom: Newsroom) -> None:
    left = newsroom.staged / ".partial-20260302T090000000000Z-killed"
    left.mkdir()
    written = left.stat().st_mtime
    newsroom.load(now=NOW.fromtimestamp(written, NOW.tzinfo) + HOUR)
    assert left.exists()
    newsroom.load(now=NOW.fromtimestamp(written, NOW.tzinfo) + DAY + HOUR)
    assert not left.exists()
