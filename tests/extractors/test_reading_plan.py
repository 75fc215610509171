"""Which entries become articles, and which pages are asked for (FETCHING 69, 74-76, 81, 86, 87)."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from extractors.addresses import canonical_url
from extractors.identity import article_id
from extractors.reading_plan import FULL_TEXT, MOST_REVISIONS
from extractors.records import Entry, FetchFailure, KnownArticle, Source
from extractors.schedule import ArticlePlan, PlannedArticle, next_page_try, plan_articles

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_source(id: str, tier: Any) -> Source:
    return Source(
        id=id,
        publisher=id,
        language="en",
        tier=tier,
        actor="Lab" if tier == "official" else None,
        addresses=(),
    )


SOURCES = {
    each.id: each
    for each in (
        a_source("paper", "press"),
        a_source("forum", "community"),
        a_source("lab", "official"),
        a_source("agency", "policy"),
    )
}


def entry(name: str = "open", **fields: Any) -> Entry:
    """An entry of The Paper."""
    url = fields.pop("url", f"https://paper.example/{name}")
    given: dict[str, Any] = {
        "source": "paper",
        "address": "https://paper.example/feed",
        "guid": None,
        "url": url,
        "canonical_url": canonical_url(url) if url else f"urn:ajar:paper:guid:{name}",
        "title": name,
        "summary": "",
        "content": "",
        "author": None,
        "published_at": NOW,
        "updated_at": None,
        "language": "en",
        "entry_hash": f"hash of {name}",
    }
    return Entry(**{**given, **fields})


def known(of: Entry, **fields: Any) -> KnownArticle:
    """The article this entry became in an earlier pass."""
    given: dict[str, Any] = {
        "article_id": article_id(of.canonical_url),
        "source": of.source,
        "guid": of.guid,
        "url": of.url or "",
        "entry_hash": of.entry_hash,
        "text_hash": "t",
        "attempts": 1,
        "retry_at": None,
        "has_text": True,
    }
    return KnownArticle(**{**given, **fields})


def plan(*entries: Entry, of: tuple[KnownArticle, ...] = (), **settings: Any) -> ArticlePlan:
    """The plan for entries, knowing these articles."""
    return plan_articles(entries, {each.article_id: each for each in of}, NOW, sources=SOURCES, **settings)


def only(plan: ArticlePlan) -> PlannedArticle:
    (planned,) = plan.articles
    return planned


# new, edited, known


def test_a_new_entry_becomes_an_article_and_its_page_is_asked_for() -> None:
    planned = only(plan(entry()))
    assert (planned.why, planned.postponed, planned.known) == ("new", False, None)
    assert planned.request is not None
    assert (planned.request.url, planned.request.role) == ("https://paper.example/open", "article")


def test_a_known_entry_becomes_nothing() -> None:
    made = plan(entry(), of=(known(entry()),))
    assert (made.articles, made.unchanged) == ((), 1)


def test_an_edited_entry_is_read_again() -> None:
    before = known(entry())
    planned = only(plan(entry(entry_hash="another"), of=(before,)))
    assert (planned.why, planned.known) == ("edited", before)
    assert planned.request is not None


def test_an_entry_that_is_edited_for_ever_is_left_alone_in_the_end() -> None:
    edited = entry(entry_hash="another")
    assert plan(edited, of=(known(entry(), revisions=MOST_REVISIONS - 1),)).articles
    assert not plan(edited, of=(known(entry(), revisions=MOST_REVISIONS),)).articles


def test_an_entry_that_vanished_and_came_back_is_not_new() -> None:
    before = known(entry())
    assert plan(of=(before,)).articles == ()
    assert plan(entry(), of=(before,)).articles == ()


def test_the_order_of_a_feed_does_not_matter() -> None:
    entries = [entry(f"e{n}", published_at=NOW - n * HOUR) for n in range(30)]
    shuffled = random.Random(7).sample(entries, len(entries))
    assert plan(*entries).articles == plan(*shuffled).articles == plan(*reversed(entries)).articles


# what needs no page


def test_an_entry_with_its_full_text_needs_no_page() -> None:
    assert only(plan(entry(content="x" * FULL_TEXT))).request is None
    assert only(plan(entry(content="x" * (FULL_TEXT - 1)))).request is not None
    assert only(plan(entry(summary="x" * FULL_TEXT))).request is not None  # a summary is not the text


def test_an_entry_without_link_is_kept_with_what_the_feed_gives() -> None:
    planned = only(plan(entry("7", url=None, summary="What was said.")))
    assert (planned.why, planned.request, planned.postponed) == ("new", None, False)


def test_a_section_of_a_shared_page_needs_no_page() -> None:
    section = entry("log", canonical_url="https://paper.example/log#v2")
    assert only(plan(section)).request is None


# one article under several names


def test_an_article_of_several_feeds_is_asked_for_once_for_the_closest_source() -> None:
    copies = [entry(source=name, title=name) for name in ("forum", "paper", "lab", "agency")]
    planned = only(plan(*copies))
    assert planned.entry.source == "lab"
    assert [other.source for other in planned.also] == ["agency", "paper", "forum"]
    assert len(plan(*copies).requests) == 1


def test_spellings_of_one_address_are_one_article() -> None:
    copies = [
        entry(url="https://paper.example/open?utm_source=a"),
        entry(url="https://paper.example/open#top"),
        entry(url="http://paper.example/open"),
    ]
    assert len(plan(*copies).articles) == 1


def test_a_known_article_that_moves_to_https_is_not_new() -> None:
    before = known(entry(url="http://paper.example/open"), entry_hash="hash of open")
    assert plan(entry(url="https://paper.example/open"), of=(before,)).articles == ()


def test_a_guid_that_keeps_while_the_address_changes_is_the_same_article() -> None:
    before = known(entry(url="https://paper.example/draft", guid="7"), entry_hash="hash of open")
    made = plan(entry(guid="7"), of=(before,))
    assert made.articles == ()
    edited = only(plan(entry(guid="7", entry_hash="another"), of=(before,)))
    assert (edited.article_id, edited.why) == (before.article_id, "edited")


def test_a_guid_that_changes_at_every_poll_is_the_same_article() -> None:
    before = known(entry(guid="session-1"))
    assert plan(entry(guid="session-2"), of=(before,)).articles == ()


def test_the_same_guid_at_another_source_is_another_article() -> None:
    before = known(entry("one", guid="7"))
    other = entry("two", guid="7", source="lab", url="https://lab.example/two")
    assert only(plan(other, of=(before,))).article_id != before.article_id


def test_articles_that_share_a_page_are_not_taken_for_each_other() -> None:
    log = "https://paper.example/log"
    known_sections = tuple(
        replace(known(entry(f"v{n}", url=log, guid=f"v{n}")), article_id=f"{n:016x}") for n in range(2)
    )
    planned = only(plan(entry("v9", url=log, guid="v9"), of=known_sections))
    assert planned.why == "new"
    assert planned.article_id not in {section.article_id for section in known_sections}


def test_an_edit_is_seen_although_another_feed_lists_the_article_unchanged() -> None:
    before = known(entry())
    edited = entry(entry_hash="another")
    elsewhere = entry(source="lab", entry_hash="quite another")
    planned = only(plan(elsewhere, edited, of=(before,)))
    assert (planned.why, planned.entry) == ("edited", edited)


def test_what_another_feed_says_of_a_known_article_is_no_edit() -> None:
    assert plan(entry(source="forum", entry_hash="another"), of=(known(entry()),)).articles == ()


# shares


def test_a_source_has_its_share_of_a_pass_newest_first() -> None:
    entries = [entry(f"e{n}", published_at=NOW - n * HOUR) for n in range(10)]
    entries += [entry("other", source="lab", url="https://lab.example/other")]
    made = plan(*reversed(entries), pages_per_source=3)
    asked = [planned.entry.title for planned in made.articles if planned.request]
    assert asked == ["other", "e0", "e1", "e2"]
    postponed = [planned for planned in made.articles if planned.postponed]
    assert len(postponed) == 7
    assert all(planned.request is None for planned in postponed)


def test_articles_that_need_no_page_take_no_share() -> None:
    entries = [entry(f"e{n}", content="x" * FULL_TEXT) for n in range(5)] + [entry("short")]
    assert len(plan(*entries, pages_per_source=1).requests) == 1


def test_a_postponed_article_is_asked_for_in_the_next_pass() -> None:
    waiting = known(entry(), has_text=False, attempts=0, retry_at=NOW)
    planned = only(plan(entry(), of=(waiting,)))
    assert (planned.why, planned.known) == ("retry", waiting)
    assert planned.request is not None


# retries


def test_a_page_due_for_another_try_is_asked_for_although_no_feed_lists_it() -> None:
    waiting = known(entry(), has_text=False, retry_at=NOW - HOUR)
    planned = only(plan(of=(waiting,)))
    assert planned.why == "retry"
    assert planned.request is not None
    assert planned.entry.entry_hash == waiting.entry_hash


@pytest.mark.parametrize(
    "fields",
    [
        {"has_text": False, "retry_at": NOW + HOUR},
        {"has_text": False, "retry_at": None},
        {"has_text": True, "retry_at": NOW - HOUR},
        {"has_text": False, "retry_at": NOW - HOUR, "source": "gone from the catalogue"},
    ],
    ids=["later", "never", "has its text", "no source"],
)
def test_other_pages_are_not_tried_again(fields: dict[str, Any]) -> None:
    assert plan(of=(known(entry(), **fields),)).articles == ()


def failure(
    status: int | None = 503, *, transient: bool = True, kind: Any = "http", **headers: str
) -> FetchFailure:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return FetchFailure(
        url="https://paper.example/open", at=NOW, kind=kind, reason="x", transient=transient, seconds=1.0,
        status=status, headers=pairs,
    )  # fmt: skip


@pytest.mark.parametrize(
    "problem",
    [failure(408), failure(429), failure(500), failure(503), failure(None, kind="timeout"), None],
    ids=["408", "429", "500", "503", "timeout", "no text"],
)
def test_a_page_is_tried_five_times_over_a_day(problem: FetchFailure | None) -> None:
    now, tries = NOW, 1
    while (again := next_page_try(tries, problem, now)) is not None:
        assert again > now
        now, tries = again, tries + 1
    assert tries == 5
    assert timedelta(hours=18) <= now - NOW <= timedelta(hours=25)


@pytest.mark.parametrize(
    "problem", [failure(404, transient=False), failure(None, kind="robots", transient=False)]
)
def test_a_page_that_will_never_come_is_not_tried_again(problem: FetchFailure) -> None:
    assert next_page_try(1, problem, NOW) is None


def test_a_page_is_left_alone_as_long_as_its_server_asks() -> None:
    assert next_page_try(1, failure(429, retry_after="7200"), NOW) == NOW + 2 * HOUR
    assert next_page_try(1, failure(429, retry_after="99999999"), NOW) == NOW + 24 * HOUR
    assert next_page_try(1, failure(429, retry_after="5"), NOW) == NOW + HOUR / 2


def test_a_request_that_was_held_back_is_made_at_the_next_pass_whatever_the_count() -> None:
    held_back = failure(None, kind="refused")
    assert next_page_try(5, held_back, NOW) == NOW
