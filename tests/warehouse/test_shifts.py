"""Shifts as rows: the best report, names that last, and rebuilding."""

from __future__ import annotations

import random
from datetime import date, datetime

import pytest

from tests.warehouse.newsroom import DAY, HOUR, NOW, Newsroom, Report, mention, report
from warehouse.shifts import rebuild_shifts
from warehouse.statements import transaction

AGENCY = " ".join(f"Corvane put part {number} of its weights on a server." for number in range(20))
STAGES = "SELECT step, stage, previous_stage, due, headline FROM shift_stages ORDER BY step"
EVERYTHING = tuple(f"FROM {table} ORDER BY ALL" for table in ("shifts", "shift_stages", "shift_sources"))


def test_one_story_of_five_outlets_is_one_shift_that_names_the_best(newsroom: Newsroom) -> None:
    outlets = ["tinkerers", "policy-desk", "halden-post", "wire-nine", "corvane-blog"]
    newsroom.run(
        *(
            report(
                f"lumen-{outlet}",
                mention(evidence=f"{outlet} says so."),
                source=outlet,
                published=NOW - (5 - number) * HOUR,
            )
            for number, outlet in enumerate(outlets)
        )
    )
    assert newsroom.rows("""
        SELECT articles, outlets, official, headline, evidence, url, source, first_seen_at, last_seen_at
        FROM shifts
    """) == [
        (
            5,
            5,
            True,
            "Lumen corvane blog",
            "corvane-blog says so.",
            "https://corvane-blog.example/lumen-corvane-blog",
            "corvane-blog",
            NOW - 5 * HOUR,
            NOW - HOUR,
        )
    ]


def test_press_goes_before_policy_and_the_earliest_among_equals(newsroom: Newsroom) -> None:
    newsroom.run(
        report("first", mention(), source="policy-desk", published=NOW - 9 * HOUR),
        report("third", mention(), source="wire-nine", published=NOW - 2 * HOUR),
        report("second", mention(), source="halden-post", published=NOW - 3 * HOUR),
    )
    assert newsroom.rows("SELECT headline, official FROM shifts") == [("Second", False)]


def test_the_blog_of_another_organisation_is_not_official(newsroom: Newsroom) -> None:
    newsroom.run(report("about-others", mention(actor="Tessel Labs"), source="corvane-blog"))
    assert newsroom.rows("SELECT official FROM shifts") == [(False,)]


def test_syndicated_copies_count_as_one_outlet(newsroom: Newsroom) -> None:
    newsroom.run(
        report("lumen", mention(), source="halden-post", text=AGENCY),
        report("lumen", mention(), source="wire-nine", text=AGENCY + " (Wire Nine)"),
        report("lumen", mention(), source="seoul-signal"),
    )
    assert newsroom.rows("SELECT articles, outlets FROM shifts") == [(3, 2)]


def test_background_makes_no_shift(newsroom: Newsroom) -> None:
    loaded = newsroom.run(report("lumen", mention(current=False)))
    assert (loaded.mentions, loaded.shifts_new) == (1, 0)
    assert newsroom.rows("SELECT count(*) FROM shifts") == [(0,)]
    assert newsroom.rows("SELECT shift_id FROM mentions") == [(None,)]


