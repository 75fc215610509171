"""Reads source files into `Source` records and says exactly what is wrong with one that cannot be read.

A source in YAML:

    id: example-lab
    publisher: Example Lab
    language: en
    tier: official            # official | press | community | policy
    actor: Example Lab        # whose voice this is; official sources only
    feeds: [https://lab.example/news.xml]
    pages: [{url: https://lab.example/notes, links: "main a.post"}]
    licences: [https://lab.example/LICENSE]
    expect: {entries: [5, 100]}
    every: 1h
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from extractors.addresses import redact, web_address_fault
from extractors.errors import SourceFileError
from extractors.records import Address, Source, Tier

CATALOGUE = Path(__file__).parent
"""The folder of the bundled source files."""

KEYS = (
    "id", "publisher", "language", "tier", "actor", "feeds", "pages", "licences", "expect", "every",
)  # fmt: skip
REQUIRED = ("id", "publisher", "language", "tier")
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=30)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]  # ten times as fast
    """YAML in which every scalar is text (`no` is Norwegian, not false) and no key stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = str(self.construct_object(key_node, deep=True))
            if key in seen:
                raise yaml.MarkedYAMLError(problem=f"'{key}' stands twice", problem_mark=key_node.start_mark)
            seen.add(key)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep=True)
        return mapping


def load_sources(path: Path | None) -> tuple[Source, ...]:
    """All sources of a file (a list, or one mapping) or of a folder of `.yaml` files, by id.

    None: the bundled catalogue. Raises SourceFileError, naming file, source, key, value and what would be
    right, at the first mistake: half a catalogue would look like publishers gone silent.
    """
    found: dict[str, tuple[Source, Path]] = {}
    for file in _files(CATALOGUE if path is None else path):
        for source in _read_file(file):
            if source.id in found:
                where = found[source.id][1]
                places = f"{where.name} and {file.name}" if where != file else "this file twice"
                raise SourceFileError(
                    f"{file}: the id '{source.id}' stands in {places}; give each source its own"
                )
            found[source.id] = (source, file)
    return tuple(source for _, (source, _) in sorted(found.items()))


def parse_duration(text: str) -> timedelta | None:
    """`30m`, `6h` or `1d` as a duration; None for anything else or one outside a minute to 30 days."""
    match = re.fullmatch(r"([0-9]{1,5}) ?(m|h|d)", text.strip())
    if match is None:
        return None
    duration = int(match[1]) * _UNITS[match[2]]
    return duration if SHORTEST <= duration <= LONGEST else None


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        files = sorted(file for file in path.iterdir() if file.suffix in {".yaml", ".yml"} and file.is_file())
        if not files:
            raise SourceFileError(f"{path}: no source files in this folder; put .yaml files there")
        return files
    if not path.exists():
        raise SourceFileError(
            f"{path}: no such file or folder; name a YAML file of sources or a folder of them"
        )
    return [path]


