"""The trend report and the daily export, over the bundled newsroom."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from extractors.errors import StorageError
from flows.settings import load_settings
from flows.trends import STANDING, daily_export, trend_report
from warehouse.database import open_warehouse, publish
from warehouse.queries import list_queries

NOW = datetime(2026, 3, 12, 6, 0, tzinfo=UTC)


def test_the_report_answers_the_standing_questions_and_the_export_holds_the_tables(tmp_path: Path) -> None:
    settings = load_settings({"AJAR_HOME": str(tmp_path)}, folder=tmp_path)
    with open_warehouse(settings.warehouse, now=NOW):
        pass
    publish(settings.warehouse, settings.published)
    report = trend_report(settings, now=NOW)
    assert report == tmp_path / "reports" / "trends-2026-03-12.md"
    text = report.read_text(encoding="utf-8")
    asked = {query.name: query.question for query in list_queries()}
    assert [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")] == [
        asked[name] for name in STANDING
    ]
    # The cited history is there before the first pass.
    assert "| OpenAI |" in text

    folder = daily_export(settings, now=NOW)
    assert folder == tmp_path / "exports" / "2026-03-12"
    with duckdb.connect() as connection:
        connection.execute(f"SELECT count(*) > 150 FROM '{folder / 'history.parquet'}'")
        assert connection.fetchall() == [(True,)]


def test_before_the_first_pass_there_is_nothing_to_report(tmp_path: Path) -> None:
    settings = load_settings({"AJAR_HOME": str(tmp_path)}, folder=tmp_path)
    with pytest.raises(StorageError, match="`ajar run` makes one"):
        trend_report(settings, now=NOW)
