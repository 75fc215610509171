"""How a pass tells where it stands, whoever listens: a terminal, a log, a test that stops it there."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told where a pass stands."""

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage begins; `total` is the number of its steps, None when that is not known."""

    def advance(self, count: int = 1) -> None:
        """So many steps of the current stage are done."""


class _Silent:
    def stage(self, name: str, total: int | None = None) -> None:
        pass

    def advance(self, count: int = 1) -> None:
        pass


SILENT: Progress = _Silent()
"""Nobody listens."""
