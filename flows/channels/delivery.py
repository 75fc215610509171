"""What a channel is, and what may become of a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from flows.messages import Message
from warehouse.alerts import Failure

REPEAT_AFTER = timedelta(minutes=15)
"""So long after an unknown outcome the one repeat is sent: an outage of minutes must not use it up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The channel has accepted the message."""

    remark: str | None = None
    """What went wrong all the same, in one sentence; None: nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """The channel has not accepted the message, or nobody knows."""

    reason: str
    """One sentence for people, without secrets."""
    failure: Failure
    """`transient` only when surely nobody got the message."""
    retry_after: timedelta | None = None
    """What the channel asked for; None: nothing."""
    channel_fails: bool = False
    """True when not the message is at fault but the channel, so that the next message would fail as well."""


Outcome = Delivered | Undelivered


class Channel(Protocol):
    """One way to reach people."""

    @property
    def name(self) -> str:
        """As it stands in the table `alerts`."""

    def deliver(self, message: Message) -> Outcome:
        """Send one message; never raises for what the other side or the network does."""

    def close(self) -> None:
        """Let go of connections."""
