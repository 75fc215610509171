"""Files that may change silently: licences, terms, the licence fields of model cards.

Nobody announces such a change, so the text itself is compared with the one read last. A change becomes an
entry like any other, listed by the address that was read; what only looks different does not: white space,
markup, capitals, punctuation, the year of a copyright.

The text read last comes from, and goes to, the hints of the address (`ParsedFeed.hints["watched"]`).
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from extractors.addresses import canonical_url
from extractors.encodings import decode
from extractors.identity import entry_hash, text_hash
from extractors.plain_text import html_to_text, paragraphs
from extractors.records import Entry, NotAFeed, ParsedFeed, Snapshot, Source

LONGEST_TEXT = 100_000
"""Characters that are compared. The longest licence of a model in use has 40,000."""
LONGEST_CHANGE = 4_000
"""Characters of added and removed text that an entry quotes."""
MOST_MODELS = 500
"""Models whose licences are remembered of one list; it shows the newest, and older ones drop out of it."""

_COPYRIGHT = re.compile(r"^\W*(?:copyright|\(c\)|©).*$", re.IGNORECASE | re.MULTILINE)
_WORD = re.compile(r"\w+")
# How common licences introduce themselves in their first lines, and what people call them.
_HEADS: tuple[tuple[str, str], ...] = (
    (r"Apache License\W+Version 2\.0", "Apache-2.0"),
    (r"MIT License|Permission is hereby granted, free of charge", "MIT"),
    (r"GNU AFFERO GENERAL PUBLIC LICENSE\W+Version 3", "AGPL-3.0"),
    (r"GNU LESSER GENERAL PUBLIC LICENSE\W+Version 3", "LGPL-3.0"),
    (r"GNU GENERAL PUBLIC LICENSE\W+Version 3", "GPL-3.0"),
    (r"GNU GENERAL PUBLIC LICENSE\W+Version 2", "GPL-2.0"),
    (r"Mozilla Public License\W+Version 2\.0", "MPL-2.0"),
    (r"BSD 3-Clause", "BSD-3-Clause"),
    (r"BSD 2-Clause", "BSD-2-Clause"),
    (r"Business Source License 1\.1", "BUSL-1.1"),
    (r"Server Side Public License", "SSPL-1.0"),
    (r"Attribution-NonCommercial 4\.0 International", "CC-BY-NC-4.0"),
    (r"Attribution-ShareAlike 4\.0 International", "CC-BY-SA-4.0"),
    (r"Attribution 4\.0 International", "CC-BY-4.0"),
    (r"CC0 1\.0 Universal", "CC0-1.0"),
)  # fmt: skip
_HEAD = 600
_TAGS = {name.lower(): name for _, name in _HEADS}
"""Model cards write licences in lower case."""


def read_watched_file(snapshot: Snapshot, *, previous: str | None, source: Source) -> ParsedFeed | NotAFeed:
    """The change since `previous`, the text of last time, as an entry; no entry when nothing changed.

    `previous` None: the first reading, with which later ones are compared.
    """
    content_type = snapshot.header("content-type")
    written = decode(snapshot.body, content_type=content_type).text.lstrip("\ufeff")
    if (models := _model_licences(written)) is not None:
        if not models:
            return NotAFeed(url=snapshot.url, reason="The answer names no models.")
        return _read_models(snapshot, models, previous, source)
    is_page = bool(re.match(r"\s*<(?:!doctype html|html)\b", written, re.IGNORECASE))
    if is_page and re.search(r"/[^/.]*LICEN[CS]E[^/]*$|\.(?:md|txt)$", urlsplit(snapshot.url).path):
        return NotAFeed(url=snapshot.url, reason="A web page came where a text file was expected.")
    text = (html_to_text(written) if is_page else paragraphs(written))[:LONGEST_TEXT]
    if not _words(text):
        return NotAFeed(url=snapshot.url, reason="The file holds no words.")
    entries: tuple[Entry, ...] = ()
    if previous is not None and _words(previous) != _words(text):
        entries = (_changed_text(snapshot, previous, text, source),)
    return _listed(snapshot, entries, text)


def licence_name(text: str) -> str | None:
    """What a licence calls itself in its first lines; None when no licence is named there."""
    head = text[:_HEAD]
    for pattern, name in _HEADS:
        if re.search(pattern, " ".join(head.split())):
            return name
    # Licences of one owner have the name for a headline: `LLAMA 4 COMMUNITY LICENSE AGREEMENT`.
    lines = (line.strip(" #*=-_") for line in head.splitlines()[:5])
    return next((line for line in lines if len(line) <= 80 and re.search("licen[cs]e", line, re.I)), None)


def _changed_text(snapshot: Snapshot, before: str, after: str, source: Source) -> Entry:
    what = _named(snapshot.url)
    old, new = licence_name(before), licence_name(after)
    who = source.actor or source.publisher
    if old and new and old != new:
        title = f"{who} changes the licence of {what} from {old} to {new}"
    else:
        title = f"{who} changes the terms of {what}"
    removed, added = _difference(before, after)
    content = "\n".join(
        part
        for part in (
            f"{title}. The text at {snapshot.url} is not the one read before.",
            f"It no longer says: {removed}" if removed else "",
            f"It now says: {added}" if added else "",
        )
        if part
    )
    return _entry(snapshot, source, url=snapshot.url, title=title, content=content, version=after)


def _difference(before: str, after: str) -> tuple[str, str]:
    """The sentences that went and those that came, each cut to a length people read."""
    old, new = (re.split(r"(?<=[.;:])\s+|\n", text) for text in (before, after))
    keys_old, keys_new = ({" ".join(_words(line)) for line in lines} for lines in (old, new))
    gone = [line for line in old if " ".join(_words(line)) not in keys_new]
    come = [line for line in new if " ".join(_words(line)) not in keys_old]
    if not gone and not come:  # sentences only changed places
        come = [line[2:] for line in difflib.ndiff(old, new) if line.startswith("+ ")]
    removed, added = (" ".join(lines)[:LONGEST_CHANGE] for lines in (gone, come))
    return removed, added


def _words(text: str) -> list[str]:
    return _WORD.findall(_COPYRIGHT.sub("", text).casefold())


def _named(url: str) -> str:
    """What a licence file belongs to: the repository, or the page itself."""
    parts = urlsplit(url)
    segments = [segment for segment in parts.path.split("/") if segment]
    if parts.hostname == "raw.githubusercontent.com" and len(segments) >= 4:
        folder = "/".join(segments[3:-1])
        return f"{segments[1]} ({folder})" if folder else segments[1]
    return f"{parts.hostname}{parts.path.rstrip('/')}"


# -- model cards --------------------------------------------------------------------------------------


def _model_licences(written: str) -> dict[str, str] | None:
    """Licence by model, of Hugging Face's answers about models; None when this is no JSON."""
    if not written.lstrip().startswith(("[", "{")):
        return None
    try:
        answer = json.loads(written)
    except (ValueError, RecursionError):
        return None
    return dict(_licences_in(answer if isinstance(answer, list) else [answer]))


