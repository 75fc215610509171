"""Sending what waits in the outbox: through endpoints that fail, and killed at every point."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from flows.alert_rules import end_of_quiet, is_quiet, plan_for
from flows.alert_settings import AlertSettings, ChannelRules
from flows.alerting import FAILURES_IN_A_ROW, SendingReport, journal_of, send_alerts
from flows.channels.apprise_channel import AppriseChannel
from flows.channels.delivery import Channel, Delivered, Outcome, Undelivered
from flows.channels.pace import Pace
from flows.channels.slack import SlackChannel
from flows.messages import REPEAT, DigestMessage, Message, ShiftMessage
from flows.secret import Secret
from tests.flows.receivers import Answer, slack_double
from tests.warehouse.newsroom import DAY, HOUR, NOW, Newsroom, mention, report
from warehouse.alerts import list_alerts, retry_alerts
from warehouse.outbox import AlertRules

MINUTE = timedelta(minutes=1)


class FakeChannel:
    """A channel that does as it is told and remembers what it accepted."""

    def __init__(self, *outcomes: Outcome, name: str = "slack") -> None:
        self.name = name
        self.outcomes = list(outcomes)
        self.messages: list[Message] = []

    def deliver(self, message: Message) -> Outcome:
        self.messages.append(message)
        return self.outcomes.pop(0) if self.outcomes else Delivered()

    def close(self) -> None:
        """Nothing is open."""


class FakeTime:
    """Time within a pass; sleeping takes none."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse whose sources were imported the day before; made once, since it takes a second."""
    newsroom = Newsroom(tmp_path_factory.mktemp("imported"))
    newsroom.run(now=NOW - DAY)
    return newsroom.path


@pytest.fixture
def folder(tmp_path: Path, imported: Path) -> Path:
    """A folder with a copy of that warehouse."""
    shutil.copyfile(imported, tmp_path / imported.name)
    return tmp_path


def desk(
    folder: Path, settings: AlertSettings | None = None, channels: tuple[str, ...] = ("slack",)
) -> Newsroom:
    """The warehouse in the folder, whose alerts go to these channels."""
    plan = plan_for(settings) if settings else None
    return Newsroom(folder, rules=AlertRules(channels=channels, plan=plan))


def shifts(number: int, **facts: Any) -> list[Any]:
    """So many reports of different shifts."""
    return [report(f"shift-{n}", mention(artefact=f"Model {n}", **facts)) for n in range(number)]


def send(newsroom: Newsroom, *channels: Channel, now: datetime = NOW, **arguments: Any) -> SendingReport:
    watch = FakeTime()
    arguments = {"clock": watch.clock, "sleep": watch.sleep, "wait": 5.0, **arguments}
    return send_alerts(newsroom.path, channels, now=now, **arguments)


def statuses(newsroom: Newsroom) -> dict[str, int]:
    return dict(newsroom.rows("SELECT status, count(*) FROM alerts GROUP BY ALL ORDER BY ALL"))


def failing(failure: Any = "transient", **facts: Any) -> Undelivered:
    return Undelivered(reason="Slack is not well", failure=failure, **facts)


def labels(channel: FakeChannel) -> list[str]:
    """Of the alerts it was handed."""
    return [message.label for message in channel.messages if isinstance(message, ShiftMessage)]


def test_what_waits_is_sent_once_and_marked(folder: Path) -> None:
    newsroom, slack = desk(folder), FakeChannel()
    newsroom.run(*shifts(3))
    assert send(newsroom, slack) == SendingReport(sent=3)
    assert send(newsroom, slack) == SendingReport()
    assert len(slack.messages) == 3
    assert statuses(newsroom) == {"sent": 3}
    assert journal_of(newsroom.path).read() is None


def test_each_channel_gets_its_own(folder: Path) -> None:
    newsroom = desk(folder, channels=("slack", "email"))
    newsroom.run(*shifts(2))
    slack, email = FakeChannel(failing()), FakeChannel(name="email")
    told = send(newsroom, slack, email)
    assert (told.sent, len(email.messages)) == (3, 2)
    assert told.remarks == ("slack: Slack is not well; will be tried again",)


def test_what_is_meant_for_a_channel_no_longer_named_waits(folder: Path) -> None:
    newsroom = desk(folder)
    newsroom.run(*shifts(1))
    assert send(newsroom, FakeChannel(name="email")).sent == 0
    assert statuses(newsroom) == {"pending": 1}


