"""Fixtures of the warehouse tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse.newsroom import DAY, NOW, Newsroom


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    """A newsroom whose sources were imported the day before, so that what comes now is news."""
    started = Newsroom(tmp_path)
    started.run(now=NOW - DAY)
    return started
