"""Joining reports to stories: pure, so that these tests need no warehouse."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.records import Kind, Stage
from warehouse.life_cycle import ALLOWED
from warehouse.stories import Report, Story, is_vague, join_stories

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def told(day: float, stage: Stage = "done", artefact: str = "Lumen 2", **fields: Any) -> Report:
    """A report published so many days after the start, and seen at once."""
    at = START + timedelta(days=day)
    values: dict[str, Any] = {
        "article_id": f"article-{day:08.3f}-{fields.get('source', 'halden-post')}",
        "positions": (0,),
        "actor": "Corvane",
        "artefact": artefact,
        "family": artefact.lower().replace(" ", "-"),
        "kind": "weights",
        "direction": "opening",
        "stage": stage,
        "due": None,
        "licence_from": None,
        "licence_to": None,
        "level_from": None,
        "level_to": None,
        "territory": None,
        "compelled_by": None,
        "confidence": 0.9,
        "evidence": "Corvane has published the weights.",
        "at": at,
        "arrived": at,
        "source": "halden-post",
        "rank": 1,
        "title": "Corvane opens Lumen 2",
        "url": "https://halden-post.example/lumen-2",
    }
    return Report(**{**values, **fields})


def stages(story: Story) -> list[Stage]:
    """The life cycle of a story."""
    return [step.stage for step in story.steps]


def only(reports: list[Report]) -> Story:
    """The one story the reports make."""
    (story,) = join_stories(reports)
    return story


def test_one_release_reported_by_five_outlets_is_one_story() -> None:
    outlets = ["corvane-blog", "halden-post", "wire-nine", "seoul-signal", "tinkerers"]
    story = only([told(number / 4, source=outlet) for number, outlet in enumerate(outlets)])
    assert len(story.reports) == 5
    assert stages(story) == ["done"]


def test_two_sizes_that_come_out_together_are_one_story() -> None:
    story = only(
        [told(0, artefact="Lumen-7B", family="lumen"), told(1, artefact="Lumen-70B", family="lumen")]
    )
    assert story.sizes == {"7b", "70b"}


def test_two_sizes_that_come_out_apart_are_two_stories() -> None:
    seven, seventy = join_stories(
        [
            told(0, artefact="Lumen-7B", family="lumen"),
            told(10, artefact="Lumen-70B", family="lumen"),
            told(11, artefact="Lumen-7B", family="lumen"),
            told(12, artefact="Lumen-70B-Chat", family="lumen"),
        ]
    )
    assert [report.artefact for report in seven.reports] == ["Lumen-7B", "Lumen-7B"]
    assert [report.artefact for report in seventy.reports] == ["Lumen-70B", "Lumen-70B-Chat"]


def test_another_size_does_not_keep_a_promise() -> None:
    promised, done = join_stories(
        [
            told(0, "announced", "Lumen-70B", family="lumen"),
            told(1, "done", "Lumen-7B", family="lumen"),
        ]
    )
    assert (stages(promised), stages(done)) == (["announced"], ["done"])


def test_a_later_report_of_a_size_named_beside_the_first_is_no_new_story() -> None:
    both = "Corvane has published the weights of Lumen-7B and Lumen-70B."
    only(
        [
            told(0, artefact="Lumen-7B", family="lumen", evidence=both),
            told(9, artefact="Lumen-70B", family="lumen"),
        ]
    )


def test_a_size_promised_beside_one_that_is_out_is_a_story_of_its_own() -> None:
    title = "Corvane opens Lumen-7B; Lumen-70B to follow"
    stories = join_stories(
        [
            told(0, artefact="Lumen-7B", family="lumen", title=title),
            told(0, "announced", "Lumen-70B", family="lumen", title=title, positions=(1,)),
        ]
    )
    assert sorted((story.stage, *story.sizes) for story in stories) == [("announced", "70b"), ("done", "7b")]


def test_a_report_that_names_no_size_continues_the_release_of_any() -> None:
    only([told(0, artefact="Lumen-7B", family="lumen"), told(9, artefact="Lumen", family="lumen")])


def test_an_announcement_put_off_twice_and_kept_is_one_story_of_four_stages() -> None:
    story = only(
        [
            told(0, "announced", "open-weight model"),
            told(71, "delayed", "open-weight model"),
            told(102, "delayed", "open weights model"),
            told(127, "done", "Lumen OSS"),
        ]
    )
    assert stages(story) == ["announced", "delayed", "delayed", "done"]
    assert [step.occurrence for step in story.steps] == [1, 1, 2, 1]
    assert story.family == "lumen-oss"


def test_follow_ups_of_one_delay_are_not_another_delay() -> None:
    story = only([told(0, "announced"), told(20, "delayed"), told(21, "delayed"), told(30, "delayed")])
    assert stages(story) == ["announced", "delayed"]


def test_a_delay_to_a_later_date_is_another_delay() -> None:
    story = only(
        [
            told(0, "announced", due=date(2026, 4, 1)),
            told(20, "delayed", due=date(2026, 5, 1)),
            told(29, "delayed", due=date(2026, 6, 1)),
        ]
    )
    assert stages(story) == ["announced", "delayed", "delayed"]


def test_a_promise_about_a_named_artefact_waits_for_its_keeping_without_limit() -> None:
    assert stages(only([told(0, "announced"), told(400, "done")])) == ["announced", "done"]


def test_a_late_outlet_that_retells_the_announcement_moves_nothing_back() -> None:
    story = only([told(0, "announced"), told(5, "done"), told(6, "announced", source="tinkerers")])
    assert stages(story) == ["announced", "done"]
    assert len(story.reports) == 3


def test_nothing_follows_done() -> None:
    assert stages(only([told(0, "done"), told(3, "delayed"), told(4, "denied")])) == ["done"]


def test_a_withdrawal_is_a_story_of_its_own() -> None:
    stories = join_stories([told(0, "done"), told(10, "done", direction="closing")])
    assert [story.reports[0].direction for story in stories] == ["opening", "closing"]


def test_a_denial_takes_back_an_announcement_and_may_be_followed_by_the_release() -> None:
    story = only([told(0, "announced"), told(10, "denied"), told(11, "announced"), told(40, "done")])
    assert stages(story) == ["announced", "denied", "done"]


def test_a_rumour_becomes_an_announcement() -> None:
    assert stages(only([told(0, "rumoured"), told(9, "signalled"), told(20, "announced")])) == [
        "rumoured",
        "signalled",
        "announced",
    ]


def test_the_same_news_after_a_long_silence_is_another_story() -> None:
    assert len(join_stories([told(0, "done"), told(46, "done")])) == 2
    assert len(join_stories([told(0, "done"), told(44, "done")])) == 1


def test_api_access_does_not_keep_the_promise_of_weights() -> None:
    stories = join_stories([told(0, "done", kind="access"), told(0.1, "announced"), told(11, "done")])
    assert [(story.kind, stages(story)) for story in stories] == [
        ("access", ["done"]),
        ("weights", ["announced", "done"]),
    ]


def test_weights_code_and_data_released_together_are_one_story_of_the_strongest_kind() -> None:
    story = only([told(0, kind="data"), told(1, kind="code"), told(2, kind="weights"), told(9, kind="code")])
    assert story.kind == "weights"


def test_a_new_licence_weeks_after_the_release_is_another_story() -> None:
    stories = join_stories([told(0), told(20, kind="licence", licence_to="MIT")])
    assert [story.kind for story in stories] == ["weights", "licence"]


def test_general_lines_two_weeks_apart_are_two_stories() -> None:
    def pledge(day: float) -> Report:
        return told(day, "announced", "", kind="strategy")

    assert len(join_stories([pledge(0), pledge(15)])) == 2
    assert len(join_stories([pledge(0), pledge(13)])) == 1


def test_a_report_naming_no_artefact_joins_the_only_story_it_fits() -> None:
    story = only([told(0, "done"), told(1, "done", "a new open-weight model", source="tinkerers")])
    assert story.family == "lumen-2"


def test_a_report_naming_no_artefact_joins_none_when_two_fit() -> None:
    reports = [told(0, "done", "Lumen 2"), told(0.2, "done", "Ember 1"), told(1, "done", "its models")]
    assert len(join_stories(reports)) == 3


def test_a_vague_promise_does_not_take_a_release_that_came_before_it() -> None:
    stories = join_stories([told(0, "done"), told(60, "announced", "its next model")])
    assert len(stories) == 2


def test_a_report_naming_only_the_line_joins_the_story_of_its_member() -> None:
    story = only([told(0, artefact="Lumen 2.5"), told(0.5, artefact="Lumen", source="tinkerers")])
    assert story.family == "lumen-2.5"


def test_a_story_about_a_line_takes_the_name_of_the_member_that_follows() -> None:
    story = only([told(0, artefact="Lumen"), told(0.5, artefact="Lumen-2", source="tinkerers")])
    assert (story.family, story.name) == ("lumen-2", "Lumen-2")
    assert len(only([*story.reports, told(9, artefact="Lumen-2", source="wire-nine")]).reports) == 3


def test_a_promise_about_a_line_is_kept_by_a_member() -> None:
    story = only([told(0, "announced", "Lumen"), told(20, "done", "Lumen 2")])
    assert stages(story) == ["announced", "done"]


def test_a_report_naming_only_the_line_joins_none_when_two_members_fit() -> None:
    reports = [told(0, artefact="Lumen 2"), told(0.1, artefact="Lumen 3"), told(1, artefact="Lumen")]
    assert len(join_stories(reports)) == 3


def test_versions_of_one_line_are_stories_of_their_own() -> None:
    assert len(join_stories([told(0, artefact="Lumen 2"), told(0.1, artefact="Lumen 2 Mini")])) == 2
    assert len(join_stories([told(0, artefact="Lumen 2"), told(0.1, artefact="Lumen 3")])) == 2


def test_a_line_named_days_later_is_a_story_of_its_own() -> None:
    assert len(join_stories([told(0, artefact="Lumen 2"), told(4, artefact="Lumen")])) == 2


def test_different_organisations_never_share_a_story() -> None:
    assert len(join_stories([told(0), told(0.1, actor="Tessel Labs")])) == 2


@pytest.mark.parametrize(
    "artefact",
    ["", "model", "open-weight model", "Its first open-source AI model", "开源模型", "오픈 웨이트 모델"],
)
def test_common_words_name_no_artefact(artefact: str) -> None:
    assert is_vague(told(0, artefact=artefact))


@pytest.mark.parametrize("artefact", ["Lumen 2", "gpt-oss", "Newton", "통의", "Apertus 모델"])
def test_a_name_names_an_artefact(artefact: str) -> None:
    assert not is_vague(told(0, artefact=artefact))


def test_a_general_line_of_strategy_is_not_a_vague_artefact() -> None:
    assert not is_vague(told(0, artefact="", kind="strategy"))


def test_an_older_article_that_arrives_late_keeps_the_id() -> None:
    known = only([told(5, "announced")])
    late = told(0, "announced", source="tinkerers", arrived=START + timedelta(days=9))
    assert only([told(5, "announced"), late]).shift_id == known.shift_id


def test_two_stories_of_one_article_have_different_ids() -> None:
    stories = join_stories([told(0, "done", "Lumen 2"), told(0, "done", "Ember 1", positions=(1,))])
    assert len({story.shift_id for story in stories}) == 2


KINDS: tuple[Kind, ...] = ("weights", "code", "licence", "access", "strategy")
STAGES: tuple[Stage, ...] = ("rumoured", "signalled", "announced", "done", "delayed", "denied")
REPORTS = st.lists(
    st.builds(
        told,
        day=st.integers(0, 400),
        stage=st.sampled_from(STAGES),
        artefact=st.sampled_from(["Lumen 2", "Lumen", "Ember 1", "", "open model"]),
        kind=st.sampled_from(KINDS),
        source=st.sampled_from(["halden-post", "wire-nine", "tinkerers"]),
        actor=st.sampled_from(["Corvane", "Tessel Labs"]),
        due=st.sampled_from([None, date(2026, 6, 1), date(2026, 9, 1)]),
        positions=st.tuples(st.integers(0, 3)),
    ),
    max_size=25,
    unique_by=lambda report: (report.article_id, report.positions),
)


@given(REPORTS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_in_one_load_does_not_matter(
    reports: list[Report], randomness: random.Random
) -> None:
    shuffled = list(reports)
    randomness.shuffle(shuffled)
    assert join_stories(shuffled) == join_stories(reports)


@given(REPORTS)
def test_every_report_belongs_to_exactly_one_story(reports: list[Report]) -> None:
    joined = [report for story in join_stories(reports) for report in story.reports]
    assert sorted(joined, key=repr) == sorted(reports, key=repr)


@given(REPORTS)
def test_every_change_of_stage_is_allowed(reports: list[Report]) -> None:
    for story in join_stories(reports):
        for before, after in zip(story.steps, story.steps[1:], strict=False):
            assert after.stage in ALLOWED[before.stage]
            assert after.since >= before.since


@given(REPORTS)
def test_ids_are_unique(reports: list[Report]) -> None:
    ids = [story.shift_id for story in join_stories(reports)]
    assert len(ids) == len(set(ids))