def test_a_transient_failure_is_tried_again_unlabelled(folder: Path) -> None:
    newsroom, slack = desk(folder), FakeChannel(failing())
    newsroom.run(*shifts(1))
    send(newsroom, slack)
    assert send(newsroom, slack, now=NOW + 2 * MINUTE).sent == 1
    assert labels(slack) == ["", ""]


def test_an_unknown_outcome_is_repeated_once_with_a_label_then_left_alone(folder: Path) -> None:
    newsroom, slack = desk(folder), FakeChannel(failing("unknown"), failing("unknown"))
    newsroom.run(*shifts(1))
    send(newsroom, slack)
    told = send(newsroom, slack, now=NOW + HOUR)
    assert told.remarks == (
        "slack: Slack is not well; sent twice by now and left alone; see `ajar alerts list`",
    )
    assert send(newsroom, slack, now=NOW + DAY).sent == 0
    assert labels(slack) == ["", REPEAT]
    assert statuses(newsroom) == {"unconfirmed": 1}
    with newsroom.open() as opened:
        assert retry_alerts(opened.connection, now=NOW + 2 * DAY) == 0
        assert retry_alerts(opened.connection, now=NOW + 2 * DAY, unconfirmed=True) == 1
    assert send(newsroom, slack, now=NOW + 2 * DAY).sent == 1
    assert labels(slack) == ["", REPEAT, REPEAT]


def test_a_message_nobody_will_take_is_a_dead_letter_and_the_next_goes_out(folder: Path) -> None:
    newsroom, slack = desk(folder), FakeChannel(failing("permanent"))
    newsroom.run(*shifts(2))
    assert send(newsroom, slack).sent == 1
    assert statuses(newsroom) == {"dead": 1, "sent": 1}


def test_retry_after_makes_the_channel_wait_within_the_pass(folder: Path) -> None:
    newsroom, watch = desk(folder), FakeTime()
    slack = FakeChannel(Delivered(), failing(retry_after=timedelta(seconds=30), channel_fails=True))
    newsroom.run(*shifts(4))
    told = send(newsroom, slack, clock=watch.clock, sleep=watch.sleep)
    assert (told.sent, watch.slept) == (4, [30.0])
    assert newsroom.rows("SELECT sum(attempts) FROM alerts") == [(5,)]


def test_a_long_retry_after_leaves_the_rest_to_the_next_pass(folder: Path) -> None:
    newsroom, watch = desk(folder), FakeTime()
    slack = FakeChannel(failing(retry_after=HOUR, channel_fails=True))
    newsroom.run(*shifts(3))
    assert send(newsroom, slack, clock=watch.clock, sleep=watch.sleep).sent == 0
    assert watch.slept == []
    assert len(slack.messages) == 1
    assert newsroom.rows("SELECT DISTINCT next_attempt_at FROM alerts") == [(NOW + HOUR,)]
    assert send(newsroom, slack, now=NOW + HOUR).sent == 3


def test_a_channel_that_keeps_failing_is_left_alone_until_the_next_pass(folder: Path) -> None:
    newsroom = desk(folder)
    slack = FakeChannel(*[failing(channel_fails=True)] * FAILURES_IN_A_ROW)
    newsroom.run(*shifts(FAILURES_IN_A_ROW + 3))
    send(newsroom, slack)
    assert len(slack.messages) == FAILURES_IN_A_ROW
    assert newsroom.rows("SELECT status, attempts, count(*) FROM alerts GROUP BY ALL ORDER BY ALL") == [
        ("failed", 1, FAILURES_IN_A_ROW),
        ("pending", 0, 3),
    ]
    assert send(newsroom, slack, now=NOW + HOUR).sent == FAILURES_IN_A_ROW + 3


def test_a_pass_ends_in_time_and_the_rest_waits(folder: Path) -> None:
    newsroom, watch = desk(folder), FakeTime()
    newsroom.run(*shifts(5))

    class Slow(FakeChannel):
        def deliver(self, message: Message) -> Outcome:
            watch.seconds += 40
            return super().deliver(message)

    slack = Slow()
    assert send(newsroom, slack, clock=watch.clock, sleep=watch.sleep, seconds=100).sent == 3
    assert statuses(newsroom) == {"pending": 2, "sent": 3}


def test_quiet_hours_keep_everything_back_until_they_end(folder: Path) -> None:
    rules = AlertSettings(rules=ChannelRules(quiet_hours=(time(8, 0), time(10, 0))))
    newsroom, slack = desk(folder, rules), FakeChannel()
    newsroom.run(*shifts(2))
    assert send(newsroom, slack, rules=rules).sent == 0
    assert send(newsroom, slack, rules=rules, now=NOW + HOUR).sent == 2


