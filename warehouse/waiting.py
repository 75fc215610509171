"""Which staged runs wait for a load."""

from __future__ import annotations

from pathlib import Path

PARTIAL = ".partial-"
BROKEN = ".broken"


def staged_folders(folder: Path) -> list[Path]:
    """The complete folders that wait for a load, oldest run first."""
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.is_dir() and not path.name.startswith(PARTIAL) and not path.name.endswith(BROKEN)
    )
