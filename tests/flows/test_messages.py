"""What an alert says, before any channel lays it out."""

from __future__ import annotations

import shlex
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.messages import REPEAT, clickable, compose_digest, compose_shift, follow_up, legible, rule_title
from tests.flows.receivers import HOSTILE, follow_up_alert, pending_alert


def test_a_message_says_who_does_what_from_where_to_where() -> None:
    message = compose_shift(pending_alert())
    assert message.headline == "Corvane opens Lumen 2 (weights)"
    assert message.state == "Opening · done"
    assert message.facts == (("Licence", "Apache-2.0"), ("Level", "3 (API) → 6 (open weights)"))
    assert message.explain == "ajar explain https://corvane.example/lumen-2"
    assert (len(message.sources), message.more_sources) == (2, 1)


def test_a_first_alert_follows_nothing() -> None:
    assert follow_up(pending_alert()) == ""


def test_a_follow_up_says_what_changed_since_the_last_alert() -> None:
    assert follow_up(follow_up_alert()) == (
        "since the alert of 2026-01-05: announced → done, licence MIT → Corvane Community License, "
        "level 6 → 5, was due 2026-02-27"
    )


def test_a_second_delay_says_that_it_is_one_and_how_the_date_moved() -> None:
    first = follow_up_alert().earlier
    assert first is not None
    delayed = follow_up_alert(
        stage="delayed", occurrence=2, due=date(2026, 5, 1), licence_to=None, level_to=None
    )
    assert "announced → delayed, due 2026-02-27 → 2026-05-01" in follow_up(delayed)


def test_a_delayed_opening_counts_as_closing() -> None:
    assert compose_shift(pending_alert(stage="delayed")).effect == "closing"
    assert compose_shift(pending_alert(direction="closing", stage="denied")).effect == "opening"


def test_a_repeat_says_so_and_has_a_key_of_its_own() -> None:
    first, second = compose_shift(pending_alert()), compose_shift(pending_alert(repeat=True))
    assert (first.label, second.label) == ("", REPEAT)
    assert first.key != second.key
    assert first.thread == second.thread


def test_a_digest_begins_with_what_closes() -> None:
    digest = compose_digest(
        [pending_alert(artefact="Ember"), pending_alert(direction="closing", artefact="Zephyr")]
    )
    assert [shift.effect for shift in digest.shifts] == ["closing", "opening"]
    assert digest.title == "2 more openness shifts, 2026-03-02"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_has_line_ends_or_control_characters(text: str) -> None:
    message = compose_shift(pending_alert(headline=text, evidence=text, actor=text, licence_to=text or None))
    shown = [message.headline, message.evidence, message.article, *(value for _, value in message.facts)]
    for each in shown:
        assert not {unicodedata.category(character) for character in each} & {"Cc", "Cs", "Zl", "Zp"}


@given(st.text())
def test_a_legible_text_stays_as_it_is(text: str) -> None:
    assert legible(legible(text)) == legible(text)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "https://user:hush@example.org/",
        "https:///nowhere",
        "http://[::1",
        "//example.org/x",
        "https://example.org/" + "a" * 3000,
        "https://example.org/\ud83d",
        "",
    ],
)
def test_an_address_that_is_not_plain_web_is_not_linked(url: str) -> None:
    assert clickable(url) is None
    assert compose_shift(pending_alert(url=url)).explain == ""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a|b>c\"d'e<f", "https://example.org/a%7Cb%3Ec%22d%27e%3Cf"),
        ("https://example.org/%41?q=1&r=2#x", "https://example.org/%41?q=1&r=2#x"),
        ("https://example.org/가", "https://example.org/%EA%B0%80"),
        ("https://example.org/a\r\nX: y", "https://example.org/a%0D%0AX:%20y"),
    ],
)
def test_an_address_holds_only_the_characters_of_addresses(url: str, expected: str) -> None:
    assert clickable(url) == expected


@given(st.text(min_size=1, max_size=40))
def test_the_explain_command_can_be_pasted_into_a_shell(path: str) -> None:
    message = compose_shift(pending_alert(url=f"https://example.org/{path}"))
    if message.explain:
        assert shlex.split(message.explain) == ["ajar", "explain", message.url]


def test_a_rule_is_named_by_its_title() -> None:
    title = rule_title("weights/delayed")
    assert " " in title and "/" not in title


@pytest.mark.parametrize("rule", ["weights/no-such-rule", "../../../settings", "", "weights.published"])
def test_a_rule_that_is_not_there_keeps_its_id(rule: str) -> None:
    assert rule_title(rule) == rule