def test_what_is_beyond_the_budget_comes_as_one_digest(folder: Path) -> None:
    rules = AlertSettings(rules=ChannelRules(per_day=2, digest_at=time(18, 0)))
    newsroom, slack = desk(folder, rules), FakeChannel()
    newsroom.run(*shifts(7))
    assert send(newsroom, slack, rules=rules).sent == 2
    assert send(newsroom, slack, rules=rules, now=NOW + 8 * HOUR).sent == 0
    assert send(newsroom, slack, rules=rules, now=NOW + 9 * HOUR).sent == 5
    digest = slack.messages[-1]
    assert isinstance(digest, DigestMessage) and len(digest.shifts) == 5
    assert len(slack.messages) == 3


class Desk(FakeChannel):
    """A channel that notes when it was told what, and is down at times."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.down = False
        self.told: list[tuple[datetime, Message]] = []

    def deliver(self, message: Message) -> Outcome:
        if self.down:
            return failing(channel_fails=True)
        self.told.append((self.now, message))
        return Delivered()


@settings(max_examples=2, deadline=None)
@given(
    news=st.lists(st.integers(0, 3), min_size=5, max_size=5),
    down=st.sets(st.integers(0, 4)),
    per_day=st.integers(0, 3),
    quiet=st.sampled_from([None, (time(22), time(7)), (time(9), time(17))]),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Asia/Seoul", "America/Los_Angeles"]),
    digest=st.sampled_from(["daily", "weekly"]),
)
# At 23:00 and at 06:00, both told at 07:00: one of them too many for that day.
@example(news=[0, 0, 1, 1, 0], down=set(), per_day=1, quiet=(time(22), time(7)), zone="UTC", digest="daily")
def test_the_budget_of_a_day_and_the_quiet_hours_hold_and_nothing_is_lost(
    imported: Path,
    news: list[int],
    down: set[int],
    per_day: int,
    quiet: tuple[time, time] | None,
    zone: str,
    digest: Any,
) -> None:
    """N13, over the days and with a channel that is down at times."""
    own = ChannelRules(
        per_day=per_day, quiet_hours=quiet, time_zone=ZoneInfo(zone), digest=digest, digest_at=time(8, 0)
    )
    rules = AlertSettings(rules=own)
    with TemporaryDirectory() as name:
        shutil.copyfile(imported, Path(name) / imported.name)
        newsroom, slack = desk(Path(name), rules), Desk()
        for number, reports in enumerate(news):
            slack.now, slack.down = NOW + number * 7 * HOUR, number in down
            newsroom.run(
                *(
                    report(f"{number}-{n}", mention(artefact=f"Model {number}-{n}"), published=slack.now)
                    for n in range(reports)
                ),
                now=slack.now,
            )
            send(newsroom, slack, rules=rules, now=slack.now)
        slack.down = False
        waiting = "SELECT min(next_attempt_at) FROM alerts WHERE status IN ('pending', 'failed')"
        while (due := newsroom.rows(waiting)[0][0]) is not None:
            slack.now = end_of_quiet(own, max(due, slack.now))
            send(newsroom, slack, rules=rules, now=slack.now)
        assert statuses(newsroom) == ({"sent": sum(news)} if sum(news) else {})
    told = Counter(
        shift.alert.artefact
        for _, message in slack.told
        for shift in (message.shifts if isinstance(message, DigestMessage) else [message])
        if isinstance(shift, ShiftMessage)
    )
    assert set(told.values()) <= {1} and len(told) == sum(news)
    days = Counter(
        moment.astimezone(own.time_zone).date()
        for moment, message in slack.told
        if isinstance(message, ShiftMessage)
    )
    assert max(days.values(), default=0) <= per_day
    assert not any(is_quiet(own, moment) for moment, _ in slack.told)


def test_a_digest_of_unknown_outcome_is_repeated_apart_from_new_shifts(folder: Path) -> None:
    rules = AlertSettings(rules=ChannelRules(per_day=0, digest_at=time(18, 0)))
    newsroom, slack = desk(folder, rules), FakeChannel(failing("unknown"))
    newsroom.run(*shifts(2))
    send(newsroom, slack, rules=rules, now=NOW + 9 * HOUR)
    newsroom.run(report("late", mention(artefact="Late")), now=NOW + 8 * HOUR)
    assert send(newsroom, slack, rules=rules, now=NOW + 10 * HOUR).sent == 3
    digests = [message for message in slack.messages if isinstance(message, DigestMessage)]
    assert sorted((len(digest.shifts), digest.label) for digest in digests) == [
        (1, ""),
        (2, ""),
        (2, REPEAT),
    ]


def test_a_second_outlet_brings_an_alert_out_of_the_digest(folder: Path) -> None:
    rules = AlertSettings(rules=ChannelRules(corroborated=True))
    newsroom, slack = desk(folder, rules), FakeChannel()
    newsroom.run(report("first", mention(), source="halden-post"))
    assert send(newsroom, slack, rules=rules).sent == 0
    newsroom.run(report("second", mention(), source="wire-nine"), now=NOW + HOUR)
    assert send(newsroom, slack, rules=rules, now=NOW + HOUR).sent == 1
    assert send(newsroom, slack, rules=rules, now=NOW + 3 * DAY).sent == 0


def test_a_follow_up_knows_what_was_told_before(folder: Path) -> None:
    newsroom, slack = desk(folder), FakeChannel()
    newsroom.run(report("promise", mention(stage="announced", licence="MIT", level=6)))
    send(newsroom, slack)
    later = NOW + 2 * DAY
    newsroom.run(report("kept", mention(licence="BUSL-1.1", level=5), published=later), now=later)
    send(newsroom, slack, now=later)
    promise, kept = slack.messages
    assert isinstance(promise, ShiftMessage) and isinstance(kept, ShiftMessage)
    assert promise.thread == kept.thread
    assert kept.follow_up == (
        "Since the alert of 2026-03-02: announced → done, licence MIT → BUSL-1.1, level 6 → 5"
    )


KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from flows.alerting import send_alerts
from flows.channels.pace import Pace
from flows.channels.slack import SlackChannel
from flows.secret import Secret
warehouse, url, now, fatal, number = sys.argv[1:]
seen = 0
def reached(point):
    global seen
    seen += point == fatal
    if point == fatal and seen == int(number):
        os.kill(os.getpid(), signal.SIGKILL)
slack = SlackChannel(Secret(url), pace=Pace(0))
send_alerts(Path(warehouse), [slack], now=datetime.fromisoformat(now), reached=reached)
"""


