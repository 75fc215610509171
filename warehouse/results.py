"""Answers of the warehouse and the formats they are written in."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

import duckdb

from extractors.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The rows a query found, in its order."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    types: tuple[str, ...]
    """DuckDB's name of each column's type, e.g. `TIMESTAMP WITH TIME ZONE`."""


def fetch_result(connection: duckdb.DuckDBPyConnection) -> QueryResult:
    """All rows of the statement just executed, under the columns DuckDB reports for it."""
    described = connection.description or []
    return QueryResult(
        columns=tuple(str(column[0]) for column in described),
        rows=connection.fetchall() if described else [],
        types=tuple(str(column[1]) for column in described),
    )


def write_result(result: QueryResult, format: str, stream: BinaryIO) -> None:
    """Write an answer as `csv`, `json` (an array of objects), `md` (a table) or `parquet`.

    Text formats are UTF-8 and end with a newline. Raises ConfigurationError for another format.
    """
    writer = _WRITERS.get(format)
    if writer is None:
        raise ConfigurationError(f"format is '{format}'; use one of {', '.join(FORMATS)}")
    writer(result, stream)


def _write_csv(result: QueryResult, stream: BinaryIO) -> None:
    lines = [_csv_line([_guarded(column) for column in result.columns])]
    lines += [_csv_line([_csv_cell(value) for value in row]) for row in result.rows]
    stream.write("".join(lines).encode())


def _csv_line(cells: Sequence[object]) -> str:
    line = io.StringIO(newline="")
    # The writer quotes what is in its own line end: a carriage return within a cell must be quoted too.
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().removesuffix("\r\n") + "\n"


def _csv_cell(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return value
    return "" if value is None else _guarded(shown(value))


def _guarded(text: str) -> str:
    """A headline must not run as a formula when the file is opened in a spreadsheet.

    See https://owasp.org/www-community/attacks/CSV_Injection.
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _write_json(result: QueryResult, stream: BinaryIO) -> None:
    objects = [dict(zip(result.columns, map(_json_value, row), strict=True)) for row in result.rows]
    if not objects:
        stream.write(b"[]\n")
        return
    lines = (json.dumps(row, ensure_ascii=False, allow_nan=False) for row in objects)
    stream.write(("[\n" + ",\n".join(lines) + "\n]\n").encode())


def _json_value(value: object) -> object:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        # JSON has no word for infinity or not-a-number (RFC 8259 §6).
        return value if abs(value) < float("inf") else None
    if isinstance(value, (list, tuple)):
        return [_json_value(member) for member in value]
    if isinstance(value, dict):
        return {str(key): _json_value(member) for key, member in value.items()}
    return shown(value)


def _write_markdown(result: QueryResult, stream: BinaryIO) -> None:
    lines = [
        _markdown_row(result.columns),
        _markdown_row(["--:" if _is_numeric(type_) else "---" for type_ in result.types]),
        *(_markdown_row([_markdown_cell(value) for value in row]) for row in result.rows),
    ]
    stream.write(("\n".join(lines) + "\n").encode())


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _markdown_cell(value: object) -> str:
    if value is None:
        return ""
    text = " ".join(shown(value).split())
    for sign in "\\`*_{}[]<>|#":
        text = text.replace(sign, f"\\{sign}")
    return text


def _is_numeric(type_: str) -> bool:
    return type_.startswith(
        ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DOUBLE", "FLOAT", "DECIMAL")
    )


def _write_parquet(result: QueryResult, stream: BinaryIO) -> None:
    # Imported here because pyarrow takes longer to load than most questions to answer.
    from warehouse.parquet_result import write_parquet

    write_parquet(result, stream)


def shown(value: object) -> str:
    """A value as text: times in ISO 8601 with Z for UTC, lists with commas."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(member) for member in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


_WRITERS: dict[str, Callable[[QueryResult, BinaryIO], None]] = {
    "csv": _write_csv,
    "json": _write_json,
    "md": _write_markdown,
    "parquet": _write_parquet,
}

FORMATS = tuple(_WRITERS)
"""What `write_result` can write."""
