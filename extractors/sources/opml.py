"""OPML, the format in which feed readers exchange their subscriptions (http://opml.org/spec2.opml)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from extractors.addresses import redact, web_address_fault
from extractors.errors import SourceFileError
from extractors.languages import language_code
from extractors.records import Address, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """What an OPML file lists."""

    sources: tuple[Source, ...]
    refused: tuple[str, ...]
    """Outlines that are no source, each with the reason."""


def read_opml(body: bytes, *, name: str) -> Subscriptions:
    """The feeds of an OPML file as press sources, each feed once.

    `name` is the file's, for messages. Entities are not expanded and nothing is fetched. Raises
    SourceFileError when the file is no OPML or lists no feed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceFileError(f"{name}: not readable as OPML: {error}") from error
    if root.tag != "opml":
        raise SourceFileError(f"{name}: is a document of <{root.tag}>; an OPML file begins with <opml>")
    found: dict[str, Source] = {}
    taken: set[str] = set()
    refused = []
    for outline in root.iter("outline"):
        url = (outline.get("xmlUrl") or "").strip()
        if not url or url in found:
            continue
        if fault := web_address_fault(url):
            refused.append(f"{redact(url)}: {fault}")
            continue
        title = " ".join((outline.get("title") or outline.get("text") or "").split())
        source = feed_source(url, publisher=title, language=outline.get("language"), taken=taken)
        taken.add(source.id)
        found[url] = source
    if not found and not refused:
        raise SourceFileError(f"{name}: lists no feed; outlines with an xmlUrl are wanted")
    return Subscriptions(sources=tuple(found.values()), refused=tuple(refused))


def write_opml(sources: Iterable[Source]) -> bytes:
    """All feeds of the sources; listing pages and watched files have no place in OPML."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Ajar: sources"
    body = etree.SubElement(root, "body")
    for source in sources:
        for address in source.addresses:
            if address.role == "feed":
                etree.SubElement(
                    body,
                    "outline",
                    type="rss",
                    text=source.publisher,
                    title=source.publisher,
                    xmlUrl=address.url,
                    language=source.language,
                )
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def feed_source(url: str, *, publisher: str, language: str | None, taken: Iterable[str]) -> Source:
    """A press source with one feed; its id is made from the host and differs from those `taken`."""
    host = urlsplit(url).hostname or "source"
    stem = (
        re.sub(r"[^a-z0-9]+", "-", host.removeprefix("www.").removeprefix("feeds.")).strip("-")[:70]
        or "source"
    )
    names = (stem if number == 1 else f"{stem}-{number}" for number in range(1, 100_000))
    printable = "".join(letter for letter in publisher if letter.isprintable()).strip()
    return Source(
        id=next(name for name in names if name not in set(taken)),
        publisher=printable or host,
        language=language_code(language) or "en",
        tier="press",
        addresses=(Address(url=url, role="feed"),),
    )
