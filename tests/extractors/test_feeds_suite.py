"""feedparser's own 2,200 test documents, read through our function and by feedparser alone.

The documents come from feedparser's source distribution, which pip fetches when the test runs; none of
them is part of this project. Where the two readings differ, `BETTER` says why ours is wanted.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
from collections import defaultdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from extractors.feeds import parse_feed
from extractors.plain_text import html_to_text, one_line
from extractors.records import Entry, NotAFeed

NOW = datetime(2026, 11, 22, tzinfo=UTC)

# Field -> document (or the start of its path) -> why ours is wanted.
BETTER: dict[str, dict[str, str]] = {
    "entries": {
        "illformed/rss_incomplete_cdata.xml": "the entry breaks off, so it is left for the next poll",
    },
    "link": {
        "illformed/rdf_channel_empty_textinput.xml": "rdf:about is the address of an item without link",
        "wellformed/rdf/": "rdf:about is the address of an item without link",
        "wellformed/node_precedence/atom10_id.xml": "blanks in an address are percent-encoded",
    },
    "guid": {
        "wellformed/atom10/entry_id_no_normalization_4.xml": "an id is a name: not rewritten",
        "wellformed/atom10/entry_id_with_attributes.xml": "an id is a name: not resolved",
        "wellformed/base/http_entry_id_base": "an id is a name: not resolved",
        "wellformed/lang/http_content_language_entry_title_inherit_2.xml": "an id is a name: not resolved",
        "wellformed/rss/item_guid_isPermaLink_ValueError.xml": "an id is a name: kept though no address",
        "wellformed/node_precedence/atom10_id.xml": "one id on two articles is none",
    },
}

# Run by a Python without this project, since `extractors.feeds` changes how feedparser reads ids.
REFERENCE = """
import calendar, io, json, sys, feedparser
for line in sys.stdin:
    path, headers = json.loads(line)
    try:
        parsed = feedparser.parse(
            io.BytesIO(open(path, "rb").read()), response_headers=headers, sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as fault:
        print(json.dumps({"raised": repr(fault)}))
        continue
    entries = []
    for item in parsed.entries:
        date = item.get("published_parsed") or item.get("created_parsed") or item.get("updated_parsed")
        text = "".join(part.get("value") or "" for part in item.get("content") or [])
        entries.append({
            "title": item.get("title") or "", "type": (item.get("title_detail") or {}).get("type"),
            "summary": item.get("summary") or text, "link": item.get("link"), "guid": item.get("id"),
            "author": item.get("author") or "", "date": calendar.timegm(date) if date else None,
        })
    print(json.dumps({"version": parsed.version, "entries": entries}))
"""


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the documents, from the distribution of the version that is installed."""
    folder = tmp_path_factory.mktemp("feedparser")
    wanted = f"feedparser=={version('feedparser')}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "feedparser"]
    fetched = subprocess.run(
        [*command, wanted, "--dest", str(folder)], capture_output=True, text=True, timeout=240
    )
    archive = next(folder.glob("feedparser-*.tar.gz"), None)
    if archive is None:
        pytest.skip(
            f"pip cannot fetch the source distribution of {wanted} here: {fetched.stderr.strip()[-200:]}"
        )
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return next(folder.glob("feedparser-*/tests"))


def headers_of(body: bytes, address: str) -> dict[str, str]:
    """The headers that a document asks in its comment to be served with."""
    asked = re.findall(rb"^Header:\s*([^:\s]+):(.+)$", body, re.MULTILINE)
    named = {name.decode().lower(): value.decode("latin-1").strip() for name, value in asked}
    return {"content-location": address, "content-type": "application/xml"} | named


def reference(paths: list[Path], headers: list[dict[str, str]]) -> list[dict[str, Any]]:
    lines = "\n".join(json.dumps([str(path), header]) for path, header in zip(paths, headers, strict=True))
    command = [sys.executable, "-W", "ignore", "-I", "-c", REFERENCE]
    run = subprocess.run(command, input=lines, capture_output=True, text=True, check=True, timeout=240)
    return [json.loads(line) for line in run.stdout.splitlines()]


def differences(ours: Entry, theirs: dict[str, Any]) -> set[str]:
    """The fields that the two readings do not agree on. Titles we make up from a text count as agreeing."""
    words = html_to_text(theirs["summary"]).split()
    titles = {one_line(html_to_text(theirs["title"])), one_line(theirs["title"])}
    date = ours.published_at.timestamp() if ours.published_at else None
    agreed = {
        "title": ours.title in titles or (not theirs["title"] and bool(ours.title)) or not any(titles),
        "summary": words in ((ours.summary or ours.content).split(), [])
        or theirs["summary"].split() == words,
        "link": ours.url == (theirs["link"] or None),
        "guid": ours.guid == (theirs["guid"] or None),
        "author": (ours.author or "") == one_line(html_to_text(theirs["author"]), 200),
        "date": date == theirs["date"],
    }
    return {field for field, same in agreed.items() if not same}


@pytest.mark.long
def test_feedparser_s_own_documents_are_read_as_feedparser_reads_them_or_better(documents: Path) -> None:
    paths = sorted(documents.rglob("*.xml"))
    assert len(paths) > 2000
    addresses = [f"http://127.0.0.1:8097/tests/{path.name}" for path in paths]
    headers = [headers_of(path.read_bytes(), address) for path, address in zip(paths, addresses, strict=True)]
    unexplained: dict[str, list[str]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    for path, header, theirs in zip(paths, headers, reference(paths, headers), strict=True):
        name = str(path.relative_to(documents))
        ours = parse_feed(
            path.read_bytes(),
            url=header["content-location"],
            headers=header,
            source_id="suite",
            language="en",
            now=NOW,
        )
        found: set[str] = set()
        if isinstance(ours, NotAFeed):
            found = {"entries"} if theirs.get("version") or theirs.get("entries") else set()
        elif "raised" not in theirs:
            if len(ours.entries) != len(theirs["entries"]):
                found = {"entries"}
            else:
                pairs = zip(ours.entries, theirs["entries"], strict=True)
                found = set().union(*(differences(one, other) for one, other in pairs))
        for field in found:
            start = next((start for start in BETTER.get(field, {}) if name.startswith(start)), None)
            if start is None:
                unexplained[field].append(name)
            else:
                seen.add((field, start))
    assert dict(unexplained) == {}
    assert seen == {(field, start) for field, starts in BETTER.items() for start in starts}
