"""Email, by SMTP: plain, with STARTTLS or with TLS from the start, with or without login."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from flows.channels.delivery import REPEAT_AFTER, Delivered, Outcome, Undelivered
from flows.channels.mail_layout import mail_message
from flows.channels.mail_server import MailServer
from flows.channels.names import MAIL
from flows.messages import Message, legible

TIMEOUT_SECONDS = 20.0


class _ServerError(Exception):
    """The server, not the message, is why nothing was sent."""


class _RefusedError(Exception):
    """The server answered a command about this message with an error code."""

    def __init__(self, doing: str, code: int, answer: bytes) -> None:
        super().__init__(f"the mail server refuses {doing}: {_said(code, answer)}")
        self.code = code


class MailChannel:
    """Hands mail in at one server, all messages of a pass over one connection."""

    name = MAIL

    def __init__(
        self,
        server: MailServer,
        *,
        sender: str,
        recipients: Sequence[str],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._server = server
        self.sender = sender
        self.recipients = tuple(recipients)
        self._clock = clock
        self._timeout = timeout_seconds
        self._smtp: smtplib.SMTP | None = None

    def deliver(self, message: Message) -> Outcome:
        """Hand in one message for all recipients."""
        return self.hand_in(
            mail_message(message, sender=self.sender, recipients=self.recipients, now=self._clock())
        )

    def hand_in(self, mail: EmailMessage) -> Outcome:
        """Hand in one mail, made by the caller, for all recipients."""
        try:
            smtp = self._connected()
            refused = self._envelope(smtp)
            payload = _payload(mail)
            self._offer(smtp, payload)
        except _RefusedError as error:
            self._reset()
            permanent = error.code >= 500
            return Undelivered(reason=str(error), failure="permanent" if permanent else "transient")
        except (_ServerError, OSError, smtplib.SMTPException) as error:
            self._forget()
            return Undelivered(reason=_why(error, self._server), failure="transient", channel_fails=True)
        return self._finish(smtp, refused)

    def close(self) -> None:
        """Say goodbye, if there is a connection."""
        if self._smtp is not None:
            try:
                self._smtp.quit()
            except (OSError, smtplib.SMTPException):
                self._smtp.close()
            self._smtp = None

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            self._smtp = self._connect()
        return self._smtp

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        name = socket.gethostname()
        smtp: smtplib.SMTP
        if server.security == "tls":
            smtp = smtplib.SMTP_SSL(
                server.host,
                server.port,
                local_hostname=name,
                timeout=self._timeout,
                context=ssl.create_default_context(),
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=self._timeout)
        try:
            smtp.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                if not smtp.has_extn("starttls"):
                    raise _ServerError("the mail server offers no STARTTLS; use smtps:// if it takes TLS")
                smtp.starttls(context=ssl.create_default_context())
                smtp.ehlo_or_helo_if_needed()
            if server.user is not None and server.password is not None:
                smtp.login(server.user, server.password.reveal())
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _envelope(self, smtp: smtplib.SMTP) -> list[str]:
        """Name sender and recipients; returns why single recipients were refused.

        One recipient who is refused for the moment postpones the message for all, so that nobody gets it
        twice; one who is refused for good does not keep it from the others.
        """
        code, answer = smtp.mail(self.sender)
        if code != 250:
            raise _RefusedError("the sender", code, answer)
        refused: list[_RefusedError] = []
        for recipient in self.recipients:
            code, answer = smtp.rcpt(recipient)
            if code not in (250, 251):
                error = _RefusedError(recipient, code, answer)
                if code < 500:
                    raise error
                refused.append(error)
        if len(refused) == len(self.recipients):
            raise refused[0]
        return [str(error) for error in refused]

    def _offer(self, smtp: smtplib.SMTP, payload: bytes) -> None:
        """Everything up to, and without, the line that makes the server accept the message."""
        code, answer = smtp.docmd("DATA")
        if code != 354:
            raise _RefusedError("the message", code, answer)
        smtp.send(payload)

    def _finish(self, smtp: smtplib.SMTP, refused: list[str]) -> Outcome:
        try:
            smtp.send(b".\r\n")
            code, answer = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._forget()
            return Undelivered(
                reason=f"{_why(error, self._server)} after the message was handed in; it may have gone out",
                failure="unknown",
                retry_after=REPEAT_AFTER,
                channel_fails=True,
            )
        if code != 250:
            self._reset()
            return Undelivered(
                reason=str(_RefusedError("the message", code, answer)),
                failure="permanent" if code >= 500 else "transient",
            )
        return Delivered(remark="; ".join(refused) or None)

    def _reset(self) -> None:
        """Make the connection ready for the next message."""
        if self._smtp is not None:
            try:
                self._smtp.rset()
            except (OSError, smtplib.SMTPException):
                self._forget()

    def _forget(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None


def _payload(mail: EmailMessage) -> bytes:
    """The message with CRLF line ends and leading dots doubled (RFC 5321 §4.5.2), without the final dot."""
    raw = mail.as_bytes(policy=SMTP.clone(max_line_length=78, cte_type="7bit"))
    lines = raw.removesuffix(b"\r\n").split(b"\r\n")
    return b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)


def _why(error: Exception, server: MailServer) -> str:
    """One sentence without what was sent: smtplib's own messages may hold the login."""
    if isinstance(error, _ServerError):
        return str(error)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"the mail server refuses the login ({_said(error.smtp_code, b'')}); check AJAR_SMTP_URL"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "the mail server offers no login here; use smtp+starttls:// or smtps://"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server turns us away ({_said(error.smtp_code, b'')})"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the mail server's certificate is not trusted ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "the mail server does not answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the mail server hung up"
    known = {"gaierror": "no such name", "ConnectionRefusedError": "nobody listens there"}
    why = known.get(type(error).__name__, type(error).__name__)
    return f"the mail server {server.host}:{server.port} cannot be reached ({why}); check AJAR_SMTP_URL"


def _said(code: int, answer: bytes | str) -> str:
    words = answer if isinstance(answer, str) else answer.decode("utf-8", "replace")
    return f"{code} {legible(words)[:200]}".strip()
