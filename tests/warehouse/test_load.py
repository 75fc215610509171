"""Loading staged runs."""

from __future__ import annotations

from tests.warehouse.newsroom import Newsroom, mention, report


def test_a_run_is_stored(newsroom: Newsroom) -> None:
    loaded = newsroom.run(report("lumen-weights", mention()))
    assert (loaded.runs, loaded.articles_new, loaded.mentions, loaded.shifts_new, loaded.alerts_queued) == (
        1,
        1,
        1,
        1,
        1,
    )
    assert newsroom.rows("SELECT title, text, source FROM articles") == [
        (
            "Lumen weights",
            "lumen-weights: a report of its own, written by halden-post and by nobody else.",
            "halden-post",
        )
    ]
