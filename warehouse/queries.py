"""The named questions: one SQL file each, in the folder of the same name.

The comment at the top of a file is its documentation and its interface:

    -- How many shifts opened and how many closed, month by month?
    --
    -- Variables
    --   since    DATE                     2019-01-01  First day counted.
    --   every    week|month|quarter|year  month       Length of a period.
    --
    -- Gives one row per period and direction, newest first
    --   period   DATE                     First day of the period, UTC.

Columns are at least two spaces apart. A variable's type is DATE, INTEGER, BOOLEAN, VARCHAR, or the list
of the words it may be. The file reads each variable as `getvariable('since')` with the default written
here, so that it also runs when pasted into the DuckDB shell with nothing set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import duckdb

from extractors.errors import ConfigurationError, StorageError, name_choices
from warehouse.results import FORMATS, QueryResult, fetch_result, write_result
from warehouse.statements import bundled_files

__all__ = [
    "FORMATS",
    "Column",
    "NamedQuery",
    "QueryResult",
    "Variable",
    "list_queries",
    "read_query",
    "run_query",
    "run_sql",
    "write_result",
]

_VARIABLES = "Variables"
_GIVES = "Gives "
_WORDS = re.compile(r"[a-z0-9_]+(\|[a-z0-9_]+)+")
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class Variable:
    """What a query may be told."""

    name: str
    type: str
    """DATE, INTEGER, BOOLEAN, VARCHAR, or the words it may be, as in `week|month`."""
    default: str
    """What holds when it is not set, as text for people: a value, or a word such as `today` or `any`."""
    meaning: str


@dataclass(frozen=True, slots=True)
class Column:
    """What a query gives."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """One question with its SQL."""

    name: str
    """The name of its file, without `.sql`."""
    question: str
    variables: tuple[Variable, ...]
    grain: str
    """What one row is and how rows are ordered, e.g. `one row per organisation, most shifts first`."""
    columns: tuple[Column, ...]
    sql: str
    """The whole file."""


@cache
def list_queries() -> tuple[NamedQuery, ...]:
    """All questions that can be asked by name, in alphabetical order."""
    return tuple(
        read_query(file.name.removesuffix(".sql"), file.read_text("utf-8"))
        for file in bundled_files("queries")
    )


def run_query(
    connection: duckdb.DuckDBPyConnection, name: str, variables: Mapping[str, str] | None = None
) -> QueryResult:
    """Ask one question of an open warehouse or published copy. Times come in UTC.

    Values are text, as they were typed. Raises ConfigurationError for an unknown query or variable and
    for a value that does not fit; the message names what would. Raises StorageError for a copy that another
    version of Ajar published.
    """
    query = _find(name)
    values = {key: _value(query, key, text) for key, text in (variables or {}).items()}
    with _session(connection) as session:
        for key, value in values.items():
            session.execute(f"SET VARIABLE {key} = ?", [value])
        try:
            session.execute(query.sql)
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            # Bundled queries fit the views of their own version.
            raise StorageError(
                f"query {query.name}: the read copy was published by another version of Ajar; "
                "`ajar run` publishes a new one"
            ) from error
        return fetch_result(session)


@contextmanager
def _session(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A session of its own on the same database: no variable of an earlier question leaks into this one."""
    (database,) = connection.execute("SELECT current_database()").fetchone() or ("",)
    with connection.cursor() as session:
        quoted = database.replace('"', '""')
        session.execute(f'USE "{quoted}"')
        session.execute("SET TimeZone = 'UTC'")
        yield session


def read_query(name: str, sql: str) -> NamedQuery:
    """Read the header of a query file. Raises ConfigurationError when it is not as described above."""
    header = [line.removeprefix("--").removeprefix(" ") for line in _leading_comment(sql)]
    if not header or not header[0].endswith("?"):
        raise ConfigurationError(
            f"queries/{name}.sql: line 1 must be the question, as a comment ending in '?'"
        )
    given = next((number for number, line in enumerate(header) if line.startswith(_GIVES)), None)
    if given is None:
        raise ConfigurationError(f"queries/{name}.sql: the header must say '{_GIVES}one row per …'")
    taken = header.index(_VARIABLES) if _VARIABLES in header else given
    return NamedQuery(
        name=name,
        question=header[0],
        variables=tuple(Variable(*cells) for cells in _table(name, header[taken + 1 : given], 4)),
        grain=header[given].removeprefix(_GIVES),
        columns=tuple(Column(*cells) for cells in _table(name, header[given + 1 :], 3)),
        sql=sql,
    )


def _leading_comment(sql: str) -> list[str]:
    lines: list[str] = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line)
    return lines


def _table(name: str, lines: list[str], width: int) -> list[list[str]]:
    """The indented lines of one part of the header, in cells; it ends at the first line not indented."""
    rows: list[list[str]] = []
    for line in lines:
        if not line.startswith("  "):
            break
        cells = re.split(r"\s{2,}", line.strip(), maxsplit=width - 1)
        if len(cells) != width:
            raise ConfigurationError(
                f"queries/{name}.sql: header line '{line.strip()}' has {len(cells)} columns; "
                f"write {width}, two spaces apart"
            )
        rows.append(cells)
    return rows


def _find(name: str) -> NamedQuery:
    known = {query.name: query for query in list_queries()}
    wanted = name.replace("-", "_")
    if wanted not in known:
        choices = name_choices(wanted, known, listed_by="ajar queries")
        raise ConfigurationError(f"query is '{name}'; {choices}")
    return known[wanted]


def _value(query: NamedQuery, name: str, text: str) -> Any:
    """The value of a variable from what was typed."""
    variable = next((variable for variable in query.variables if variable.name == name), None)
    if variable is None:
        known = ", ".join(variable.name for variable in query.variables) or "none: it takes no variables"
        raise ConfigurationError(f"query {query.name}: variable is '{name}'; use one of {known}")
    try:
        return _parse(variable.type, text.strip())
    except ValueError as error:
        raise ConfigurationError(f"query {query.name}: {name} is '{text}'; use {error}") from error


def _parse(type_: str, text: str) -> Any:
    """Raises ValueError, whose message says what would be right."""
    if type_ == "DATE":
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError("a day such as 2026-01-31") from None
    if type_ == "INTEGER":
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
            raise ValueError("a whole number such as 20")
        return int(text)
    if type_ == "BOOLEAN":
        if text.lower() not in _BOOLEANS:
            raise ValueError("true or false")
        return _BOOLEANS[text.lower()]
    if _WORDS.fullmatch(type_):
        words = type_.split("|")
        if text.lower() not in words:
            raise ValueError(f"one of {', '.join(words)}")
        return text.lower()
    return text


def run_sql(connection: duckdb.DuckDBPyConnection, statement: str) -> QueryResult:
    """Ask anything of a published copy, in the user's own SQL. Times come in UTC.

    Files and the network are out of reach of the statement. Raises ConfigurationError with DuckDB's own
    explanation when it cannot be run.
    """
    if not statement.strip():
        raise ConfigurationError("sql: the statement is empty; write e.g. 'FROM shifts LIMIT 10'")
    with _session(connection) as session:
        session.execute("SET enable_external_access = false")
        try:
            session.execute(statement)
            return fetch_result(session)
        except duckdb.Error as error:
            raise ConfigurationError(f"sql: {error}") from error
