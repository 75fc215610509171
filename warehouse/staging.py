"""Staging: a run writes its rows as Parquet and needs no warehouse for it.

One folder per run, named by the run's start so that folders sort in the order to load them:

    <folder>/20261122T090000000000Z-<run id>/
        run.json            what the run was, and the hash of every other file
        articles.parquet …  one file for each entry of SCHEMAS

A folder is complete or is not there: it is written under another name, synced, then renamed.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.errors import StorageError
from extractors.records import AddressState, Article, FetchRow, Mention, NullEvent, Source
from warehouse.durable import file_hash, sync
from warehouse.fingerprints import sketch
from warehouse.waiting import PARTIAL

FORMAT = 1
ROW_GROUP = 10_000
"""Rows in one part of a file: DuckDB reads a part by one thread, so a whole file in one part is read by one."""

_TIME = pa.timestamp("us", tz="UTC")
_SPAN = [("evidence", pa.string()), ("start", pa.int32()), ("end", pa.int32()), ("where", pa.string())]

SCHEMAS: dict[str, Any] = {
    "sources": pa.schema(
        [
            ("source", pa.string()),
            ("publisher", pa.string()),
            ("language", pa.string()),
            ("tier", pa.string()),
            ("actor", pa.string()),
            ("addresses", pa.list_(pa.string())),
            ("expect_min", pa.int32()),
            ("expect_max", pa.int32()),
            ("every_seconds", pa.int64()),
        ]
    ),
    "fetches": pa.schema(
        [
            ("source", pa.string()),
            ("url", pa.string()),
            ("at", _TIME),
            ("outcome", pa.string()),
            ("status", pa.int32()),
            ("reason", pa.string()),
            ("bytes", pa.int64()),
            ("seconds", pa.float64()),
            ("entries", pa.int32()),
        ]
    ),
    "addresses": pa.schema(
        [("url", pa.string()), ("source", pa.string()), ("next_due_at", _TIME), ("state", pa.string())]
    ),
    "articles": pa.schema(
        [
            ("article_id", pa.string()),
            ("url", pa.string()),
            ("canonical_url", pa.string()),
            ("source", pa.string()),
            ("guid", pa.string()),
            ("tier", pa.string()),
            ("title", pa.string()),
            ("author", pa.string()),
            ("published_at", _TIME),
            ("seen_at", _TIME),
            ("language", pa.string()),
            ("text", pa.string()),
            ("text_hash", pa.string()),
            ("entry_hash", pa.string()),
            ("extracted_by", pa.string()),
            ("without_text", pa.string()),
            ("attempts", pa.int32()),
            ("retry_at", _TIME),
            ("sketch", pa.list_(pa.uint64())),
        ]
    ),
    "mentions": pa.schema(
        [
            ("article_id", pa.string()),
            ("position", pa.int32()),
            ("actor", pa.string()),
            ("artefact", pa.string()),
            ("family", pa.string()),
            ("kind", pa.string()),
            ("direction", pa.string()),
            ("stage", pa.string()),
            ("due", pa.date32()),
            ("licence_from", pa.string()),
            ("licence_to", pa.string()),
            ("level_from", pa.int8()),
            ("level_to", pa.int8()),
            ("current", pa.bool_()),
            ("confidence", pa.float64()),
            *_SPAN,
            ("rule", pa.string()),
            ("ruleset", pa.string()),
            ("territory", pa.string()),
            ("compelled_by", pa.string()),
        ]
    ),
    "nulls": pa.schema([("article_id", pa.string()), ("id", pa.string()), *_SPAN]),
    "retagged": pa.schema([("article_id", pa.string())]),
}
"""Columns of each staged file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedRun:
    """All rows one run has to store."""

    run_id: str
    """Letters, digits, dots, dashes and underscores. A run is loaded once."""
    started_at: datetime
    """The `now` of the pass; what counts as news is judged from here."""
    finished_at: datetime
    ruleset: str
    """Hash of the rules that tagged it."""
    kind: Literal["pass", "reread"] = "pass"
    """`reread`: stored articles tagged or extracted again, archives filled in. It never raises an alert."""
    sources: Sequence[Source] = ()
    fetches: Sequence[FetchRow] = ()
    addresses: Sequence[AddressState] = ()
    articles: Sequence[Article] = ()
    """Each comes with all of its mentions, which replace those stored."""
    mentions: Sequence[tuple[str, Mention]] = ()
    """With the id of the article, in the order the tagger gave them."""
    nulls: Sequence[tuple[str, NullEvent]] = ()
    retagged: Sequence[str] = ()
    """Ids of stored articles that were tagged again without being read again."""