@pytest.mark.parametrize(
    ("point", "number", "repeats"),
    [
        ("claimed", 1, 0),
        ("trying", 2, 1),
        ("delivered", 3, 1),
        ("noted", 1, 0),
        ("sent", 1, 0),
        ("settled", 1, 0),
    ],
)
def test_killed_anywhere_everything_arrives_and_at_most_one_is_repeated_and_says_so(
    folder: Path, point: str, number: int, repeats: int
) -> None:
    newsroom = desk(folder)
    newsroom.run(*shifts(3))
    with slack_double() as double:
        arguments = [str(newsroom.path), double.url, NOW.isoformat(), point, str(number)]
        ended = subprocess.run([sys.executable, "-c", KILLED, *arguments], timeout=60, check=False)
        assert ended.returncode == -signal.SIGKILL
        channel = SlackChannel(Secret(double.url), pace=Pace(0))
        send(newsroom, channel, now=NOW + HOUR)
        channel.close()
    assert_each_once_or_labelled(double.accepted, 3)
    labelled = sum(REPEAT in message["text"] for message in double.accepted)
    # Killed between the note and the send, nothing had gone out, and the label is caution.
    assert labelled == repeats
    assert statuses(newsroom) == {"sent": 3}


def test_a_digest_of_which_nobody_knows_whether_it_went_out_is_repeated_whole_and_says_so(
    folder: Path,
) -> None:
    rules = AlertSettings(rules=ChannelRules(per_day=0, digest_at=time(10, 0)))
    newsroom = desk(folder, rules)
    newsroom.run(*shifts(3))
    later = NOW + HOUR
    with slack_double() as double:
        arguments = [str(newsroom.path), double.url, later.isoformat(), "delivered", "1"]
        ended = subprocess.run([sys.executable, "-c", KILLED, *arguments], timeout=60, check=False)
        assert ended.returncode == -signal.SIGKILL
        channel = SlackChannel(Secret(double.url), pace=Pace(0))
        send(newsroom, channel, rules=rules, now=later + HOUR)
        channel.close()
    assert [message["text"] for message in double.accepted] == [
        "3 more openness shifts, 2026-03-02",
        f"{REPEAT} 3 more openness shifts, 2026-03-02",
    ]
    assert statuses(newsroom) == {"sent": 3}


