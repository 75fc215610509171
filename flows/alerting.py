"""Sends what waits in the outbox. Every channel goes the same way: claim, send, mark. So far: the console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from warehouse.alerts import PendingAlert, claim_pending, mark_sent
from warehouse.database import open_warehouse

BATCH = 100
"""Alerts claimed at once; the warehouse is closed while they are sent."""


def send_alerts(warehouse: Path, *, now: datetime, tell: Callable[[PendingAlert], None]) -> int:
    """Tell every alert that is due and mark it sent; returns how many.

    The caller holds the lock of the pass. Killed between telling and marking, the next pass tells it once
    more and says that it is a repeat.
    """
    sent = 0
    while True:
        with open_warehouse(warehouse, now=now) as opened:
            claimed = claim_pending(opened.connection, now=now, limit=BATCH, channels=["console"])
        if not claimed:
            return sent
        for alert in claimed:
            tell(alert)
        with open_warehouse(warehouse, now=now) as opened:
            for alert in claimed:
                mark_sent(opened.connection, alert, now=now)
        sent += len(claimed)
