"""Answers as files: what a spreadsheet, a program or a page of Markdown gets to read."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from extractors.errors import ConfigurationError
from warehouse.queries import FORMATS, QueryResult, write_result
from warehouse.results import fetch_result

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

ANSWER = QueryResult(
    columns=("actor", "day", "at", "shifts", "share", "official", "actors", "headline"),
    rows=[
        ("Arnor Labs", date(2026, 3, 1), NOW, 3, 0.25, True, ["Vestra", "Halvard"], "Gondor \"at last\""),
        ("팅송", None, None, -2, None, False, [], "=HYPERLINK(\"https://x.example\")"),
    ],
    types=(
        *("VARCHAR", "DATE", "TIMESTAMP WITH TIME ZONE", "BIGINT", "DOUBLE", "BOOLEAN", "VARCHAR[]"),
        "VARCHAR",
    ),
)  # fmt: skip


def written(result: QueryResult, format: str) -> bytes:
    stream = io.BytesIO()
    write_result(result, format, stream)
    return stream.getvalue()


def of_one(value: Any, type_: str = "VARCHAR") -> QueryResult:
    return QueryResult(columns=("value",), rows=[(value,)], types=(type_,))


def test_csv_is_written_as_agreed() -> None:
    assert written(ANSWER, "csv").decode() == (
        "actor,day,at,shifts,share,official,actors,headline\n"
        'Arnor Labs,2026-03-01,2026-11-22T09:30:00Z,3,0.25,true,"Vestra, Halvard","Gondor ""at last"""\n'
        '팅송,,,-2,,false,,"\'=HYPERLINK(""https://x.example"")"\n'
    )


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_cell_of_csv_never_runs_as_a_formula(cell: str) -> None:
    assert list(csv.reader(io.StringIO(written(of_one(cell), "csv").decode(), newline="")))[1] == [f"'{cell}"]


def test_numbers_of_csv_stay_numbers() -> None:
    assert written(of_one(-5, "BIGINT"), "csv") == b"value\n-5\n"


def test_text_comes_back_from_csv_whole() -> None:
    text = 'two\nlines, "quoted", 权重'
    assert list(csv.reader(io.StringIO(written(of_one(text), "csv").decode(), newline="")))[1] == [text]


def test_json_is_an_array_of_objects() -> None:
    assert json.loads(written(ANSWER, "json")) == [
        {
            "actor": "Arnor Labs", "day": "2026-03-01", "at": "2026-11-22T09:30:00Z", "shifts": 3,
            "share": 0.25, "official": True, "actors": ["Vestra", "Halvard"], "headline": 'Gondor "at last"',
        },
        {
            "actor": "팅송", "day": None, "at": None, "shifts": -2, "share": None, "official": False,
            "actors": [], "headline": '=HYPERLINK("https://x.example")',
        },
    ]  # fmt: skip


def test_json_without_rows_is_an_empty_array() -> None:
    assert json.loads(written(QueryResult(("a",), [], ("VARCHAR",)), "json")) == []


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_json_has_no_word_for_a_number_that_is_none(value: float) -> None:
    assert json.loads(written(of_one(value, "DOUBLE"), "json")) == [{"value": None}]


def test_markdown_is_a_table() -> None:
    assert written(ANSWER, "md").decode().splitlines()[:3] == [
        "| actor | day | at | shifts | share | official | actors | headline |",
        "| --- | --- | --- | --: | --: | --- | --- | --- |",
        '| Arnor Labs | 2026-03-01 | 2026-11-22T09:30:00Z | 3 | 0.25 | true | Vestra, Halvard | '
        'Gondor "at last" |',
    ]  # fmt: skip


def test_a_cell_of_markdown_keeps_to_its_row() -> None:
    line = written(of_one("a|b\n# <img src=x> [c](d) *e*"), "md").decode().splitlines()[2]
    assert line == r"| a\|b \# \<img src=x\> \[c\](d) \*e\* |"


def test_parquet_keeps_types_and_values() -> None:
    table = pq.read_table(io.BytesIO(written(ANSWER, "parquet")))
    assert [str(field.type) for field in table.schema] == [
        "string", "date32[day]", "timestamp[us, tz=UTC]", "int64", "double", "bool",
        "list<element: string>", "string",
    ]  # fmt: skip
    assert table.to_pylist()[1] == dict(zip(ANSWER.columns, ANSWER.rows[1], strict=True))


def test_parquet_without_rows_keeps_its_types() -> None:
    empty = QueryResult(ANSWER.columns, [], ANSWER.types)
    assert pq.read_table(io.BytesIO(written(empty, "parquet"))).schema.field("day").type == "date32[day]"


def test_parquet_takes_types_of_the_users_own_sql(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "SELECT 1.5::DECIMAL(4, 2) AS d, {'a': 1} AS s, uuid() AS u, 3::HUGEINT AS h, NULL AS n"
        )
        path = tmp_path / "own.parquet"
        with path.open("wb") as file:
            write_result(fetch_result(connection), "parquet", file)
        assert connection.execute("SELECT s.a, h FROM read_parquet(?)", [str(path)]).fetchone() == (1, 3)


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_takes_an_answer_without_rows(format: str) -> None:
    assert written(QueryResult(("a", "b"), [], ("VARCHAR", "BIGINT")), format)


def test_another_format_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="format is 'xlsx'; use one of csv, json, md, parquet"):
        write_result(ANSWER, "xlsx", io.BytesIO())
