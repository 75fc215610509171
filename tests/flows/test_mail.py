"""Email: handed in to a real SMTP server, over TLS; readable, threaded, and harmless whatever it quotes."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import ConfigurationError
from flows.channels.delivery import Delivered, Outcome, Undelivered
from flows.channels.mail import MailChannel
from flows.channels.mail_layout import mail_message
from flows.channels.mail_server import MailServer, read_mail_server, read_recipients
from flows.messages import Message, Notice, compose_digest, compose_shift
from flows.secret import Secret
from tests.flows.golden_files import assert_golden
from tests.flows.mail_receiver import Mailbox, mail_receiver
from tests.flows.receivers import HOSTILE, NOW, follow_up_alert, pending_alert

SENDER = "ajar@example.org"
DESK = "desk@example.org"
FIRST = compose_shift(pending_alert())
MESSAGES: dict[str, Message] = {
    "first": FIRST,
    "follow-up": compose_shift(follow_up_alert(repeat=True)),
    "digest": compose_digest([pending_alert(), pending_alert(direction="closing", artefact="Zephyr")]),
    "notice": Notice(key="n", title="Ajar: one thing needs a look", lines=("No new article since <now>.",)),
    "hostile": compose_shift(
        pending_alert(
            actor=HOSTILE[0],
            artefact=HOSTILE[2],
            headline=HOSTILE[3],
            evidence=HOSTILE[5],
            territory=HOSTILE[6],
        )
    ),
}


def composed(message: Message) -> EmailMessage:
    return mail_message(message, sender=SENDER, recipients=[DESK], now=NOW)


def part(mail: EmailMessage, subtype: str) -> str:
    body = mail.get_body((subtype,))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("name", MESSAGES)
def test_a_mail_is_as_expected(name: str) -> None:
    mail = composed(MESSAGES[name])
    headers = "".join(f"{key}: {value}\n" for key, value in mail.items() if key != "Content-Type")
    assert_golden(f"mail-{name}.txt", f"{headers}\n{part(mail, 'plain')}")
    assert_golden(f"mail-{name}.html", part(mail, "html"))


class _Tags(HTMLParser):
    """What an HTML document does beyond showing text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("href", "src"):
                self.links.append(value or "")


OWN_TAGS = frozenset(
    (
        "html",
        "head",
        "meta",
        "title",
        "body",
        "div",
        "p",
        "h1",
        "h2",
        "blockquote",
        "table",
        "tr",
        "th",
        "td",
        "a",
        "code",
    )
)
OWN_ATTRIBUTES = frozenset(
    ("lang", "charset", "name", "content", "style", "role", "cellpadding", "cellspacing", "scope", "href")
)


def assert_harmless(mail: EmailMessage) -> None:
    """It can be sent, holds only our headers and tags, and links only to plain web addresses."""
    raw = mail.as_bytes()
    head, _, _ = raw.partition(b"\r\n\r\n")
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    names = {line.split(b":")[0] for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))}
    assert b"Bcc" not in names and names >= {b"Subject", b"From", b"To", b"Date", b"Message-ID"}
    seen = _Tags()
    seen.feed(part(mail, "html"))
    assert seen.tags <= OWN_TAGS
    assert seen.attributes <= OWN_ATTRIBUTES
    assert all(re.match(r"https?://", link) for link in seen.links)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_text(text: str) -> None:
    alert = pending_alert(
        shift_id=text, actor=text, artefact=text, headline=text, evidence=text, licence_from=text,
        territory=text, rule=text, url=f"https://example.org/{text}",
    )  # fmt: skip
    assert_harmless(composed(compose_shift(alert)))
    assert_harmless(composed(compose_digest([alert, alert])))


@given(st.text(max_size=300), st.text(max_size=120))
def test_whatever_is_written_the_mail_can_be_sent(evidence: str, name: str) -> None:
    assert_harmless(composed(compose_shift(pending_alert(evidence=evidence, actor=name, headline=name))))


def test_the_messages_about_one_shift_hang_together() -> None:
    promise = composed(compose_shift(pending_alert(stage="announced")))
    kept = composed(compose_shift(pending_alert(stage="done", thread="94f0f59c26fd5deb")))
    again = composed(compose_shift(pending_alert(stage="done", repeat=True)))
    assert promise["References"] == kept["References"] == again["References"] == kept["In-Reply-To"]
    assert len({promise["Message-ID"], kept["Message-ID"], again["Message-ID"]}) == 3
    assert composed(compose_shift(pending_alert(stage="announced")))["Message-ID"] == promise["Message-ID"]
    other = composed(compose_shift(pending_alert(shift_id="ffffffffffffffff")))
    assert other["References"] != promise["References"]


