"""What several commands share: options, the settings in force, what they read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    import duckdb

    from flows.settings import Settings

FILE = click.Path(path_type=Path)

warehouse_option = click.option(
    "--warehouse", type=FILE, metavar="FILE", help="The DuckDB file, instead of the one in AJAR_HOME."
)


def settings_in_force(warehouse: Path | None = None, sources: Path | None = None) -> Settings:
    """The settings, with what the command line says over all else; None: it says nothing."""
    from flows.settings import load_settings

    return load_settings(warehouse=warehouse, sources=sources)


def read_clock() -> datetime:
    """The one moment at which a command looks at the clock, UTC."""
    return datetime.now(UTC)


@contextmanager
def open_answers(warehouse: Path | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """What questions are put to: the read copy; before the first pass the cited history, and a note of it.

    `warehouse` is the file a user named, which has to be there. None: the one of the settings.
    """
    from flows.read_copy import nothing_read, open_read_copy
    from warehouse.database import open_published

    settings = settings_in_force(warehouse)
    if warehouse is not None:
        with open_published(settings.published) as connection:
            yield connection
        return
    if nothing_read(settings):
        click.echo("Nothing was read yet (`ajar run` reads): this is the cited history.", err=True)
    with open_read_copy(settings, now=read_clock()) as connection:
        yield connection
