"""Teams, Discord, Telegram, ntfy and a hundred others, through Apprise, which Prefect brings along.

One Apprise address is one channel. Apprise says whether a message was accepted and nothing more. But it logs
each failure where it happens, and while it handles an exception: which one tells whether the message may have
gone out all the same.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import apprise
import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NameResolutionError, NewConnectionError

from extractors.errors import ConfigurationError
from flows.channels.delivery import REPEAT_AFTER, Delivered, Outcome, Undelivered
from flows.channels.pace import Pace
from flows.messages import DigestMessage, Message, Notice, ShiftMessage
from flows.secret import Secret

_LOG = logging.getLogger("apprise")
# At DEBUG both log addresses with the tokens in them.
logging.getLogger("urllib3").setLevel(logging.ERROR)
_LOG.setLevel(logging.ERROR)

GAP_SECONDS = 1.0


@dataclass
class _Witness(logging.Filter):
    """Notes what Apprise fails at, and lets none of it into a log."""

    refused: int = 0
    """Answers that were no."""
    broken: list[BaseException] = field(default_factory=list)
    """What kept answers from coming."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = sys.exc_info()[1]
        if error is None:
            self.refused += 1
        else:
            self.broken.append(error)
        return False

    @property
    def surely_nobody_got_it(self) -> bool:
        """Whether nothing was sent, or all that was sent was refused."""
        return bool(self.refused or self.broken) and all(map(_was_not_sent, self.broken))


class AppriseChannel:
    """One address that Apprise understands."""

    def __init__(self, name: str, url: Secret, *, pace: Pace | None = None) -> None:
        """Raises ConfigurationError when Apprise does not know the address; it is not repeated."""
        self._name = name
        self._pace = pace or Pace(GAP_SECONDS)
        self._apprise = apprise.Apprise()
        with _witness():
            known = self._apprise.add(url.reveal())
        if not known:
            raise ConfigurationError(
                f"AJAR_NOTIFY_URLS: Apprise does not understand the address for '{name}'; "
                "see https://github.com/caronc/apprise/wiki, e.g. ntfy://ntfy.example.org/ajar"
            )

    @property
    def name(self) -> str:
        """The address's scheme, with a number when there are several."""
        return self._name

    def deliver(self, message: Message) -> Outcome:
        """Send one message as plain text; the service's own formatting is not used."""
        self._pace.wait()
        title, body = plain_text(message)
        with _witness() as seen:
            accepted = self._apprise.notify(
                title=title,
                body=body,
                body_format=apprise.NotifyFormat.TEXT,
                # Otherwise `\n` written out in an article would become a line end.
                interpret_escapes=False,
            )
        if accepted:
            return Delivered()
        # Of several targets at one address some may have taken it.
        if len(self._apprise[0]) == 1 and seen.surely_nobody_got_it:
            what = "cannot be reached" if seen.broken else "refuses the message"
            return Undelivered(reason=f"{self.name} {what}", failure="transient", channel_fails=True)
        return Undelivered(
            reason=f"{self.name} has not confirmed the message; it may have gone out",
            failure="unknown",
            retry_after=REPEAT_AFTER,
            channel_fails=True,
        )

    def close(self) -> None:
        """Nothing is kept open."""


@contextmanager
def _witness() -> Iterator[_Witness]:
    """Who sees what Apprise logs within the block."""
    seen = _Witness()
    _LOG.addFilter(seen)
    _LOG.setLevel(logging.WARNING)
    try:
        yield seen
    finally:
        _LOG.setLevel(logging.ERROR)
        _LOG.removeFilter(seen)


def _was_not_sent(error: BaseException) -> bool:
    """Whether a request failed before it was sent."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError):
        return True
    cause = error.args[0] if isinstance(error, requests.ConnectionError) and error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, NewConnectionError | NameResolutionError | ConnectTimeoutError)


def plain_text(message: Message) -> tuple[str, str]:
    """Title and body."""
    if isinstance(message, Notice):
        return message.title, "\n".join(message.lines) or message.title
    if isinstance(message, DigestMessage):
        lines = [
            f"• {shift.state}: {shift.headline}\n  {shift.url or ''}".rstrip() for shift in message.shifts
        ]
        return message.title, "\n".join([message.label, *lines] if message.label else lines)
    return f"{message.state}: {message.headline}", _body(message)


def _body(message: ShiftMessage) -> str:
    lines = [message.label] if message.label else []
    lines.append(f"“{message.evidence}”")
    if message.follow_up:
        lines.append(message.follow_up)
    lines += [f"{name}: {value}" for name, value in message.facts]
    named = ", ".join(f"{source.publisher} ({source.tier})" for source in message.sources)
    more = f" and {message.more_sources} more" if message.more_sources else ""
    lines.append(f"Reported {message.reported}, {named}{more}")
    if message.url:
        lines.append(message.url)
    return "\n".join(lines)
