"""The DuckDB 1.5 that people have opens our files and answers every named question."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.warehouse.newsroom import Newsroom, mention, report
from warehouse.database import publish

OLDER = "duckdb==1.5.5"

ASK_ALL = """
import sys, duckdb
from pathlib import Path
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    connection.execute("SET VARIABLE words = 'report'")
    for file in sorted(Path(sys.argv[2]).glob("*.sql")):
        print(file.stem, len(connection.execute(file.read_text("utf-8")).fetchall()))
"""


@pytest.mark.long
def test_duckdb_1_5_answers_every_named_question(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.run(report("lumen", mention()), report("ember", mention(artefact="Ember 1")))
    copy = tmp_path / "ajar-latest.duckdb"
    publish(newsroom.path, copy)
    venv.create(tmp_path / "older", with_pip=True)
    python = tmp_path / "older" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", OLDER, "pytz"], check=True)
    queries = Path(sys.modules["warehouse.database"].__file__ or "").parent / "queries"
    answered = subprocess.run(
        [python, "-c", ASK_ALL, copy, queries], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert len(answered) == len(list(queries.glob("*.sql")))
    assert "search 2" in answered
