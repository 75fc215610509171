"""Not faster than a channel allows."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """Keeps a least gap between the starts of two messages. A clock and a sleep can be put in by tests."""

    def __init__(
        self,
        gap_seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = gap_seconds
        self._clock = clock
        self._sleep = sleep
        self._next = clock()

    def wait(self) -> None:
        """Return when the next message may start."""
        missing = self._next - self._clock()
        if missing > 0:
            self._sleep(missing)
        self._next = self._clock() + self._gap
