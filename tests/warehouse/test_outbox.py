"""What is told, and what is not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from extractors.records import Stage
from tests.warehouse.newsroom import DAY, HOUR, NOW, Newsroom, mention, report
from warehouse.outbox import AlertRules

ALERTS = "SELECT stage, occurrence, channel, status FROM alerts ORDER BY queued_at, stage, channel"


def test_a_new_shift_is_told_once_on_each_channel(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, rules=AlertRules(channels=("slack", "email")))
    newsroom.run(now=NOW - DAY)
    assert newsroom.run(report("lumen", mention())).alerts_queued == 2
    assert newsroom.rows(ALERTS) == [("done", 1, "email", "pending"), ("done", 1, "slack", "pending")]


def test_twelve_articles_on_one_release_are_one_alert(newsroom: Newsroom) -> None:
    for number in range(4):
        newsroom.run(
            *(
                report(f"lumen-{number}-{outlet}", mention(), source=outlet, published=NOW)
                for outlet in ("corvane-blog", "halden-post", "wire-nine")
            ),
            now=NOW + number * HOUR,
        )
    assert newsroom.rows("SELECT articles FROM shifts") == [(12,)]
    assert newsroom.rows(ALERTS) == [("done", 1, "console", "pending")]


def test_each_change_of_stage_is_told_and_a_second_delay_too(newsroom: Newsroom) -> None:
    life: list[tuple[int, Stage]] = [(0, "announced"), (20, "delayed"), (40, "delayed"), (60, "done")]
    for day, stage in life:
        newsroom.run(
            report(f"day-{day}", mention(stage=stage), published=NOW + day * DAY), now=NOW + day * DAY
        )
    assert [row[:2] for row in newsroom.rows(ALERTS)] == [
        ("announced", 1),
        ("delayed", 1),
        ("delayed", 2),
        ("done", 1),
    ]


def test_a_corrected_article_that_changes_no_stage_tells_nothing(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", mention()))
    corrected = report("lumen", mention(licence="MIT"), text="Corrected: the licence is MIT.")
    loaded = newsroom.run(corrected, now=NOW + DAY)
    assert (loaded.articles_updated, loaded.alerts_queued) == (1, 0)


def test_a_correction_that_renames_the_shift_tells_nothing(newsroom: Newsroom) -> None:
    newsroom.run(report("first", mention()), report("second", mention(), source="wire-nine"))
    newsroom.run(report("first", text="Withdrawn."), report("second", text="Withdrawn."), now=NOW + HOUR)
    newsroom.run(report("third", mention(), published=NOW), now=NOW + 2 * HOUR)
    assert newsroom.run(report("first", mention(), text="Back."), now=NOW + DAY).alerts_queued == 0


def test_old_news_is_stored_and_not_told(newsroom: Newsroom) -> None:
    loaded = newsroom.run(report("old", mention(), published=NOW - 8 * DAY))
    assert (loaded.shifts_new, loaded.alerts_queued) == (1, 0)


def test_news_of_six_days_ago_is_told(newsroom: Newsroom) -> None:
    assert newsroom.run(report("recent", mention(), published=NOW - 6 * DAY)).alerts_queued == 1


def test_the_first_import_of_a_source_tells_only_the_last_day(tmp_path: Path) -> None:
    loaded = Newsroom(tmp_path).run(
        report("fresh", mention(artefact="Ember 1"), published=NOW - 23 * HOUR),
        report("older", mention(artefact="Lumen 2"), published=NOW - 25 * HOUR),
        report("undated", mention(artefact="Onda"), published=None),
    )
    assert (loaded.shifts_new, loaded.alerts_queued) == (3, 1)


def test_a_source_that_failed_at_first_is_first_imported_when_it_answers(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path)
    newsroom.run(now=NOW - DAY, quiet_sources=True)
    assert newsroom.run(report("older", mention(), published=NOW - 3 * DAY)).alerts_queued == 0


def test_an_undated_article_of_a_known_source_is_news(newsroom: Newsroom) -> None:
    assert newsroom.run(report("undated", mention(), published=None)).alerts_queued == 1


def test_reading_again_is_not_news(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen"))
    again = report("lumen", mention())
    loaded = newsroom.run(again, now=NOW + HOUR, kind="reread", retagged=[again[0].article_id])
    assert (loaded.shifts_new, loaded.alerts_queued) == (1, 0)
    follow_up = newsroom.run(report("follow-up", mention(), published=NOW), now=NOW + DAY)
    assert follow_up.alerts_queued == 0


def test_a_doubtful_report_is_stored_and_told_when_a_sure_one_follows(newsroom: Newsroom) -> None:
    assert newsroom.run(report("doubtful", mention(confidence=0.3))).alerts_queued == 0
    sure = report("sure", mention(), published=NOW, source="wire-nine")
    assert newsroom.run(sure, now=NOW + HOUR).alerts_queued == 1


def test_of_several_stages_in_one_run_only_the_last_is_told(newsroom: Newsroom) -> None:
    newsroom.run(
        report("promise", mention(stage="announced"), published=NOW - 5 * DAY), report("kept", mention())
    )
    assert [row[0] for row in newsroom.rows(ALERTS)] == ["done"]


def test_an_announcement_that_arrives_after_the_release_is_not_told(newsroom: Newsroom) -> None:
    newsroom.run(report("kept", mention()))
    late = report("promise", mention(stage="announced"), published=NOW - 5 * DAY)
    assert newsroom.run(late, now=NOW + HOUR).alerts_queued == 0


def test_no_channels_means_no_alerts(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path, rules=AlertRules(channels=()))
    newsroom.run(now=NOW - DAY)
    assert newsroom.run(report("lumen", mention())).alerts_queued == 0


@pytest.mark.parametrize(("days_before", "status"), [(46, "suppressed"), (10, "pending")])
def test_what_the_history_has_had_for_long_is_not_told(
    newsroom: Newsroom, days_before: int, status: str
) -> None:
    happened = (NOW - timedelta(days=days_before)).date()
    with newsroom.open() as warehouse:
        warehouse.connection.execute(
            """
            INSERT INTO history BY NAME SELECT
                'T1' AS event_id, ?::DATE AS happened_on, 'Corvane' AS actor, 'Lumen 2' AS artefact,
                'lumen-2' AS family, 'weights' AS kind, 'opening' AS direction, 'done' AS stage,
                'weights published' AS what, 'confirmed' AS certainty, 'https://corvane.example' AS url
            """,
            [happened],
        )
    newsroom.run(report("lumen", mention()))
    assert newsroom.rows("SELECT status FROM alerts") == [(status,)]


def test_runs_that_waited_for_the_warehouse_are_told_as_of_their_own_time(newsroom: Newsroom) -> None:
    newsroom.stage(report("lumen", mention()))
    assert newsroom.load(now=NOW + 30 * DAY).alerts_queued == 1
