"""The terminal, for those who have named no other channel, and for the demo."""

from __future__ import annotations

from collections.abc import Callable

from flows.channels.delivery import Delivered, Outcome
from flows.channels.names import CONSOLE
from flows.messages import DigestMessage, Message, ShiftMessage
from warehouse.alerts import PendingAlert


class ConsoleChannel:
    """Hands each alert to a function that shows it."""

    name = CONSOLE

    def __init__(self, show: Callable[[PendingAlert], None]) -> None:
        self._show = show

    def deliver(self, message: Message) -> Outcome:
        """Show its alerts; notices are for those who are not sitting here."""
        if isinstance(message, ShiftMessage):
            self._show(message.alert)
        elif isinstance(message, DigestMessage):
            for shift in message.shifts:
                self._show(shift.alert)
        return Delivered()

    def close(self) -> None:
        """Nothing to let go of."""
