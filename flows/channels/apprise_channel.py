"""Teams, Discord, Telegram, ntfy and a hundred others, through Apprise, which Prefect brings along.

One Apprise address is one channel. Apprise says whether a message was accepted and nothing more: not why
not, and not whether it may have been. So every attempt after the first is labelled as a repeat.
"""

from __future__ import annotations

import logging

import apprise

from extractors.errors import ConfigurationError
from flows.channels.delivery import Delivered, Outcome, Undelivered
from flows.channels.pace import Pace
from flows.messages import DigestMessage, Message, Notice, ShiftMessage
from flows.secret import Secret

# At DEBUG both log addresses with the tokens in them.
for _name in ("apprise", "urllib3"):
    logging.getLogger(_name).setLevel(logging.ERROR)

GAP_SECONDS = 1.0


class AppriseChannel:
    """One address that Apprise understands."""

    tells_failures_apart = False

    def __init__(self, name: str, url: Secret, *, pace: Pace | None = None) -> None:
        """Raises ConfigurationError when Apprise does not know the address; it is not repeated."""
        self._name = name
        self._pace = pace or Pace(GAP_SECONDS)
        self._apprise = apprise.Apprise()
        if not self._apprise.add(url.reveal()):
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
        accepted = self._apprise.notify(
            title=title,
            body=body,
            body_format=apprise.NotifyFormat.TEXT,
            # Otherwise `\n` written out in an article would become a line end.
            interpret_escapes=False,
        )
        if accepted:
            return Delivered()
        return Undelivered(
            reason=f"{self.name} has not accepted the message; Apprise does not say why",
            failure="transient",
            channel_fails=True,
        )

    def close(self) -> None:
        """Nothing is kept open."""


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
