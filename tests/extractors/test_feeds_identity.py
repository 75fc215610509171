"""Which entries are the same article, and which only look so."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from extractors.feeds import parse_feed
from extractors.identity import article_id, is_section, text_hash
from extractors.records import Entry, ParsedFeed

NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


def entries(items: str, *, source: str = "courier") -> tuple[Entry, ...]:
    body = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    parsed = parse_feed(body, url="https://courier.example/rss", source_id=source, language="en", now=NOW)
    assert isinstance(parsed, ParsedFeed)
    return parsed.entries


def item(title: str = "", link: str = "", guid: str = "", more: str = "") -> str:
    parts = [f"<title>{title}</title>"] if title else []
    parts += [f"<link>{link}</link>"] if link else []
    parts += [f'<guid isPermaLink="false">{guid}</guid>'] if guid else []
    return f"<item>{''.join(parts)}{more}</item>"


def test_a_guid_that_changes_at_every_poll_makes_no_new_article() -> None:
    [first] = entries(item("T", "https://courier.example/a", "7f3a"))
    [second] = entries(item("T", "https://courier.example/a?utm_source=rss", "91bc"))
    assert first.canonical_url == second.canonical_url


def test_one_guid_on_different_articles_is_no_guid() -> None:
    found = entries(item("A", "/a", "same") + item("B", "/b", "same") + item("C", "/c", "own"))
    assert [entry.guid for entry in found] == [None, None, "own"]
    assert len({entry.canonical_url for entry in found}) == 3


def test_one_guid_on_different_articles_without_links_leaves_them_apart() -> None:
    found = entries(item("A", guid="same") + item("B", guid="same"))
    assert len({entry.canonical_url for entry in found}) == 2


def test_an_article_listed_twice_is_one() -> None:
    found = entries(item("A", "/a", "1") + item("A", "/a?utm_medium=x", "1"))
    assert len(found) == 2
    assert len({entry.canonical_url for entry in found}) == 1


def test_an_edited_entry_beside_its_old_version_is_one_article() -> None:
    found = entries(item("Weights out", "/a", "1") + item("Weights out today", "/a", "1"))
    assert {entry.canonical_url for entry in found} == {"https://courier.example/a"}


def test_sections_of_one_page_are_articles_of_their_own() -> None:
    found = entries(
        item("1.1", "/changes#v1-1", "g1")
        + item("1.0", "/changes#v1-0", "g0")
        + item("Post", "/post#top", "g2")
    )
    assert [entry.canonical_url for entry in found] == [
        "https://courier.example/changes#v1-1",
        "https://courier.example/changes#v1-0",
        "https://courier.example/post",
    ]
    assert [is_section(entry) for entry in found] == [True, True, False]


def test_sections_under_one_guid_have_no_guid() -> None:
    found = entries(item("1.1", "/changes#v1-1", "log") + item("1.0", "/changes#v1-0", "log"))
    assert [entry.guid for entry in found] == [None, None]
    assert len({entry.canonical_url for entry in found}) == 2


def test_entries_that_all_link_to_the_front_page_are_told_apart_by_guid() -> None:
    found = entries(item("A", "/", "g1") + item("B", "/", "g2"))
    assert {entry.canonical_url for entry in found} == {
        "urn:ajar:courier:guid:g1",
        "urn:ajar:courier:guid:g2",
    }
    assert all(is_section(entry) for entry in found)


def test_without_a_link_the_guid_is_the_key_within_its_source() -> None:
    [here] = entries(item("A", guid="1"), source="courier")
    [there] = entries(item("A", guid="1"), source="gazette")
    assert here.url is None
    assert here.canonical_url != there.canonical_url


def test_without_link_and_guid_title_date_and_enclosure_are_the_key() -> None:
    more = "<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate>"
    [first] = entries(item("A", more=more))
    [again] = entries(item("A", more=more + "<description>edited</description>"))
    [other] = entries(item("A", more=more.replace("20 Nov", "21 Nov")))
    [heard] = entries(item("A", more=more + '<enclosure url="/a.mp3" type="audio/mpeg" length="1"/>'))
    assert first.canonical_url == again.canonical_url
    assert len({first.canonical_url, other.canonical_url, heard.canonical_url}) == 3


def test_an_article_id_is_16_hexadecimal_digits_of_its_canonical_address() -> None:
    assert article_id("https://courier.example/a") == "fe12a1e1844d23af"


@given(st.text(), st.text())
def test_every_text_has_a_hash_that_white_space_does_not_change(first: str, second: str) -> None:
    assert text_hash(f"{first}\n\n {second} ") == text_hash(f" {first} {second}")


@given(st.permutations(range(9)))
def test_identity_does_not_depend_on_the_order_of_the_feed(order: list[int]) -> None:
    items = [
        item(f"T{n % 4}", ("/", "/a", "/page#s" + str(n))[n % 3], ("same", f"g{n}", "")[n % 3])
        for n in range(9)
    ]
    straight = entries("".join(items))
    shuffled = entries("".join(items[n] for n in order))
    assert sorted(map(repr, straight)) == sorted(map(repr, shuffled))
