"""The copy of the warehouse that reports and questions read; before the first pass, the cited history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from flows.settings import PUBLISHED_NAME, WAREHOUSE_NAME, Settings
from warehouse.database import open_published, open_warehouse, publish


def nothing_read(settings: Settings) -> bool:
    """True before the first pass."""
    return not settings.published.exists() and not settings.warehouse.exists()


@contextmanager
def open_read_copy(settings: Settings, *, now: datetime) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published copy; before the first pass one made for the moment, with the cited history only.

    Raises StorageError when there is a warehouse and its copy cannot be read.
    """
    if not nothing_read(settings):
        with open_published(settings.published) as connection:
            yield connection
        return
    with TemporaryDirectory() as folder:
        warehouse, published = Path(folder) / WAREHOUSE_NAME, Path(folder) / PUBLISHED_NAME
        with open_warehouse(warehouse, now=now):
            pass
        publish(warehouse, published)
        with open_published(published) as connection:
            yield connection
