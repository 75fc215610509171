"""An Atom feed and a JSON file of shifts, for everybody who would rather ask than be told.

They lie beside the published copy and are written anew after each load; a web server may serve them as
they are.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from flows.messages import ShiftMessage, compose_shift
from warehouse.alerts import newest_stages, shifts_with_stages
from warehouse.database import open_published
from warehouse.durable import sync
from warehouse.results import write_result

ATOM_NAME = "shifts.atom"
JSON_NAME = "shifts.json"
MOST_ENTRIES = 100
MOST_SHIFTS = 1000

_ATOM = "http://www.w3.org/2005/Atom"
# Atom is XML 1.0, which has no form for these (§2.2).
_NOT_XML = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]")


def write_shift_files(published: Path) -> None:
    """Write both files from the published copy, each whole or not at all."""
    with open_published(published) as connection:
        stages = [compose_shift(stage) for stage in newest_stages(connection, limit=MOST_ENTRIES)]
        shifts = BytesIO()
        write_result(shifts_with_stages(connection, limit=MOST_SHIFTS), "json", shifts)
    _replace(published.with_name(ATOM_NAME), atom_feed(stages))
    _replace(published.with_name(JSON_NAME), shifts.getvalue())


def atom_feed(stages: list[ShiftMessage]) -> bytes:
    """An Atom document (RFC 4287) with one entry for each change of stage, the newest first."""
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", _identity("feed"))
    _add(feed, "title", "Ajar: openness shifts")
    newest = max((stage.alert.since for stage in stages), default=datetime(1970, 1, 1, tzinfo=UTC))
    _add(feed, "updated", _stamp(newest))
    _add(_add(feed, "author"), "name", "Ajar")
    for stage in stages:
        entry = _add(feed, "entry")
        _add(entry, "id", _identity(stage.key))
        _add(entry, "title", f"{stage.state}: {stage.headline}")
        _add(entry, "updated", _stamp(stage.alert.since))
        if stage.url:
            _add(entry, "link").attrib.update(rel="alternate", href=stage.url)
        for term in (stage.alert.direction, stage.alert.stage, stage.alert.kind):
            _add(entry, "category").set("term", term)
        _add(entry, "content", _content(stage)).set("type", "text")
    document: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def _content(stage: ShiftMessage) -> str:
    facts = [f"{name}: {value}" for name, value in stage.facts]
    sources = ", ".join(f"{source.publisher} ({source.tier})" for source in stage.sources)
    return "\n".join([f"“{stage.evidence}”", *facts, f"Reported by {sources}", f"Rule: {stage.rule}"])


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}")
    if text is not None:
        child.text = _NOT_XML.sub("", text)
    return child


def _identity(key: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'ajar:shifts/{key}')}"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _replace(path: Path, content: bytes) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_bytes(content)
    sync(aside)
    aside.replace(path)
    sync(path.parent)
