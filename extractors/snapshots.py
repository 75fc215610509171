"""What publishers sent, kept as WARC (ISO 28500), the format of web archives.

One file a run, compressed record by record, so that a reader can start anywhere and a broken record
costs itself only. A body that came before in the same run is not stored again: a `revisit` record
refers to it by its digest (ISO 28500 §6.7.2). Files are independent of one another, so that any of
them may be removed.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from isal import isal_zlib

from extractors.records import Snapshot

LARGEST_BODY = 20_000_000
"""Bytes of a body read back from an archive; records of foreign archives that hold more are left out."""

COMPRESSION = 2
"""Level of ISA-L: 5 % larger than zlib's 9, which most archives have, in a thirtieth of the time."""

_SUFFIX = ".warc.gz"
_PARTIAL = ".partial"

# Undone before the body got here, so they no longer describe it; kept under another name.
_UNDONE = frozenset({"content-encoding", "transfer-encoding", "content-length"})


class SnapshotWriter:
    """Writes one WARC file; it appears under its name only when it is whole.

    A run that is killed leaves a file ending in `.partial`, which nobody reads and `remove_old` removes.
    """

    def __init__(self, folder: Path, now: datetime) -> None:
        name = f"ajar-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}{_SUFFIX}"
        self.path = folder / name
        self._partial = folder / (name + _PARTIAL)
        self._now = now
        self._file: BinaryIO | None = None
        # A record is made here and compressed as a whole.
        self._record = io.BytesIO()
        self._writer: Any = None
        self._stored: dict[str, tuple[str, str]] = {}
        self.records = 0

    def write(self, snapshot: Snapshot) -> None:
        """Appends one answer. A 304 has no body of its own and is not kept."""
        if snapshot.status == HTTPStatus.NOT_MODIFIED:
            return
        if self._file is None:
            self._begin()
        digest = _digest(snapshot.body)
        earlier = self._stored.get(digest) if snapshot.body else None
        about = _about(snapshot)
        http = _http_headers(snapshot)
        if earlier is None:
            record = self._writer.create_warc_record(
                snapshot.final_url,
                "response",
                payload=io.BytesIO(snapshot.body),
                length=len(snapshot.body),
                http_headers=http,
                warc_headers_dict={**about, "WARC-Payload-Digest": digest},
            )
            self._stored[digest] = (snapshot.final_url, about["WARC-Date"])
        else:
            record = self._writer.create_revisit_record(
                snapshot.final_url, digest, earlier[0], earlier[1], http_headers=http, warc_headers_dict=about
            )
        self._append(record)
        self.records += 1

    def close(self) -> Path | None:
        """Makes the file appear. None when nothing was written: then there is no file."""
        if self._file is None:
            return None
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._partial.rename(self.path)
            _sync_folder(self.path.parent)
        return self.path

    def _begin(self) -> None:
        """Makes the file."""
        # Imported when there is something to keep: a pass with nothing new need not wait for it.
        from warcio.warcwriter import WARCWriter

        self._writer = WARCWriter(self._record, gzip=False, warc_version="1.1")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._partial.open("xb")
        info = self._writer.create_warcinfo_record(
            self.path.name,
            {"software": "ajar", "format": "WARC File Format 1.1", "isPartOf": "ajar snapshots"},
        )
        info.rec_headers.replace_header("WARC-Date", _warc_date(self._now))
        self._append(info)

    def _append(self, record: Any) -> None:
        """Writes a record as a member of its own (ISO 28500, Annex D)."""
        assert self._file is not None
        self._record.seek(0)
        self._record.truncate()
        self._writer.write_record(record)
        self._file.write(isal_zlib.compress(self._record.getbuffer(), COMPRESSION, wbits=31))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What arrived before a failure is worth keeping: it shows what the failure was about.
        self.close()