def _licences_in(models: list[Any]) -> Iterator[tuple[str, str]]:
    for model in models:
        name = model.get("id") or model.get("modelId") if isinstance(model, dict) else None
        if not isinstance(name, str) or not name.isprintable():
            continue
        tags = model.get("tags")
        licences = [
            _TAGS.get(tag[8:].lower(), tag[8:])
            for tag in (tags if isinstance(tags, list) else [])
            if isinstance(tag, str) and tag.startswith("license:")
        ]
        yield name, " and ".join(licences) or "none"


def _read_models(
    snapshot: Snapshot, models: dict[str, str], previous: str | None, source: Source
) -> ParsedFeed:
    remembered = dict(line.split("\t", 1) for line in (previous or "").splitlines() if "\t" in line)
    entries = tuple(
        _changed_model(snapshot, source, name, remembered[name], licence)
        for name, licence in models.items()
        if remembered.get(name, licence) != licence
    )
    merged = {**models, **{name: licence for name, licence in remembered.items() if name not in models}}
    text = "\n".join(f"{name}\t{licence}" for name, licence in list(merged.items())[:MOST_MODELS])
    return _listed(snapshot, entries, text)


def _changed_model(snapshot: Snapshot, source: Source, name: str, old: str, new: str) -> Entry:
    model = name.rpartition("/")[2]
    title = f"{source.actor or source.publisher} changes the licence of {model} from {old} to {new}"
    content = f"{title}. The model card of {name} named the licence {old} and now names {new}."
    url = f"https://huggingface.co/{name}"
    return _entry(snapshot, source, url=url, title=title, content=content, version=f"{name} {new}")


# -- what comes out -----------------------------------------------------------------------------------


def _entry(snapshot: Snapshot, source: Source, *, url: str, title: str, content: str, version: str) -> Entry:
    # The fragment makes each change an article of its own, and says that its page need not be asked for.
    change = f"{canonical_url(url)}#version-{text_hash(version)[:12]}"
    return Entry(
        source=source.id,
        address=snapshot.url,
        guid=change,
        url=change,
        canonical_url=change,
        title=title,
        summary="",
        content=content,
        author=None,
        published_at=None,
        updated_at=None,
        language="en",
        entry_hash=entry_hash(title, "", content),
    )


def _listed(snapshot: Snapshot, entries: tuple[Entry, ...], text: str) -> ParsedFeed:
    return ParsedFeed(
        url=snapshot.final_url, format="watched", title="", entries=entries, hints={"watched": text}
    )
