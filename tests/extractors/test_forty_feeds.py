"""Ajar polls forty kinds of feed for two days as their publishers wish (`forty_feeds.py`)."""

from __future__ import annotations

import pytest

from tests.extractors.forty_feeds import KINDS, OF_ALL, Play, ajar, as_documented

CHECKS = [f"{kind.name}: {says}" for kind in KINDS for says in kind.checks] + list(OF_ALL)


@pytest.fixture(scope="module")
def held() -> dict[str, bool]:
    """Which checks hold of Ajar."""
    return Play().run(ajar)


def test_there_are_forty_kinds_of_feed() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS) == 40


@pytest.mark.parametrize("says", CHECKS)
def test_a_wish_of_a_publisher_is_respected(held: dict[str, bool], says: str) -> None:
    assert held[says]


def test_the_checks_tell_a_careless_reader() -> None:
    failed = [says for says, holds in Play().run(as_documented).items() if not holds]
    # What every reader does right is in no danger of being got wrong unnoticed: the other half is.
    assert len(failed) > len(CHECKS) / 2
    assert "max-age: max-age is waited for" in failed
    assert "steady: every later one names the version" not in failed
