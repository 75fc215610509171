"""Archives of articles: WARC files (ours, Common Crawl's CC-NEWS, anybody's) and JSON Lines.

A WARC holds pages, which still have to be extracted; a line of JSON holds an article as text. Both come out
as work for the reading pool or as ready articles, with the source that is to be named for them.
"""

from __future__ import annotations

import gzip
import json
import shutil
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import fsspec

from extractors.addresses import host_of, redact, registrable_domain, web_address_fault
from extractors.articles import article_from_entry
from extractors.entries import build_entry
from extractors.errors import ConfigurationError
from extractors.languages import language_code
from extractors.plain_text import scrub
from extractors.records import Address, Article, Entry, Snapshot, Source
from extractors.snapshots import read_snapshots
from extractors.workers import PageToRead

WARC_SUFFIXES = (".warc", ".warc.gz")
_WARC_BEGINS = b"WARC/"  # ISO 28500:2017 §4
LINE_SUFFIXES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenLine:
    """A line of an archive that holds no article."""

    number: int
    reason: str


class ArchiveReader:
    """Reads archives and remembers which sources their articles came from.

    A host of a known source is that source; any other becomes a press source named after its domain.
    """

    def __init__(self, known: Sequence[Source], now: datetime) -> None:
        self._now = now
        self._by_id = {source.id: source for source in known}
        self._by_host = {host_of(address.url): source for source in known for address in source.addresses}

    @property
    def sources(self) -> Mapping[str, Source]:
        """All sources known by now, by id."""
        return self._by_id

    def check(self, path: Path) -> None:
        """Raises ConfigurationError when a path is no archive that `read` can read."""
        if not path.is_file():
            raise ConfigurationError(f"{path}: no such file; name a WARC or JSON Lines file")
        _check_name(path)
        if path.name.endswith(WARC_SUFFIXES):
            _check_warc(path)

    def read(self, path: Path) -> Iterator[PageToRead | Article | BrokenLine]:
        """What an archive holds, in its order. Raises ConfigurationError when it is no archive."""
        self.check(path)
        yield from self._pages(path) if path.name.endswith(WARC_SUFFIXES) else self._lines(path)

    def _pages(self, path: Path) -> Iterator[PageToRead]:
        for snapshot in read_snapshots(path):
            if snapshot.status == 200 and _is_page(snapshot):
                source = self.source_of(snapshot.final_url)
                entry = self._entry(source, snapshot.url, path)
                yield PageToRead(snapshot=snapshot, entry=entry, tier=source.tier, actor=source.actor)

    def _lines(self, path: Path) -> Iterator[Article | BrokenLine]:
        with gzip.open(path) if path.name.endswith(".gz") else path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield self._article(line, number, path)

    def _article(self, line: bytes, number: int, path: Path) -> Article | BrokenLine:
        try:
            written = json.loads(line)
        except (ValueError, RecursionError) as error:
            return BrokenLine(number=number, reason=f"no JSON: {error}")
        if not isinstance(written, dict) or not isinstance(written.get("text"), str):
            return BrokenLine(number=number, reason="no object with url and text")
        url = written.get("url")
        if not isinstance(url, str) or web_address_fault(url):
            return BrokenLine(number=number, reason=f"url is {json.dumps(url)[:80]}; give a web address")
        named = written.get("source")
        source = self._by_id.get(named) if isinstance(named, str) else None
        entry = self._entry(source or self.source_of(url), url, path, written)
        return article_from_entry(
            entry,
            tier=self._by_id[entry.source].tier,
            now=self._now,
            reason=None,
            attempts=0,
            retry_at=None,
        )

    def _entry(self, source: Source, url: str, path: Path, written: Mapping[str, Any] | None = None) -> Entry:
        def text(key: str) -> str:
            value = (written or {}).get(key)
            return scrub(value) if isinstance(value, str) else ""

        return build_entry(
            source_id=source.id,
            address=path.name,
            guid=None,
            link=url,
            title=text("title"),
            summary="",
            content=text("text"),
            author=text("author"),
            published=text("published") or None,
            updated=None,
            enclosure="",
            language=language_code(text("language")) or source.language,
            now=self._now,
        )

    def source_of(self, url: str) -> Source:
        """The source an address belongs to; one that is not known becomes one."""
        host = host_of(url)
        found = self._by_host.get(host)
        if found is None:
            domain = registrable_domain(host)
            found = self._by_id.get(domain) or Source(
                id=domain,
                publisher=domain,
                language="en",
                tier="press",
                addresses=(Address(url=f"https://{host}/", role="page"),),
            )
            self._by_id[found.id] = found
            self._by_host[host] = found
        return found


def is_feed(archive: str) -> bool:
    """True for a web address that is no archive by its name: a feed, whose older entries are wanted."""
    parts = urlsplit(archive)
    return parts.scheme in {"http", "https"} and not parts.path.endswith(WARC_SUFFIXES + LINE_SUFFIXES)


@contextmanager
def local_copy(archive: str, folder: Path) -> Iterator[Path]:
    """The archive as a file of this machine: itself, or a copy in `folder` that goes afterwards.

    Anything fsspec opens: `s3://`, `gs://`, `https://`, `ssh://`, `zip://` and more, where the package for it is
    installed. Raises ConfigurationError for what is no archive by its name, is not there, or cannot be fetched.
    """
    if "://" not in archive:
        yield Path(archive)
        return
    name = PurePosixPath(urlsplit(archive).path or archive).name
    copy = folder / name
    _check_name(copy)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with fsspec.open(archive, "rb") as there, copy.open("wb") as here:
            shutil.copyfileobj(there, here, length=1 << 20)
    except Exception as error:
        # Each of fsspec's file systems has errors of its own, and an ImportError where its package is missing.
        copy.unlink(missing_ok=True)
        told = str(error).split("\n", 1)[0] or type(error).__name__
        raise ConfigurationError(f"{redact(archive)}: cannot be fetched: {redact(told)}") from error
    try:
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _check_name(path: Path) -> None:
    if not path.name.endswith(WARC_SUFFIXES + LINE_SUFFIXES):
        endings = ", ".join(WARC_SUFFIXES + LINE_SUFFIXES)
        raise ConfigurationError(f"{path}: is no archive by its name; use a file that ends in {endings}")


def _check_warc(path: Path) -> None:
    """One that breaks off is read as far as it goes; one that does not begin as WARC is something else."""
    try:
        with gzip.open(path) if path.name.endswith(".gz") else path.open("rb") as file:
            begins = file.read(len(_WARC_BEGINS))
    except EOFError:
        return
    except (OSError, zlib.error) as error:
        raise ConfigurationError(f"{path}: cannot be read as WARC: {error}") from error
    if not _WARC_BEGINS.startswith(begins):
        raise ConfigurationError(f"{path}: is no WARC: it begins with {begins!r} instead of {_WARC_BEGINS!r}")


def _is_page(snapshot: Snapshot) -> bool:
    return "html" in (snapshot.header("content-type") or "html").lower()
