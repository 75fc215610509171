"""Fixtures of the fetching tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.extractors.scripted_server import ScriptedServer


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    """A scripted server that is stopped after the test."""
    started = ScriptedServer()
    yield started
    started.stop()


@pytest.fixture
def no_fetch_threads_left() -> Iterator[None]:
    """Fails when a thread of the fetcher outlives the test; looking up a name may."""
    yield
    assert not [thread.name for thread in threading.enumerate() if thread.name == "ajar-fetch"]
