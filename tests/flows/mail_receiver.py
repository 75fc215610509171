"""A real SMTP server on this machine, with TLS and login when asked, that keeps what it was handed."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Mailbox:
    """What was handed in, and how to answer: the server's line for a stage, or None for its own."""

    answers: dict[str, str] = field(default_factory=dict)
    """By stage: `mail`, `data`, or a recipient's address."""
    hang_up: bool = False
    """Close the connection after the message was accepted, without saying so."""
    messages: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    port: int = 0


class _Handler:
    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self._mailbox.answers.get("mail"):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self._mailbox.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if answer := self._mailbox.answers.get("data"):
            return answer
        content = cast(bytes, envelope.content)
        self._mailbox.raw.append(content)
        self._mailbox.messages.append(message_from_bytes(content, policy=default))
        self._mailbox.recipients.append(list(envelope.rcpt_tos))
        transport: Any = server.transport
        self._mailbox.encrypted.append(transport.get_extra_info("ssl_object") is not None)
        if self._mailbox.hang_up:
            transport.abort()
        return "250 accepted"


@contextmanager
def mail_receiver(
    *, certificate: trustme.LeafCert | None = None, tls: bool = False, login: tuple[str, str] | None = None
) -> Iterator[Mailbox]:
    """A server: with a certificate it offers STARTTLS and insists on it, with `tls` it speaks TLS at once."""
    mailbox = Mailbox()
    context: ssl.SSLContext | None = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert login is not None and isinstance(data, LoginPassword)
        mailbox.logins.append(data.login.decode())
        right = (data.login.decode(), data.password.decode()) == login
        return AuthResult(success=right, handled=right)

    options: dict[str, Any] = {"hostname": "127.0.0.1", "port": 0, "ready_timeout": 10.0}
    if login is not None:
        options |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": not tls}
    if context is not None and tls:
        options["ssl_context"] = context
    elif context is not None:
        options |= {"tls_context": context, "require_starttls": True}
    controller = _OnAnyPort(_Handler(mailbox), **options)
    controller.start()
    try:
        mailbox.port = controller.port
        yield mailbox
    finally:
        controller.stop(no_assert=True)


class _OnAnyPort(Controller):
    """The kernel chooses the port, so that tests do not meet."""

    def _trigger_server(self) -> None:
        """Starting makes a first connection, to the port that was asked for; by now the true one is known."""
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]
