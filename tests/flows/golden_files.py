"""Messages as they are expected, in files that people read."""

from __future__ import annotations

from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


def assert_golden(name: str, content: str) -> None:
    """Compare with the file of that name. A missing one is written, and fails: read it, then commit it."""
    path = GOLDEN / name
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        pytest.fail(f"wrote {path.name}; read it, then commit it")
    assert content == path.read_text(encoding="utf-8")
