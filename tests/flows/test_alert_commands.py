"""`ajar alerts` as people type it, against real receivers; and what settings make of it."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from extractors.errors import ConfigurationError
from flows.alert_list import list_for_people
from flows.alert_sample import sample_alert
from flows.channels.apprise_channel import AppriseChannel, plain_text
from flows.channels.delivery import Delivered, Undelivered
from flows.channels.names import notification_names
from flows.channels.pace import Pace
from flows.command_line import main
from flows.messages import REPEAT, SAMPLE, Message, Notice, compose_digest, compose_shift, rule_title
from flows.secret import Secret
from flows.settings import Settings, load_settings
from flows.storing import load_news, publish_all, tell_news
from tests.flows.mail_receiver import mail_receiver
from tests.flows.receivers import HOSTILE, Answer, follow_up_alert, pending_alert, slack_double
from tests.warehouse.newsroom import DAY, NOW, Newsroom, mention, report


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, and no setting from outside."""
    for name in ("SLACK_WEBHOOK", "SMTP_URL", "ALERT_TO", "ALERT_FROM", "NOTIFY_URLS", "WAREHOUSE"):
        monkeypatch.delenv(f"AJAR_{name}", raising=False)
    monkeypatch.setenv("AJAR_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def ajar(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["alerts", *arguments])


def settings() -> Settings:
    return load_settings()


def stored(home: Path) -> Settings:
    """Settings whose warehouse holds one report, loaded by the pass and not told yet."""
    found = settings()
    newsroom = Newsroom(home)
    newsroom.staged = found.staged
    newsroom.stage(now=NOW - DAY)
    newsroom.stage(report("lumen", mention(), source="corvane-blog"))
    load_news(found, now=NOW, with_alerts=True)
    return found


def test_without_a_channel_the_sample_comes_to_the_console_and_says_how_to_set_one(home: Path) -> None:
    result = ajar("test")
    assert result.exit_code == 0
    assert result.stdout.startswith(SAMPLE)
    assert "console: accepted" in result.stdout
    assert "Set AJAR_SLACK_WEBHOOK, or AJAR_SMTP_URL and AJAR_ALERT_TO." in result.stdout


def test_the_sample_reaches_every_channel_and_is_labelled(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with slack_double() as slack, slack_double() as other, mail_receiver() as mailbox:
        monkeypatch.setenv("AJAR_SLACK_WEBHOOK", slack.url)
        monkeypatch.setenv("AJAR_SMTP_URL", f"smtp://127.0.0.1:{mailbox.port}")
        monkeypatch.setenv("AJAR_ALERT_TO", "desk@example.org")
        monkeypatch.setenv("AJAR_NOTIFY_URLS", other.url.replace("http://", "json://"))
        result = ajar("test")
    assert result.stdout.splitlines() == [
        "slack: accepted",
        "email: accepted",
        "json: accepted",
        f"It begins with “{SAMPLE}” Delete it when you have seen it.",
    ]
    assert result.exit_code == 0
    assert slack.accepted[0]["text"].startswith(SAMPLE)
    assert mailbox.messages[0]["Subject"].startswith("[Test] Opening · done")
    assert SAMPLE in other.accepted[0]["message"]
    assert mailbox.messages[0]["From"] == "Ajar <desk@example.org>"


def test_a_failing_test_says_why_and_hides_the_secrets(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with (
        slack_double(lambda number: (404, {}, b"no_service")) as slack,
        slack_double(lambda number: 500) as other,
    ):
        monkeypatch.setenv("AJAR_SLACK_WEBHOOK", slack.url)
        monkeypatch.setenv("AJAR_NOTIFY_URLS", other.url.replace("http://", "json://desk:hush-word@"))
        result = ajar("test")
    assert result.exit_code == 1
    assert "slack: NOT accepted: Slack refuses the webhook (HTTP 404, no_service)" in result.stdout
    assert "json: NOT accepted" in result.stdout
    assert "hush" not in result.output and "hush" not in caplog.text


def test_a_failed_alert_is_listed_with_its_reason_and_retried(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [400, 200]
    with slack_double(lambda number: answers[number]) as slack:
        monkeypatch.setenv("AJAR_SLACK_WEBHOOK", slack.url)
        found = stored(home)
        told = tell_news(found, now=NOW, tell=lambda alert: None)
        publish_all(found)
        assert told.remarks == (
            "slack: Slack refuses this message (HTTP 400); given up; see `ajar alerts list`",
        )
        (listed,) = json.loads(ajar("list", "--json").stdout)
        assert (listed["status"], listed["remark"]) == ("dead", "Slack refuses this message (HTTP 400)")
        shown = ajar("list").stdout
        assert "Slack refuses" in shown.replace("\n", " ")
        assert shown.endswith("1 given up: put right what the remark says, then `ajar alerts retry`\n")
        retried = ajar("retry")
        assert (retried.exit_code, retried.stdout) == (0, "1 to be tried again, 1 sent\n")
        assert ajar("list").stdout == "Nothing waits and nothing was given up; 1 sent so far.\n"
        assert json.loads(ajar("list", "--all", "--json").stdout)[0]["status"] == "sent"
    assert len(slack.accepted) == 1


def test_what_was_never_answered_is_listed_and_left_alone_by_retry(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Answer] = ["reset", "reset", 200]
    with slack_double(lambda number: answers[number]) as slack:
        monkeypatch.setenv("AJAR_SLACK_WEBHOOK", slack.url)
        found = stored(home)
        for minutes in (0, 20):
            tell_news(found, now=NOW + timedelta(minutes=minutes), tell=lambda alert: None)
        publish_all(found)
        assert "1 unconfirmed: sent twice and never answered" in ajar("list").stdout
        left = ajar("retry")
        assert left.exit_code == 0 and left.stdout.startswith(
            "0 to be tried again, 0 sent\n1 unconfirmed left alone"
        )
        assert ajar("retry", "--unconfirmed").stdout == "1 to be tried again, 1 sent\n"
    assert [REPEAT in message["text"] for message in slack.accepted] == [False, True, True]


def test_a_long_list_says_how_many_it_does_not_show(home: Path) -> None:
    found = settings()
    newsroom = Newsroom(home)
    newsroom.staged = found.staged
    newsroom.stage(now=NOW - DAY)
    newsroom.stage(*(report(f"story-{n}", mention(artefact=f"Model {n}")) for n in range(60)))
    load_news(found, now=NOW, with_alerts=True)
    publish_all(found)
    shown = ajar("list").stdout
    assert "… and 10 lines more; --json prints all alerts" in shown
    assert "60 waiting" in shown
    assert len(json.loads(ajar("list", "--json").stdout)) == 60


def listed(**facts: Any) -> dict[str, Any]:
    """An alert as the warehouse lists it."""
    told: dict[str, Any] = {
        "status": "pending", "channel": "slack", "actor": "Corvane", "artefact": "Lumen 2", "kind": "weights",
        "direction": "opening", "stage": "done", "attempts": 0, "queued_at": NOW, "next_attempt_at": NOW,
        "sent_at": None, "remark": None, "shift_id": "94f0f59c26fd5deb",
    }  # fmt: skip
    return {**told, **facts}


def test_what_is_the_same_on_several_channels_is_one_line_and_what_needs_a_hand_comes_first() -> None:
    lines = list_for_people(
        [
            listed(shift_id="b", artefact="Ember", remark="digest: kind weights"),
            listed(next_attempt_at=NOW + DAY),
            listed(channel="email"),
            listed(
                shift_id="c",
                artefact="Zephyr",
                status="dead",
                attempts=3,
                next_attempt_at=None,
                remark="HTTP 400",
            ),
            listed(shift_id="d", actor=None, status="sent", sent_at=NOW),
        ]
    )
    assert [(line[0], line[1], line[3], line[6]) for line in lines] == [
        ("dead", "Corvane Zephyr (weights)", "slack", None),
        ("pending", "Corvane Lumen 2 (weights)", "slack, email", "2026-03-02 09:00"),
        ("pending", "Corvane Ember (weights)", "slack", "2026-03-02 09:00"),
        ("sent", "no longer reported", "slack", "2026-03-02 09:00"),
    ]


def test_what_waits_for_a_channel_that_is_not_set_any_more_is_said(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AJAR_SLACK_WEBHOOK", "https://hooks.slack.com/services/T0/B0/hush-token")
    publish_all(stored(home))
    assert "is not set now" not in ajar("list").stdout
    monkeypatch.delenv("AJAR_SLACK_WEBHOOK")
    assert "1 of them for slack, which is not set now: they wait until it is again" in ajar("list").stdout


def test_the_silence_alarm_tells_when_no_pass_is_made(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with slack_double() as slack:
        monkeypatch.setenv("AJAR_SLACK_WEBHOOK", slack.url)
        publish_all(stored(home))
        first, second = ajar("check"), ajar("check")
    assert first.exit_code == second.exit_code == 1
    assert "No pass since 2026-03-02 09:00 UTC: is the scheduler running?" in first.stdout
    assert len(slack.accepted) == 1


def test_no_sending_is_possible_without_a_published_warehouse(home: Path) -> None:
    result = ajar("list")
    assert result.exit_code == 1
    assert "`ajar run` makes one" in result.stderr


@pytest.mark.parametrize(
    ("environment", "channels"),
    [
        ({}, ("console",)),
        ({"AJAR_SLACK_WEBHOOK": "https://hooks.slack.com/services/T/B/x"}, ("slack",)),
        ({"AJAR_SMTP_URL": "smtps://mail.example.org", "AJAR_ALERT_TO": "a@example.org"}, ("email",)),
        (
            {"AJAR_NOTIFY_URLS": "ntfy://a.example/x  discord://1/2\nntfy://b.example/y slack://T/B/x/"},
            ("ntfy", "discord", "ntfy-2", "slack-apprise"),
        ),
    ],
)
def test_the_console_is_a_channel_only_when_there_is_no_other(
    tmp_path: Path, environment: dict[str, str], channels: tuple[str, ...]
) -> None:
    found = load_settings({"AJAR_HOME": str(tmp_path), **environment}, folder=tmp_path)
    assert found.channels == channels


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"AJAR_SMTP_URL": "smtps://desk:hush@mail.example.org"}, "AJAR_ALERT_TO is not"),
        ({"AJAR_ALERT_TO": "desk@example.org"}, "AJAR_SMTP_URL is not"),
        (
            {"AJAR_SMTP_URL": "smtp://desk:hush@mail.example.org", "AJAR_ALERT_TO": "desk@example.org"},
            "use smtp+starttls:// or smtps://",
        ),
        (
            {"AJAR_NOTIFY_URLS": "ntfy://x/y hush"},
            "AJAR_NOTIFY_URLS in the environment: number 2 is no Apprise",
        ),
        ({"AJAR_SLACK_WEBHOOK": "https://[::1/hush"}, "AJAR_SLACK_WEBHOOK in the environment"),
        ({"AJAR_ALERT_FROM": "Ajar <a@b.org>"}, "AJAR_ALERT_FROM in the environment"),
        ({"AJAR_SLACK_WEBHOOK": "hooks.slack.com/services/hush"}, "AJAR_SLACK_WEBHOOK in the environment"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_at_start(
    tmp_path: Path, environment: dict[str, str], complaint: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings({"AJAR_HOME": str(tmp_path), **environment}, folder=tmp_path)
    assert complaint in str(caught.value)
    assert "hush" not in str(caught.value)


def test_the_table_of_alerts_is_read_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "ajar.toml").write_text("[alerts]\nper_day = 3\n[alerts.slack]\nper_day = 9\n")
    found = load_settings({"AJAR_HOME": str(tmp_path)}, folder=tmp_path)
    assert (found.alerts.of("email").per_day, found.alerts.of("slack").per_day) == (3, 9)


def test_an_address_apprise_does_not_know_is_refused_without_repeating_it() -> None:
    with pytest.raises(ConfigurationError, match="address for 'nosuch'") as caught:
        AppriseChannel("nosuch", Secret("nosuch://hush/word"))
    assert "hush" not in str(caught.value)


def test_names_of_channels_hold_nothing_secret() -> None:
    urls = [Secret("tgram://123:hush/chat"), Secret("tgram://456:hush/chat")]
    assert notification_names(urls) == ("tgram", "tgram-2")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_reaches_apprise_as_plain_text(text: str) -> None:
    message = compose_shift(pending_alert(headline=text, evidence=text, actor=text))
    with slack_double() as double:
        channel = AppriseChannel("json", Secret(double.url.replace("http://", "json://")), pace=Pace(0))
        assert channel.deliver(message) == Delivered()
    title, body = plain_text(message)
    assert (double.accepted[0]["title"], double.accepted[0]["message"]) == (title, body.strip())


@pytest.mark.parametrize(
    "message",
    [
        compose_shift(follow_up_alert(repeat=True)),
        compose_digest([pending_alert(repeat=True), pending_alert(artefact="Zephyr")]),
        Notice(key="n", title="One thing", lines=()),
    ],
)
def test_every_kind_of_message_has_a_title_and_a_body(message: Message) -> None:
    title, body = plain_text(message)
    assert title and body and "\n" not in title


@pytest.mark.parametrize(
    ("answer", "failure", "reason"),
    [
        (500, "transient", "json refuses the message"),
        ((429, {}, b"hush-token"), "transient", "json refuses the message"),
        ("reset", "unknown", "json has not confirmed the message; it may have gone out"),
        ("hang up", "unknown", "json has not confirmed the message; it may have gone out"),
        ("silence", "unknown", "json has not confirmed the message; it may have gone out"),
    ],
)
def test_what_apprise_fails_at_is_told_apart(
    answer: Answer, failure: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    with slack_double(lambda number: answer) as double:
        url = f"{double.url.replace('http://', 'json://desk:hush-word@')}?rto=0.3"
        outcome = AppriseChannel("json", Secret(url), pace=Pace(0)).deliver(compose_shift(pending_alert()))
    assert isinstance(outcome, Undelivered)
    assert (outcome.failure, outcome.reason) == (failure, reason)
    assert "hush" not in caplog.text


@pytest.mark.parametrize("host", ["127.0.0.1:9", "no-such-host.invalid"])
def test_a_service_that_is_not_there_is_a_transient_failure(host: str) -> None:
    channel = AppriseChannel("json", Secret(f"json://{host}/x"), pace=Pace(0))
    outcome = channel.deliver(compose_shift(pending_alert()))
    assert isinstance(outcome, Undelivered)
    assert (outcome.failure, outcome.reason) == ("transient", "json cannot be reached")


def test_of_two_targets_at_one_address_one_may_have_taken_it() -> None:
    with slack_double(lambda number: 500 if number else 200) as double:
        url = double.url.replace("http://", "ntfy://").split("/services")[0] + "/first/second"
        outcome = AppriseChannel("ntfy", Secret(url), pace=Pace(0)).deliver(compose_shift(pending_alert()))
    assert isinstance(outcome, Undelivered) and outcome.failure == "unknown"


def test_the_sample_names_a_rule_that_exists() -> None:
    rule = sample_alert("slack", now=NOW).rule
    assert rule_title(rule) != rule


def test_a_sample_is_not_a_repeat_of_the_last() -> None:
    first, second = (sample_alert("slack", now=datetime(2026, 3, 2, 9, 0, s, tzinfo=UTC)) for s in (1, 2))
    assert compose_shift(first).thread != compose_shift(second).thread
