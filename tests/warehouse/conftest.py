"""Fixtures of the warehouse tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.warehouse.newsroom import DAY, NOW, Newsroom


@pytest.fixture(scope="session")
def imported_yesterday(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse whose sources were first read the day before the tests begin."""
    newsroom = Newsroom(tmp_path_factory.mktemp("yesterday"))
    newsroom.run(now=NOW - DAY)
    return newsroom.path


@pytest.fixture
def newsroom(imported_yesterday: Path, tmp_path: Path) -> Newsroom:
    """A newsroom whose sources were imported the day before, so that what comes now is news."""
    newsroom = Newsroom(tmp_path)
    newsroom.staged.mkdir()
    shutil.copyfile(imported_yesterday, newsroom.path)
    return newsroom