def stage_run(folder: Path, run: StagedRun) -> Path:
    """Write the rows of a run for a later load; returns the new folder.

    Raises StorageError when the folder cannot be written; nothing is left behind then.
    """
    if not re.fullmatch(r"[A-Za-z0-9._-]+", run.run_id):
        raise ValueError(f"run_id is '{run.run_id}'; use letters, digits, dots, dashes and underscores")
    name = f"{run.started_at:%Y%m%dT%H%M%S%fZ}-{run.run_id}"
    partial = folder / f"{PARTIAL}{name}"
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        hashes = {file: _write_table(partial / f"{file}.parquet", file, rows) for file, rows in _rows(run)}
        _write_manifest(partial / "run.json", run, hashes)
        sync(partial)
        partial.rename(folder / name)
        sync(folder)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise StorageError(f"{folder}: rows cannot be staged here ({error.strerror or error})") from error
    return folder / name


def _rows(run: StagedRun) -> Iterable[tuple[str, list[Mapping[str, Any]]]]:
    reporting = {article_id for article_id, _ in run.mentions}
    yield "sources", [_source_row(source) for source in run.sources]
    yield "fetches", [_fields("fetches", row) for row in run.fetches]
    yield "addresses", [_address_row(state) for state in run.addresses]
    yield (
        "articles",
        [
            {
                **_fields("articles", article, without=("sketch",)),
                "sketch": sketch(article.text) if article.article_id in reporting else None,
            }
            for article in run.articles
        ],
    )
    yield "mentions", _mention_rows(run.mentions)
    yield (
        "nulls",
        [
            {"article_id": article_id, **_fields("nulls", null, without=("article_id",))}
            for article_id, null in run.nulls
        ],
    )
    yield "retagged", [{"article_id": article_id} for article_id in run.retagged]


def _fields(file: str, record: object, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The columns of a file that a record has under the same names."""
    return {name: getattr(record, name) for name in SCHEMAS[file].names if name not in without}


def _source_row(source: Source) -> dict[str, Any]:
    least, most = source.expect or (None, None)
    return {
        "source": source.id,
        "publisher": source.publisher,
        "language": source.language,
        "tier": source.tier,
        "actor": source.actor,
        "addresses": [address.url for address in source.addresses],
        "expect_min": least,
        "expect_max": most,
        "every_seconds": int(source.every.total_seconds()),
    }


def _address_row(state: AddressState) -> dict[str, Any]:
    return {
        "url": state.url,
        "source": state.source,
        "next_due_at": state.next_due_at,
        "state": json.dumps(state.memory, ensure_ascii=False, allow_nan=False),
    }


def _mention_rows(mentions: Sequence[tuple[str, Mention]]) -> list[Mapping[str, Any]]:
    counted: dict[str, int] = {}
    rows: list[Mapping[str, Any]] = []
    for article_id, mention in mentions:
        position = counted[article_id] = counted.get(article_id, -1) + 1
        fields = _fields("mentions", mention, without=("article_id", "position"))
        rows.append({"article_id": article_id, "position": position, **fields})
    return rows


def _write_table(path: Path, file: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """Write one file, synced; returns its SHA-256."""
    columns = {field.name: _column(field, rows) for field in SCHEMAS[file]}
    table = pa.table(columns, schema=SCHEMAS[file])
    pq.write_table(table, path, compression="zstd", row_group_size=ROW_GROUP)
    sync(path)
    return file_hash(path)


def _column(field: Any, rows: Sequence[Mapping[str, Any]]) -> Any:
    values = [row[field.name] for row in rows]
    if field.type == pa.string():
        values = [None if value is None else _storable(value) for value in values]
    return pa.array(values, field.type)


def _storable(text: str) -> str:
    """Half a surrogate pair cannot be written as UTF-8, and NUL ends strings in other programs.

    Each becomes one U+FFFD, so that the offsets of evidence stay right.
    """
    if text.isascii() and "\0" not in text:
        return text
    return re.sub("[\0\ud800-\udfff]", "\ufffd", text)


def _write_manifest(path: Path, run: StagedRun, hashes: Mapping[str, str]) -> None:
    manifest = {
        "format": FORMAT,
        "run_id": run.run_id,
        "kind": run.kind,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat(),
        "ruleset": run.ruleset,
        "sha256": dict(hashes),
    }
    path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    sync(path)
