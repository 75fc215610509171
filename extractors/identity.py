"""Which entries and articles are the same one.

An article is known by its canonical address, because that is what two feeds, two spellings and two
polls of it share. Only an entry without a usable address is known by its guid, and one without a
guid by its words.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote, urlsplit

from extractors.addresses import canonical_url
from extractors.records import Entry


def article_id(canonical: str) -> str:
    """16 hexadecimal digits: enough for 10 million articles with a chance of 3 in a million of one clash."""
    return _hash(canonical)[:16]


def text_hash(text: str) -> str:
    """Tells two versions of a text apart; differences in white space alone do not count."""
    return _hash(" ".join(text.split()))[:32]


def entry_hash(title: str, summary: str, content: str) -> str:
    """Another value means that the publisher edited the entry."""
    return text_hash("\x1f".join((title, summary, content)))


def entry_key(*, source: str, guid: str | None, url: str | None, words: Sequence[str]) -> str:
    """The canonical address of an entry, or a name in its place that is the same at every poll.

    `words` (title, date, enclosure) name an entry that has neither an address nor a guid.
    """
    if url is not None:
        return canonical_url(url)
    if guid is not None:
        return f"urn:ajar:{source}:guid:{quote(guid, safe='')}"
    return f"urn:ajar:{source}:words:{_hash(chr(31).join(words))[:32]}"


def settle_collisions(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Entries of one document, told apart where it gives different ones the same guid or address.

    One guid on entries with different addresses is a fault of the feed: those entries have none. One
    address for entries with different words is a page that collects them, a changelog for example:
    each keeps its fragment, or its guid as the key when there is no fragment to tell it by.
    """
    guids: dict[str, set[str]] = defaultdict(set)
    titles: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        title = entry.title or entry.entry_hash
        fragment = urlsplit(entry.url or "").fragment
        guids[entry.guid or ""].add(f"{entry.canonical_url}#{fragment}" if entry.url else title)
        titles[entry.canonical_url].add(title)
        names[entry.canonical_url].add(f"{entry.guid or title}#{fragment}")
    settled = []
    for entry in entries:
        guid = entry.guid if len(guids[entry.guid or ""]) == 1 else None
        key = entry.canonical_url
        # One title under two guids is a reprint, two titles under one guid an edit: both are one article.
        differ = len(titles[key]) > 1 and len(names[key]) > 1
        fragment = urlsplit(entry.url or "").fragment
        if differ and fragment:
            key = f"{key}#{fragment}"
        elif differ or (entry.url is None and guid != entry.guid):
            words = (entry.title, str(entry.published_at))
            key = entry_key(source=entry.source, guid=guid, url=None, words=words)
        settled.append(replace(entry, guid=guid, canonical_url=key))
    return tuple(settled)


def is_section(entry: Entry) -> bool:
    """True for an entry that is a part of a page it shares with others: the page's text is not its own."""
    return "#" in entry.canonical_url or (entry.url is not None and entry.canonical_url.startswith("urn:"))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
