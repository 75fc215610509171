"""The newsroom's stories hold all that the demonstration is to show, with the expected reading beside."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import get_args

import pytest

from extractors.openness.rulebook import load_null_ids
from extractors.records import Direction, Kind, Stage
from flows.demo.publishers import PUBLISHERS
from flows.demo.story_files import DAYS, ExpectedEvent, Story, expected, stories_on

DAY_ONE, DAY_TWO = stories_on(1), stories_on(2)
NULLS = load_null_ids()
ELSEWHERE = {"comparison", "outage", "trend"}
"""Classes of null events that no story of the newsroom is about; tests/labelled holds passages of them."""

# Organisations that exist. They may be looked back on, with facts on record; nothing is invented about them.
REAL_ORGANISATIONS = re.compile(
    r"\b(OpenAI|Anthropic|Google|DeepMind|Meta|Mistral|DeepSeek|Alibaba|Qwen|Microsoft|NVIDIA|Nvidia|xAI"
    r"|Apple|Amazon|Moonshot|Zhipu|MiniMax|Tencent|Baidu|Naver|Kakao|Samsung|LG|IBM|Cohere|Stability|EleutherAI"
    r"|Hugging Face|Windsurf|Databricks|Snowflake|HashiCorp)\b"
)


def story(name: str, stories: tuple[Story, ...] = DAY_TWO) -> Story:
    """The story at `<publisher>/<slug>`."""
    return next(story for story in stories if f"{story.publisher.id}/{story.slug}" == name)


def event(name: str, stories: tuple[Story, ...] = DAY_TWO) -> ExpectedEvent:
    return story(name, stories).expected.events[0]


def current_events() -> list[ExpectedEvent]:
    return [event for story in DAY_TWO for event in story.expected.events if event.current]


def test_there_are_enough_publishers_and_articles() -> None:
    publishing = {story.publisher.id for story in DAY_TWO}
    assert len(publishing) >= 10
    assert len(DAY_TWO) >= 70
    assert len(DAY_ONE) >= 40
    assert len(DAY_TWO) - len(DAY_ONE) >= 25


def test_the_feeds_go_back_for_weeks() -> None:
    older = [story for story in DAY_ONE if (DAYS[1] - story.published).days >= 7]
    assert len(older) >= 10


def test_feeds_come_in_four_formats_and_one_publisher_has_none() -> None:
    assert {publisher.feed for publisher in PUBLISHERS} == {"rss", "atom", "json", "rdf", None}


def test_korean_and_chinese_are_spoken() -> None:
    languages = Counter(story.publisher.language for story in DAY_TWO)
    assert languages["ko"] >= 5
    assert languages["zh"] >= 5


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_is_reported(kind: Kind) -> None:
    assert kind in {event.kind for event in current_events()}


@pytest.mark.parametrize("direction", get_args(Direction))
def test_every_direction_is_reported(direction: Direction) -> None:
    assert direction in {event.direction for event in current_events()}


@pytest.mark.parametrize("stage", get_args(Stage))
def test_every_stage_is_reported(stage: Stage) -> None:
    assert stage in {event.stage for event in current_events()}


@pytest.mark.parametrize("kind", ["weights", "code", "data", "licence", "access", "strategy", "policy"])
def test_every_kind_opens_and_closes(kind: Kind) -> None:
    assert {event.direction for event in current_events() if event.kind == kind} >= {"opening", "closing"}


@pytest.mark.parametrize("null", sorted(NULLS["classes"].keys() - ELSEWHERE))
def test_everything_that_is_no_shift_is_there(null: str) -> None:
    assert null in {null for story in DAY_TWO for null in story.expected.nulls}


def test_many_articles_report_no_shift() -> None:
    without = [story for story in DAY_TWO if story.expected.label != "shift"]
    assert len(without) >= 25
    assert not [story.slug for story in without if any(event.current for event in story.expected.events)]


def test_an_article_labelled_shift_reports_one_as_news() -> None:
    labelled = [story for story in DAY_TWO if story.expected.label == "shift"]
    assert not [s.slug for s in labelled if not any(event.current for event in s.expected.events)]


def test_the_reading_uses_known_words_only() -> None:
    for event in (event for story in DAY_TWO for event in story.expected.events):
        assert event.kind in get_args(Kind)
        assert event.direction in get_args(Direction)
        assert event.stage in get_args(Stage)
    assert {null for story in DAY_TWO for null in story.expected.nulls} <= {
        **NULLS["classes"],
        **NULLS["further"],
    }.keys()


def test_whoever_acts_and_what_is_named_in_the_article() -> None:
    for one in DAY_ONE + DAY_TWO:
        printed = " ".join((one.publisher.name, one.author, one.title, *one.paragraphs))
        for event in one.expected.events:
            assert event.actor.split()[0] in printed, one.slug
            assert not event.current or event.artefact in printed, one.slug


def test_no_real_organisation_does_anything_invented() -> None:
    assert not [event for event in current_events() if REAL_ORGANISATIONS.search(event.actor)]
    for one in DAY_TWO:
        if REAL_ORGANISATIONS.search(" ".join((one.title, *one.paragraphs))):
            assert any(not event.current for event in one.expected.events), one.slug


def test_articles_have_the_length_of_news() -> None:
    for one in DAY_TWO:
        if one.publisher.language == "en" and not one.gone:
            assert 120 <= sum(len(paragraph.split()) for paragraph in one.paragraphs) <= 400, one.slug


def test_a_promise_of_day_one_is_kept_on_day_two() -> None:
    promised = event("arnor-labs/gondor-7b-this-week", DAY_ONE)
    kept = event("arnor-labs/gondor-7b-is-here")
    assert (promised.stage, promised.due, kept.stage) == ("announced", date(2026, 3, 13), "done")
    assert (promised.actor, promised.artefact, promised.licence_to) == (
        kept.actor,
        kept.artefact,
        kept.licence_to,
    )


def test_a_promise_is_delayed_to_a_new_date() -> None:
    promised = event("vestra/tern-2-by-mid-march", DAY_ONE)
    delayed = event("vestra/tern-2-new-date")
    assert (promised.stage, promised.due) == ("announced", date(2026, 3, 15))
    assert (delayed.stage, delayed.due) == ("delayed", date(2026, 4, 30))
    assert promised.artefact == delayed.artefact


def test_one_story_is_carried_by_five_outlets_in_three_languages() -> None:
    carried = [story for story in DAY_ONE if story.story == "jinghu-72b-weights"]
    assert len({story.publisher.id for story in carried}) == 5
    assert {story.publisher.language for story in carried} == {"en", "ko", "zh"}
    assert len({story.title for story in carried}) == 5
    assert len({story.expected for story in carried}) == 1


def test_two_of_the_five_are_copies_of_one_agency_report() -> None:
    carried = [story for story in DAY_ONE if story.story == "jinghu-72b-weights"]
    leads = Counter(story.paragraphs[0] for story in carried)
    assert sorted(leads.values()) == [1, 1, 1, 2]


def test_an_error_in_the_licence_is_corrected_on_day_two() -> None:
    printed = story("halden-post/vestra-gives-away-tern-mini", DAY_ONE)
    corrected = story("halden-post/vestra-gives-away-tern-mini")
    assert printed.url == corrected.url
    assert printed.expected.events[0].licence_to == "MIT"
    assert corrected.expected.events[0].licence_to == "CC-BY-NC-4.0"
    assert corrected.updated > printed.updated == printed.published


def test_the_corrected_licence_is_that_of_the_official_page() -> None:
    assert (
        event("halden-post/vestra-gives-away-tern-mini").licence_to
        == event("vestra/tern-mini-for-research").licence_to
    )


def test_a_government_compels_a_company() -> None:
    assert [event.compelled_by for event in current_events() if event.compelled_by] == [
        "Kestrian Ministry of Trade"
    ]


def test_a_joint_letter_has_four_actors() -> None:
    events = story("merrow-daily/joint-letter-on-open-models").expected.events
    assert len({event.actor for event in events}) == 4


def test_one_article_tells_of_two_models_and_two_directions() -> None:
    events = story("merrow-daily/moosbach-erle-3-in-erle-1-out").expected.events
    news = [(event.artefact, event.direction) for event in events if event.current]
    assert news == [
        ("Erle 3", "opening"),
        ("Erle 1", "closing"),
    ]


def test_lookalikes_of_known_licences_are_not_taken_for_them() -> None:
    assert event("arnor-labs/gondor-70b-modified-mit").licence_to == "Modified MIT"
    assert event("latent-beat/canvas-lite-apache-style").licence_to == "Canvas Lite Licence"


def test_the_reading_of_an_article_is_found_by_its_url() -> None:
    readings = expected(1)
    one = story("tideline/arnor-sets-itself-a-deadline", DAY_ONE)
    assert readings[one.url] == one.expected
    assert len(readings) == len([story for story in DAY_ONE if not story.gone])