def test_background_moves_no_shift(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", mention(stage="announced")))
    loaded = newsroom.run(
        report("looking-back", mention(stage="done", current=False), published=NOW), now=NOW + DAY
    )
    assert loaded.shifts_advanced == 0
    assert newsroom.rows("SELECT stage, articles FROM shifts") == [("announced", 1)]


def test_a_promise_and_its_keeping_in_two_runs_are_one_shift_of_two_stages(newsroom: Newsroom) -> None:
    newsroom.run(report("promise", mention(stage="announced", due=date(2026, 3, 9), licence="MIT", level=6)))
    loaded = newsroom.run(
        report("kept", mention(stage="done", licence="MIT", level=6), published=NOW + 6 * DAY),
        now=NOW + 7 * DAY,
    )
    assert (loaded.shifts_new, loaded.shifts_advanced) == (0, 1)
    assert newsroom.rows(STAGES) == [
        (1, "announced", None, date(2026, 3, 9), "Promise"),
        (2, "done", "announced", None, "Kept"),
    ]
    assert newsroom.rows("SELECT stage, due, licence_to, level_to, headline, stage_since FROM shifts") == [
        ("done", date(2026, 3, 9), "MIT", 6, "Kept", NOW + 6 * DAY)
    ]


def test_a_shift_outlives_the_withdrawal_of_its_first_report(newsroom: Newsroom) -> None:
    newsroom.run(report("first", mention()))
    newsroom.run(report("second", mention(), published=NOW), now=NOW + HOUR)
    ((former,),) = newsroom.rows("SELECT shift_id FROM shifts")
    newsroom.run(report("first", text="A correction: it was not so."), now=NOW + DAY)
    ((today, articles),) = newsroom.rows("SELECT shift_id, articles FROM shifts")
    assert articles == 1
    assert newsroom.rows("SELECT alias, shift_id FROM shift_aliases") == [(former, today)]


def test_a_former_id_of_a_former_id_leads_to_todays(newsroom: Newsroom) -> None:
    names = ["first", "second", "third"]
    for hours, name in enumerate(names):
        newsroom.run(report(name, mention(), published=NOW), now=NOW + hours * HOUR)
    for days, name in enumerate(names[:2], start=1):
        newsroom.run(report(name, text="Withdrawn."), now=NOW + days * DAY)
    assert newsroom.rows("SELECT count(*) FROM shift_aliases ANTI JOIN shifts USING (shift_id)") == [(0,)]
    assert newsroom.rows("SELECT count(*) FROM shift_aliases") == [(2,)]


def test_a_shift_nobody_reports_any_more_is_gone(newsroom: Newsroom) -> None:
    newsroom.run(report("only", mention()))
    newsroom.run(report("only", text="Withdrawn."), now=NOW + HOUR)
    assert newsroom.rows("SELECT count(*) FROM shifts") == [(0,)]
    assert newsroom.rows("SELECT count(*) FROM shift_stages") == [(0,)]


def test_rebuilding_gives_the_same_shifts_with_the_same_ids(newsroom: Newsroom) -> None:
    artefacts = ["Lumen 2", "Ember 1", "its next model", ""]
    for day in range(12):
        newsroom.run(
            *(
                report(
                    f"report-{day}-{number}",
                    mention(
                        actor="Corvane" if number % 3 else "Tessel Labs",
                        artefact=artefacts[(day + number) % 4],
                        stage=("announced", "delayed", "done", "rumoured")[(day * number) % 4],
                        kind=("weights", "strategy", "code")[(day + number) % 3],
                        direction=("opening", "closing")[number % 2],
                    ),
                    # Some are older than what was read before them.
                    published=NOW + (day - 3 * (number % 3)) * 9 * DAY,
                )
                for number in range(4)
            ),
            now=NOW + day * 9 * DAY,
        )
    before = [newsroom.rows(query) for query in EVERYTHING]
    assert len(before[0]) > 10
    with newsroom.open() as warehouse:
        connection = warehouse.connection
        with transaction(connection):
            connection.execute("DELETE FROM shifts")
            connection.execute("DELETE FROM shift_stages")
            connection.execute("DELETE FROM shift_sources")
            rebuild_shifts(connection, now=NOW)
    assert [newsroom.rows(query) for query in EVERYTHING] == before


@pytest.mark.parametrize(("seed", "gap"), [(1, 6), (2, 25), (3, 60)])
def test_loading_run_by_run_gives_what_rebuilding_gives_whatever_is_edited(
    newsroom: Newsroom, seed: int, gap: int
) -> None:
    randomness = random.Random(seed)
    published: dict[int, datetime] = {}

    def reread(number: int, now: datetime) -> Report:
        """An article as it is read now: most were published since the last pass, some long before."""
        told = [
            mention(
                artefact=randomness.choice(["Lumen 2", "Lumen", "Ember 1", "its next model", ""]),
                stage=randomness.choice(["announced", "delayed", "done", "rumoured", "denied"]),
                kind=randomness.choice(["weights", "licence", "strategy"]),
                due=randomness.choice([None, None, (now + 90 * DAY).date()]),
                current=randomness.random() < 0.9,
                confidence=randomness.choice([0.3, 0.9]),
            )
            for _ in range(randomness.randrange(3))
        ]
        source = ("corvane-blog", "halden-post", "wire-nine")[number % 3]
        at = published.setdefault(number, now - randomness.choice([1, 1, 1, 5, 40]) * gap / 6 * DAY)
        return report(f"story-{number}", *told, source=source, published=at, text=f"As of {now}")

    for day in range(10):
        now = NOW + day * gap * DAY
        numbers = [*range(day * 4, day * 4 + 4), randomness.randrange(day * 4 + 4)]
        newsroom.run(*(reread(number, now) for number in sorted(set(numbers))), now=now)
    before = [newsroom.rows(query) for query in EVERYTHING]
    assert len(before[0]) > 3
    with newsroom.open() as warehouse, transaction(warehouse.connection):
        rebuild_shifts(warehouse.connection, now=NOW)
    assert [newsroom.rows(query) for query in EVERYTHING] == before


def test_shifts_made_by_other_rules_of_joining_are_made_anew_and_not_told(newsroom: Newsroom) -> None:
    newsroom.run(report("lumen", mention()))
    expected = [newsroom.rows(query) for query in EVERYTHING]
    with newsroom.open() as warehouse:
        warehouse.connection.execute("UPDATE bundled_files SET sha256 = 'other' WHERE folder = 'stories'")
        warehouse.connection.execute("UPDATE shifts SET kind = 'data'")
    assert newsroom.run(now=NOW + HOUR).alerts_queued == 0
    assert [newsroom.rows(query) for query in EVERYTHING] == expected


def test_a_shift_that_other_rules_of_joining_rename_keeps_its_sources_and_its_former_id(
    newsroom: Newsroom,
) -> None:
    newsroom.run(report("lumen", mention()))
    expected = [newsroom.rows(query) for query in EVERYTHING]
    (today,) = newsroom.rows("SELECT shift_id FROM shifts")[0]
    with newsroom.open() as warehouse:
        for table in ("shifts", "shift_stages", "shift_sources", "mentions"):
            warehouse.connection.execute(f"UPDATE {table} SET shift_id = 'former'")
        warehouse.connection.execute("UPDATE bundled_files SET sha256 = 'other' WHERE folder = 'stories'")
    newsroom.run(now=NOW + HOUR)
    assert [newsroom.rows(query) for query in EVERYTHING] == expected
    assert newsroom.rows("SELECT alias, shift_id FROM shift_aliases") == [("former", today)]


def test_an_undated_report_is_of_the_time_it_was_fetched(newsroom: Newsroom) -> None:
    newsroom.run(report("undated", mention(), published=None))
    assert newsroom.rows("SELECT first_seen_at FROM shifts") == [(NOW,)]


def test_a_date_in_the_future_is_of_the_time_it_was_fetched(newsroom: Newsroom) -> None:
    newsroom.run(report("clock-is-wrong", mention(), published=NOW + 90 * DAY))
    assert newsroom.rows("SELECT first_seen_at FROM shifts") == [(NOW,)]
