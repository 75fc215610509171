"""Answers of the warehouse as Parquet."""

from __future__ import annotations

from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse.results import QueryResult, shown

_ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "VARCHAR[]": pa.list_(pa.string()),
    "BOOLEAN": pa.bool_(),
    "TINYINT": pa.int8(),
    "SMALLINT": pa.int16(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
    "TIMESTAMP WITH TIME ZONE": pa.timestamp("us", tz="UTC"),
}


def write_parquet(result: QueryResult, stream: BinaryIO) -> None:
    """Write an answer as one Parquet file; a column of a type Parquet has no form for is written as text."""
    columns = [
        _arrow_column([row[position] for row in result.rows], type_)
        for position, type_ in enumerate(result.types)
    ]
    pq.write_table(pa.table(columns, names=list(result.columns)), stream, compression="zstd")


def _arrow_column(values: list[Any], type_: str) -> Any:
    if type_ in _ARROW_TYPES:
        return pa.array(values, _ARROW_TYPES[type_])
    try:
        return pa.array(values)
    except pa.ArrowInvalid:
        return pa.array([None if value is None else shown(value) for value in values], pa.string())
