"""Slack: payloads as expected and inert, and what becomes of a message at an endpoint that misbehaves."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.channels.delivery import Delivered, Outcome, Undelivered
from flows.channels.pace import Pace
from flows.channels.slack import SlackChannel
from flows.channels.slack_layout import (
    MOST_BLOCKS,
    MOST_FIELD,
    MOST_HEADER,
    MOST_TEXT,
    escaped,
    slack_payload,
)
from flows.messages import Message, Notice, compose_digest, compose_shift
from flows.secret import Secret
from tests.flows.golden_files import assert_golden
from tests.flows.receivers import (
    HOSTILE,
    Answer,
    SlackDouble,
    follow_up_alert,
    pending_alert,
    slack_double,
)

MESSAGES: dict[str, Message] = {
    "first": compose_shift(pending_alert()),
    "follow-up": compose_shift(follow_up_alert()),
    "closing-rumour": compose_shift(
        pending_alert(direction="closing", stage="rumoured", licence_to=None, level_from=None, level_to=3)
    ),
    "repeat": compose_shift(pending_alert(repeat=True)),
    "hostile": compose_shift(
        pending_alert(actor=HOSTILE[0], artefact=HOSTILE[1], headline=HOSTILE[2], evidence=HOSTILE[3])
    ),
    "digest": compose_digest([pending_alert(), pending_alert(direction="closing", artefact="Zephyr")]),
    "notice": Notice(key="n", title="Ajar: one thing needs a look", lines=("No new article since <now>.",)),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_payload_is_as_expected(name: str) -> None:
    payload = json.dumps(slack_payload(MESSAGES[name]), indent=2, ensure_ascii=False)
    assert_golden(f"slack-{name}.json", payload + "\n")


LINK = r"<https?://[^<>|\s]+\|[A-Z][a-z ]+>"
"""One that Slack draws; our own words stand for it."""


def texts(payload: Any) -> Iterator[dict[str, Any]]:
    """All text objects of a payload."""
    if isinstance(payload, dict):
        if payload.get("type") in ("plain_text", "mrkdwn"):
            yield payload
        for value in payload.values():
            yield from texts(value)
    elif isinstance(payload, list):
        for value in payload:
            yield from texts(value)


def assert_inert(payload: dict[str, Any]) -> None:
    """Nothing but our own links and our own bold words can be more than text, and Slack takes it all."""
    assert len(json.dumps(payload)) < 150_000
    for blocks in (payload["blocks"], *(each["blocks"] for each in payload.get("attachments", []))):
        assert 1 <= len(blocks) <= MOST_BLOCKS
        for block in blocks:
            if block["type"] == "header":
                assert len(block["text"]["text"]) <= MOST_HEADER
            assert all(len(each["text"]) <= MOST_FIELD for each in block.get("fields", []))
            assert len(block.get("elements", [])) <= 10
    for each in texts(payload):
        assert 1 <= len(each["text"]) <= MOST_TEXT
        if each["type"] == "plain_text":
            assert "<" not in each["text"] and ">" not in each["text"]
            assert each["emoji"] is False
            assert not re.search(r"&(?!amp;|lt;|gt;)", each["text"])
        else:
            assert re.fullmatch(rf"\*\w+ · \w+\*( · {LINK})?|{LINK}", each["text"])
    assert payload["mrkdwn"] is False
    assert not set("<>") & set(payload["text"])


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_an_article_can_ping_link_or_format(text: str) -> None:
    alert = pending_alert(
        actor=text, artefact=text, headline=text, evidence=text, url=f"https://example.org/{text}",
        licence_from=text, licence_to=text, territory=text, compelled_by=text, rule=text,
    )  # fmt: skip
    assert_inert(slack_payload(compose_shift(alert)))
    assert_inert(slack_payload(compose_digest([alert] * 3)))


@given(st.text(max_size=400), st.text(max_size=100))
def test_whatever_is_written_the_payload_is_inert(evidence: str, name: str) -> None:
    alert = pending_alert(evidence=evidence, actor=name, url=f"https://example.org/{name}")
    assert_inert(slack_payload(compose_shift(alert)))


def test_a_long_digest_says_how_many_it_does_not_show() -> None:
    payload = slack_payload(compose_digest([pending_alert(artefact=f"Model {n}") for n in range(60)]))
    assert_inert(payload)
    assert "and 12 more" in payload["blocks"][-1]["elements"][0]["text"]


@given(st.text(alphabet=st.sampled_from("&<>ab"), max_size=60), st.integers(min_value=1, max_value=40))
def test_a_cut_text_keeps_to_its_limit_and_never_cuts_an_entity(text: str, limit: int) -> None:
    cut = escaped(text, limit)
    assert len(cut) <= limit
    assert not re.search(r"&(?!amp;|lt;|gt;)", cut)


def deliver(double: SlackDouble, *, timeout_seconds: float = 5.0) -> Outcome:
    channel = SlackChannel(Secret(double.url), pace=Pace(0), timeout_seconds=timeout_seconds)
    try:
        return channel.deliver(MESSAGES["first"])
    finally:
        channel.close()


def test_an_accepted_message_is_delivered() -> None:
    with slack_double() as double:
        assert deliver(double) == Delivered()
        assert double.accepted == [slack_payload(MESSAGES["first"])]


@pytest.mark.parametrize(
    ("answer", "failure", "reason"),
    [
        (500, "transient", "Slack is not well (HTTP 500)"),
        (503, "transient", "Slack is not well (HTTP 503)"),
        ((400, {}, b"invalid_blocks"), "permanent", "Slack refuses this message (HTTP 400, invalid_blocks)"),
        (
            (404, {}, b"no_service"),
            "transient",
            "Slack refuses the webhook (HTTP 404, no_service); make a new one and set AJAR_SLACK_WEBHOOK",
        ),
        ((403, {}, b"<html>T0/B0/hush-token"), "transient", "Slack refuses the webhook (HTTP 403); make"),
        (
            (302, {"Location": "https://evil.example/"}, b""),
            "transient",
            "Slack refuses the webhook (HTTP 302)",
        ),
        ("hang up", "unknown", "Slack did not answer"),
        ("reset", "unknown", "may have gone out"),
    ],
)
def test_a_failure_is_told_apart(answer: Answer, failure: str, reason: str) -> None:
    with slack_double(lambda number: answer) as double:
        outcome = deliver(double)
    assert isinstance(outcome, Undelivered)
    assert (outcome.failure, reason in outcome.reason) == (failure, True), outcome.reason
    assert "hush" not in outcome.reason


def test_no_answer_in_time_is_an_unknown_outcome() -> None:
    with slack_double(lambda number: "silence") as double:
        outcome = deliver(double, timeout_seconds=0.3)
        assert isinstance(outcome, Undelivered) and outcome.failure == "unknown"
        assert len(double.accepted) == 1


def test_a_webhook_nobody_listens_at_is_a_transient_failure() -> None:
    with slack_double() as double:
        gone = Secret(double.url)
    outcome = SlackChannel(gone, pace=Pace(0)).deliver(MESSAGES["first"])
    assert isinstance(outcome, Undelivered)
    assert outcome.failure == "transient"
    assert outcome.reason == "Slack cannot be reached (ConnectError); is AJAR_SLACK_WEBHOOK right?"


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("30", timedelta(seconds=30)),
        ("0", timedelta(seconds=1)),
        ("-5", timedelta(seconds=1)),
        ("1e99", timedelta(hours=1)),
        ("999999999", timedelta(hours=1)),
        ("Wed, 21 Oct 2015 07:28:00 GMT", timedelta(seconds=1)),
        ("soon", None),
        ("nan", None),
    ],
)
def test_retry_after_is_believed_within_reason(header: str, pause: timedelta | None) -> None:
    with slack_double(lambda number: (429, {"Retry-After": header}, b"rate_limited")) as double:
        outcome = deliver(double)
    assert isinstance(outcome, Undelivered)
    assert (outcome.failure, outcome.retry_after) == ("transient", pause)


def test_messages_keep_a_second_apart() -> None:
    moment = 100.0
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        nonlocal moment
        waits.append(seconds)
        moment += seconds

    with slack_double() as double:
        channel = SlackChannel(Secret(double.url), pace=Pace(1.0, clock=lambda: moment, sleep=sleep))
        for _ in range(3):
            channel.deliver(MESSAGES["first"])
        channel.close()
    assert waits == [1.0, 1.0]


def test_the_webhook_is_in_no_log_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answers: list[Answer] = [200, 500, "reset", (429, {}, b"hush-token")]
    with slack_double(lambda number: answers[number]) as double:
        for _ in answers:
            deliver(double)
    assert "hush" not in caplog.text


def test_the_double_plays_what_it_is_told() -> None:
    """The tests above rest on it: a hang-up is not accepted, a reset is."""
    with slack_double(lambda number: "hang up" if number == 0 else "reset") as double:
        deliver(double)
        assert len(double.accepted) == 0
        deliver(double)
        assert len(double.accepted) == 1