def assert_each_once_or_labelled(accepted: list[dict[str, Any]], number: int) -> None:
    """Every shift arrived; none more than twice, and none twice without a label on the second."""
    plain = Counter(message["text"] for message in accepted if REPEAT not in message["text"])
    labelled = Counter(
        message["text"].removeprefix(REPEAT + " ") for message in accepted if REPEAT in message["text"]
    )
    assert max(plain.values(), default=0) <= 1
    assert max(labelled.values(), default=0) <= 1
    assert len(set(plain) | set(labelled)) == number


def flaky(seed: int, given: list[Answer]) -> Any:
    """Fails three times in ten; half of the failures come after the message was accepted. `given` takes
    what was answered."""
    chance, lock = random.Random(seed), threading.Lock()

    def answer(number: int) -> Answer:
        ways: list[Answer] = [500, (429, {"Retry-After": "7"}, b""), "reset", "reset"]
        with lock:
            draw = chance.random()
            given.append(200 if draw >= 0.3 else ways[int(draw / 0.3 * len(ways))])
            return given[-1]

    return answer


def test_through_apprise_too_none_arrives_more_than_twice(folder: Path) -> None:
    newsroom = desk(folder, channels=("json",))
    newsroom.run(*shifts(25))
    now = NOW
    with slack_double(flaky(8, [])) as double:
        channel = AppriseChannel("json", Secret(double.url.replace("http://", "json://")), pace=Pace(0))
        while statuses(newsroom).keys() & {"pending", "failed"}:
            send(newsroom, channel, now=now, seconds=1e9)
            now += timedelta(minutes=15)
    times = Counter(message["title"] for message in double.accepted)
    repeats = Counter(message["title"] for message in double.accepted if REPEAT in message["message"])
    assert len(times) == 25
    assert all(number == 1 + repeats[title] <= 2 for title, number in times.items())
    assert repeats


@pytest.mark.parametrize(
    "number",
    [60, pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(3600)])],
)
def test_through_a_flaky_endpoint_each_arrives_none_more_than_twice_none_unlabelled_twice(
    folder: Path, number: int
) -> None:
    newsroom = desk(folder)
    newsroom.run(*shifts(number))
    now, passes = NOW, 0
    given: list[Answer] = []
    with slack_double(flaky(6, given)) as double:
        channel = SlackChannel(Secret(double.url), pace=Pace(0))
        while statuses(newsroom).keys() & {"pending", "failed"}:
            send(newsroom, channel, now=now, seconds=1e9)
            now += timedelta(minutes=15)
            passes += 1
            assert passes < 500
        channel.close()
    assert_each_once_or_labelled(double.accepted, number)
    # The table says what happened: `unconfirmed` are those that were accepted twice, both times unanswered.
    accepting = [answer for answer in given if answer in (200, "reset")]
    unanswered = Counter(
        message["text"].removeprefix(REPEAT + " ")
        for message, answer in zip(double.accepted, accepting, strict=True)
        if answer == "reset"
    )
    both_times = sum(times == 2 for times in unanswered.values())
    ended = statuses(newsroom)
    assert (ended["sent"], ended.get("unconfirmed", 0)) == (number - both_times, both_times)
    print(  # noqa: T201 - the figures, shown by `pytest -rP`
        f"{number:,} alerts, {len(given):,} requests, {len(double.accepted):,} accepted: {ended}; "
        f"{len(double.accepted) - number:,} arrived twice, the second labelled; {passes} passes"
    )


def test_no_secret_is_kept_in_the_table_the_journal_or_the_report(folder: Path) -> None:
    newsroom = desk(folder)
    newsroom.run(*shifts(4))
    answers: list[Answer] = [500, "reset", (403, {}, b"hush-token"), (400, {}, b"hush-token")]
    journal: list[bytes] = []
    path = folder / "ajar.sending.jsonl"

    def reached(point: str) -> None:
        if point == "sent":
            journal.append(path.read_bytes())

    with slack_double(lambda number: answers[number]) as double:
        channel = SlackChannel(Secret(double.url), pace=Pace(0))
        told = send(newsroom, channel, reached=reached)
        channel.close()
    with newsroom.open() as opened:
        listed = list_alerts(opened.connection)
    assert len(listed.rows) == 4
    assert b"permanent" in b"".join(journal)
    for kept in (str(told), str(listed.rows), str(journal)):
        assert "hush" not in kept
