"""`ajar report`: publishes the report as one HTML file with a picture of its main chart beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import yaml

from extractors.errors import StorageError
from flows.openness_report import charts
from flows.openness_report.answers import ask
from flows.openness_report.findings import Findings, find
from flows.openness_report.page import render
from flows.openness_report.picture import draw
from flows.settings import PUBLISHED_NAME, WAREHOUSE_NAME, Settings
from warehouse.database import open_published, open_warehouse, publish

PAGE_NAME = "ajar-report.html"
PICTURE_NAME = "ajar-report.png"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report that was published."""

    page: Path
    """The HTML file; it needs nothing beside it."""
    picture: Path
    """The main chart as PNG."""
    findings: Findings
    shifts: int
    """Shifts it tells of."""


def make_report(settings: Settings, *, now: datetime, folder: Path | None = None, note: str = "") -> Report:
    """Write the report into `folder`; None: into `reports` beside the warehouse. An earlier one is replaced.

    Before the first pass it tells of the cited history alone. `note` is a sentence for the top of the page.
    Raises StorageError when the read copy cannot be read or the folder cannot be written.
    """
    with ThreadPoolExecutor(1) as aside:
        # Putting the JavaScript together takes a second of its own, outside Python.
        runtime = aside.submit(charts.runtime)
        with _read_copy(settings, now) as connection:
            answers = ask(connection, today=now.date())
        specifications = charts.compiled()
    folder = settings.warehouse.parent / "reports" if folder is None else folder
    page = render(
        answers, now=now, version=version("ajar"), quality=_floors(), note=note,
        runtime=runtime.result(), specifications=specifications,
    )  # fmt: skip
    findings = find(answers)
    written = Report(
        page=folder / PAGE_NAME,
        picture=folder / PICTURE_NAME,
        findings=findings,
        shifts=len(answers.shifts.rows),
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(written.page, page.encode())
        _replace(written.picture, draw(answers))
    except OSError as error:
        raise StorageError(
            f"{folder}: the report cannot be written here ({error.strerror}); name another with --out"
        ) from error
    return written


@contextmanager
def _read_copy(settings: Settings, now: datetime) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published copy; before the first pass one made for the moment, with the cited history only."""
    if settings.published.exists() or settings.warehouse.exists():
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


def _replace(path: Path, content: bytes) -> None:
    """Written aside and renamed: who has the former one open, or reads it now, sees it whole."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _floors() -> dict[str, dict[str, float]]:
    """The figures below which the tests let nobody lower the tagger: 0 to 1, by set of passages and by name."""
    # Read here because `evaluate` imports the whole tagger.
    floors: dict[str, dict[str, float]] = yaml.safe_load(
        files("extractors.openness").joinpath("floors.yaml").read_text("utf-8")
    )
    return floors