def test_a_shift_that_was_renamed_stays_in_its_thread() -> None:
    mail = composed(compose_shift(follow_up_alert(shift_id="aaaaaaaaaaaaaaaa", thread="0011223344556677")))
    assert "0011223344556677" in mail["References"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.LeafCert:
    """A certificate for this machine, of an authority that OpenSSL is told to trust."""
    bundle = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    return authority.issue_cert("127.0.0.1", "localhost")


def channel(url: str, recipients: tuple[str, ...] = (DESK,), *, timeout_seconds: float = 10.0) -> MailChannel:
    return MailChannel(
        read_mail_server(Secret(url)),
        sender=SENDER,
        recipients=recipients,
        clock=lambda: NOW,
        timeout_seconds=timeout_seconds,
    )


def deliver(url: str, message: Message = FIRST, recipients: tuple[str, ...] = (DESK,)) -> Outcome:
    mail = channel(url, recipients)
    try:
        return mail.deliver(message)
    finally:
        mail.close()


def test_mail_goes_over_starttls_with_login(trusted: trustme.LeafCert) -> None:
    with mail_receiver(certificate=trusted, login=("desk@example.org", "p@ss/w:rd")) as mailbox:
        url = f"smtp+starttls://desk%40example.org:p%40ss%2Fw%3Ard@127.0.0.1:{mailbox.port}"
        assert deliver(url) == Delivered()
    assert (mailbox.encrypted, mailbox.logins, mailbox.recipients) == ([True], ["desk@example.org"], [[DESK]])
    assert mailbox.messages[0]["Subject"] == "Opening · done: Corvane opens Lumen 2 (weights)"


def test_mail_goes_over_tls_from_the_start(trusted: trustme.LeafCert) -> None:
    with mail_receiver(certificate=trusted, tls=True) as mailbox:
        assert deliver(f"smtps://127.0.0.1:{mailbox.port}") == Delivered()
    assert mailbox.encrypted == [True]


def test_mail_goes_in_the_clear_only_when_asked(trusted: trustme.LeafCert) -> None:
    with mail_receiver() as mailbox:
        assert deliver(f"smtp://127.0.0.1:{mailbox.port}") == Delivered()
        refused = deliver(f"smtp+starttls://127.0.0.1:{mailbox.port}")
    assert isinstance(refused, Undelivered) and "offers no STARTTLS" in refused.reason
    assert len(mailbox.messages) == 1


def test_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    certificate = trustme.CA().issue_cert("127.0.0.1")
    with mail_receiver(certificate=certificate, tls=True) as mailbox:
        outcome = deliver(f"smtps://127.0.0.1:{mailbox.port}")
    assert isinstance(outcome, Undelivered)
    assert outcome.failure == "transient" and "certificate is not trusted" in outcome.reason
    assert mailbox.messages == []


def test_a_wrong_password_waits_for_a_right_one_and_is_not_shown(
    trusted: trustme.LeafCert, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with mail_receiver(certificate=trusted, login=("desk", "right")) as mailbox:
        outcome = deliver(f"smtp+starttls://desk:hush-word@127.0.0.1:{mailbox.port}")
    assert isinstance(outcome, Undelivered)
    assert (outcome.failure, outcome.channel_fails) == ("transient", True)
    assert "refuses the login" in outcome.reason
    assert "hush" not in outcome.reason
    # `mail.log` is the server's, which is not ours.
    assert not [line for line in caplog.records if line.name != "mail.log" and "hush" in line.getMessage()]


@pytest.fixture
def plain() -> Iterator[Mailbox]:
    with mail_receiver() as mailbox:
        yield mailbox


@pytest.mark.parametrize("stage", ["mail", DESK, "data"])
@pytest.mark.parametrize(("code", "failure"), [("451 come back later", "transient"), ("554 no", "permanent")])
def test_4xx_is_tried_again_and_5xx_given_up(plain: Mailbox, stage: str, code: str, failure: str) -> None:
    plain.answers[stage] = code
    mail = channel(f"smtp://127.0.0.1:{plain.port}")
    outcome = mail.deliver(FIRST)
    assert isinstance(outcome, Undelivered)
    assert (outcome.failure, outcome.channel_fails) == (failure, False)
    assert code in outcome.reason
    plain.answers.clear()
    assert mail.deliver(FIRST) == Delivered()
    mail.close()


def test_one_recipient_refused_for_good_does_not_keep_it_from_the_others(plain: Mailbox) -> None:
    plain.answers["gone@example.org"] = "550 no such user"
    outcome = deliver(f"smtp://127.0.0.1:{plain.port}", recipients=("gone@example.org", DESK))
    assert outcome == Delivered(remark="the mail server refuses gone@example.org: 550 no such user")
    assert plain.recipients == [[DESK]]


def test_one_recipient_refused_for_now_postpones_it_for_all(plain: Mailbox) -> None:
    plain.answers["grey@example.org"] = "450 greylisted"
    outcome = deliver(f"smtp://127.0.0.1:{plain.port}", recipients=(DESK, "grey@example.org"))
    assert isinstance(outcome, Undelivered) and outcome.failure == "transient"
    assert plain.messages == []


def test_a_hang_up_after_acceptance_is_an_unknown_outcome(plain: Mailbox) -> None:
    plain.hang_up = True
    mail = channel(f"smtp://127.0.0.1:{plain.port}")
    outcome = mail.deliver(FIRST)
    assert isinstance(outcome, Undelivered)
    assert (outcome.failure, len(plain.messages)) == ("unknown", 1)
    plain.hang_up = False
    assert mail.deliver(FIRST) == Delivered()
    mail.close()


@pytest.mark.parametrize(
    ("server", "why"),
    [("127.0.0.1:9", "nobody listens there"), ("no-such-host.invalid:25", "no such name")],
)
def test_a_server_that_is_not_there_is_a_transient_failure_that_names_it(server: str, why: str) -> None:
    outcome = deliver(f"smtp://{server}")
    assert isinstance(outcome, Undelivered)
    assert (outcome.failure, outcome.channel_fails) == ("transient", True)
    assert outcome.reason == f"the mail server {server} cannot be reached ({why}); check AJAR_SMTP_URL"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_arrives(plain: Mailbox, text: str) -> None:
    message = compose_shift(pending_alert(headline=text, evidence=text, actor=text))
    assert deliver(f"smtp://127.0.0.1:{plain.port}", message) == Delivered()
    assert message.evidence[:50] in " ".join(part(plain.messages[0], "plain").split())
    assert plain.messages[0]["Bcc"] is None


def test_lines_that_begin_with_a_dot_arrive_as_they_are(plain: Mailbox) -> None:
    notice = Notice(key="n", title="Dots", lines=(".", "..two", ".end"))
    assert deliver(f"smtp://127.0.0.1:{plain.port}", notice) == Delivered()
    assert part(plain.messages[0], "plain").split() == ["Dots", ".", "..two", ".end"]


def test_several_messages_go_over_one_connection(plain: Mailbox) -> None:
    mail = channel(f"smtp://127.0.0.1:{plain.port}")
    assert [mail.deliver(message) for message in MESSAGES.values()] == [Delivered()] * len(MESSAGES)
    mail.close()
    assert len(plain.messages) == len(MESSAGES)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", MailServer(host="mail.example.org", port=25, security="none")),
        (
            "smtp+starttls://mail.example.org",
            MailServer(host="mail.example.org", port=587, security="starttls"),
        ),
        ("smtps://mail.example.org:4650", MailServer(host="mail.example.org", port=4650, security="tls")),
    ],
)
def test_an_address_names_server_port_and_security(url: str, server: MailServer) -> None:
    assert read_mail_server(Secret(url)) == server


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("smtp://desk:hush@mail.example.org", "use smtp+starttls:// or smtps://"),
        ("smtps://hush@mail.example.org", "names a user and no password"),
        ("smtps://desk:hush@mail.example.org:99999", "the port is no number from 1 to 65535"),
    ],
)
def test_a_wrong_address_is_explained_without_repeating_it(url: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(complaint)) as caught:
        read_mail_server(Secret(url))
    assert "hush" not in str(caught.value)


def test_recipients_are_separated_by_commas() -> None:
    assert read_recipients(f" {DESK}, me@example.org,{DESK} ") == (DESK, "me@example.org")


@pytest.mark.parametrize("text", ["desk", "desk@example.org\nBcc: x@example.org", "A <a@example.org>", ","])
def test_a_recipient_that_is_no_address_is_named(text: str) -> None:
    with pytest.raises(ConfigurationError, match="AJAR_ALERT_TO"):
        read_recipients(text)