def _read_file(file: Path) -> Iterator[Source]:
    try:
        document = yaml.load(file.read_text(encoding="utf-8-sig"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise SourceFileError(
            f"{file}{line}: not readable as YAML: {error.problem or error.context}"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        told = " ".join(str(error).split())
        raise SourceFileError(f"{file}: not readable as YAML: {told}") from error
    except OSError as error:
        raise SourceFileError(f"{file}: cannot be read: {error.strerror}") from error
    entries = document if isinstance(document, list) else [document]
    if not entries or document in (None, ""):
        raise SourceFileError(f"{file}: holds no source; write a list of sources, or one")
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            raise SourceFileError(
                f"{file}: source {number} is {_shown(entry)}; write it as keys and values ({', '.join(KEYS)})"
            )
        yield _Card(file, number, entry).read()


class _Card:
    """One source as written, with what its error messages need."""

    def __init__(self, file: Path, number: int, entry: Mapping[str, Any]) -> None:
        self.entry = entry
        named = entry.get("id")
        self.where = f"{file}: " + (
            f"source '{named}'" if isinstance(named, str) and named else f"source {number}"
        )

    def read(self) -> Source:
        for key in self.entry:
            if key not in KEYS:
                raise self.fault(f"unknown key '{key}'; use one of {', '.join(KEYS)}")
        for key in REQUIRED:
            if self.entry.get(key) in (None, ""):
                raise self.fault(f"{key} is missing; a source needs {', '.join(REQUIRED)} and an address")
        addresses = (*self.addresses("feeds", "feed"), *self.pages(), *self.addresses("licences", "licence"))
        if not addresses:
            raise self.fault("names no address; give at least one of feeds, pages, licences")
        urls = [address.url for address in addresses]
        for url in urls:
            if urls.count(url) > 1:
                raise self.fault(f"'{redact(url)}' stands twice; list it once")
        tier = self.choice("tier", get_args(Tier))
        actor = self.text("actor") if "actor" in self.entry else None
        if actor is not None and tier != "official":
            raise self.fault(
                f"actor is '{actor}' but tier is '{tier}'; only an official source speaks for an actor"
            )
        return Source(
            id=self.matching(
                "id", r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}", "letters, digits, - and _, e.g. openai-news"
            ),
            publisher=self.text("publisher"),
            language=self.matching("language", r"[a-z]{2,3}", "the code of a language, e.g. en, ko, zh"),
            tier=cast(Tier, tier),
            actor=actor,
            addresses=tuple(addresses),
            expect=self.expectation(),
            every=self.interval(),
        )

    def fault(self, what: str) -> SourceFileError:
        return SourceFileError(f"{self.where}: {what}")

    def text(self, key: str) -> str:
        value = self.entry[key]
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise self.fault(f"{key} is {_shown(value)}; write it as one line of text")
        return value.strip()

    def matching(self, key: str, pattern: str, right: str) -> str:
        value = self.text(key)
        if not re.fullmatch(pattern, value):
            raise self.fault(f"{key} is '{value}'; use {right}")
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        value = self.text(key)
        if value not in choices:
            raise self.fault(f"{key} is '{value}'; use one of {', '.join(choices)}")
        return value

    def addresses(self, key: str, role: str) -> list[Address]:
        return [Address(url=self.url(key, url), role=cast(Any, role)) for url in self.items(key)]

    def pages(self) -> list[Address]:
        pages = []
        for page in self.items("pages"):
            if not isinstance(page, dict) or "url" not in page:
                raise self.fault(f"pages holds {_shown(page)}; write {{url: https://…, links: CSS selector}}")
            for key in page:
                if key not in ("url", "links"):
                    raise self.fault(f"unknown key '{key}' in pages; use url, links")
            links = page.get("links")
            if links is not None and (not isinstance(links, str) or not links.strip()):
                raise self.fault(f"links is {_shown(links)}; write a CSS selector, e.g. main a.post")
            if links is not None:
                # Imported for those who have a selector: it brings lxml.
                from extractors.selectors import SelectorError, compiled_selector

                try:
                    compiled_selector(links)
                except SelectorError as error:
                    raise self.fault(f"links is {_shown(links)}: {error}") from error
            pages.append(Address(url=self.url("pages", page["url"]), role="page", links=links))
        return pages

    def items(self, key: str) -> list[Any]:
        value = self.entry.get(key, [])
        if not isinstance(value, list):
            raise self.fault(f"{key} is {_shown(value)}; write a list, e.g. {key}: [https://…]")
        return value

    def url(self, key: str, value: Any) -> str:
        if not isinstance(value, str):
            raise self.fault(
                f"{key} holds {_shown(value)}; write an address, e.g. https://example.org/feed.xml"
            )
        url = value.strip()
        if fault := web_address_fault(url):
            raise self.fault(f"{key} holds '{redact(url)}': {fault}; write e.g. https://example.org/feed.xml")
        return url

    def expectation(self) -> tuple[int, int] | None:
        if "expect" not in self.entry:
            return None
        expect = self.entry["expect"]
        bounds = expect.get("entries") if isinstance(expect, dict) and set(expect) == {"entries"} else None
        if isinstance(bounds, list) and len(bounds) == 2 and all(_is_count(bound) for bound in bounds):
            least, most = (int(bound) for bound in bounds)
            if least <= most:
                return least, most
        raise self.fault(
            f"expect is {_shown(expect)}; write the fewest and most entries, e.g. {{entries: [5, 100]}}"
        )

    def interval(self) -> timedelta:
        if "every" not in self.entry:
            return timedelta(hours=1)
        every = self.text("every")
        duration = parse_duration(every)
        if duration is None:
            raise self.fault(f"every is '{every}'; write minutes, hours or days up to 30d, e.g. 30m, 1h, 1d")
        return duration


def _is_count(bound: Any) -> bool:
    return isinstance(bound, str) and re.fullmatch(r"[0-9]{1,6}", bound) is not None


def _shown(value: Any) -> str:
    """A value as its writer would recognise it, shortened."""
    text = f"'{value}'" if isinstance(value, str) else repr(value)
    return redact(text if len(text) <= 80 else text[:77] + "...")