def read_snapshots(path: Path) -> Iterator[Snapshot]:
    """The answers in a WARC file, ours or anybody's (Common Crawl's CC-NEWS too), in the order stored.

    Left out are records that are no answers over HTTP, revisits of what another file holds, and bodies
    over the cap. A file that breaks off gives what it holds up to there.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    offsets: dict[str, int] = {}
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        try:
            for record in records:
                if record.rec_type not in {"response", "revisit"} or record.http_headers is None:
                    continue
                digest = record.rec_headers.get_header("WARC-Payload-Digest")
                if record.rec_type == "response":
                    body = _body(record)
                    # Asked for after the body: finding the offset reads the record to its end.
                    offsets.setdefault(digest, records.get_record_offset())
                else:
                    body = _body_at(path, offsets.get(digest))
                if body is not None and (snapshot := _snapshot(record, body)) is not None:
                    yield snapshot
        except (ArchiveLoadFailed, EOFError, OSError):
            return


def remove_old(folder: Path, keep: timedelta, now: datetime) -> int:
    """Removes files older than `keep`, and what killed runs left; returns how many."""
    removed = 0
    for path in sorted(folder.glob(f"ajar-*{_SUFFIX}*")):
        age = now - datetime.fromtimestamp(path.stat().st_mtime, UTC)
        # No run takes a day, so an unfinished file of that age belongs to none.
        if age > (timedelta(days=1) if path.suffix == _PARTIAL else keep):
            path.unlink()
            removed += 1
    return removed


def _digest(body: bytes) -> str:
    """As warcio and most archives write it: SHA-1 in base 32. It tells bodies apart; it guards nothing."""
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode("ascii")


def _warc_date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _about(snapshot: Snapshot) -> dict[str, str]:
    about = {"WARC-Date": _warc_date(snapshot.fetched_at), "Ajar-Seconds": f"{snapshot.seconds:.3f}"}
    if snapshot.url != snapshot.final_url:
        about["Ajar-Asked-URI"] = snapshot.url
    if snapshot.redirects:
        about["Ajar-Redirects"] = json.dumps(snapshot.redirects)
    return about


def _http_headers(snapshot: Snapshot) -> Any:
    try:
        phrase = HTTPStatus(snapshot.status).phrase
    except ValueError:
        phrase = ""
    headers = [
        (f"x-archive-orig-{name}" if name in _UNDONE else name, value) for name, value in snapshot.headers
    ]
    headers.append(("content-length", str(len(snapshot.body))))
    return _headers_as_sent()(f"{snapshot.status} {phrase}".strip(), headers, protocol="HTTP/1.1")


@cache
def _headers_as_sent() -> Any:
    """warcio would percent-encode a header that holds more than ASCII; an ETag may."""
    from warcio.statusandheaders import StatusAndHeaders

    class HeadersAsSent(StatusAndHeaders):  # type: ignore[misc]
        def to_ascii_bytes(self, header_filter: Any = None) -> bytes:
            return bytes(self.to_bytes(header_filter, "iso-8859-1"))

    return HeadersAsSent


def _body(record: Any) -> bytes | None:
    body: bytes = record.content_stream().read(LARGEST_BODY + 1)
    return body if len(body) <= LARGEST_BODY else None


def _body_at(path: Path, offset: int | None) -> bytes | None:
    if offset is None:
        return None
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as file:
        file.seek(offset)
        return next((_body(record) for record in ArchiveIterator(file)), None)


def _snapshot(record: Any, body: bytes) -> Snapshot | None:
    """None for a record without an address or a date that can be read."""
    rec = record.rec_headers.get_header
    target, date, status = rec("WARC-Target-URI"), rec("WARC-Date"), record.http_headers.get_statuscode()
    try:
        fetched_at = datetime.fromisoformat(date.replace("Z", "+00:00"))
        code = int(status)
        seconds = float(rec("Ajar-Seconds") or 0)
        redirects = tuple(
            (int(code), str(address)) for code, address in json.loads(rec("Ajar-Redirects") or "[]")
        )
    except (ValueError, TypeError, AttributeError):
        return None
    if not target:
        return None
    headers = tuple((name.lower(), value) for name, value in record.http_headers.headers)
    return Snapshot(
        url=rec("Ajar-Asked-URI") or target,
        final_url=target,
        status=code,
        headers=_restored(headers),
        body=body,
        fetched_at=fetched_at.astimezone(UTC),
        seconds=seconds,
        redirects=redirects,
    )


def _restored(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The headers as they were before `_http_headers`; those of other archives as they are."""
    originals = {
        name.removeprefix("x-archive-orig-") for name, _ in headers if name.startswith("x-archive-orig-")
    }
    return tuple(
        (name.removeprefix("x-archive-orig-"), value)
        for name, value in headers
        if name not in _UNDONE or (name != "content-length" and name not in originals)
    )


def _sync_folder(folder: Path) -> None:
    """A rename is only sure to survive a power cut once its folder is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
