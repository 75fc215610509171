"""One way to make an entry, whatever format lists it."""

from __future__ import annotations

import re
from datetime import datetime

from extractors.dates import read_date
from extractors.identity import entry_hash, entry_key
from extractors.plain_text import one_line, paragraphs
from extractors.records import Entry

MOST_ENTRIES = 2000
"""No publisher writes more between two polls; of an archive feed of 20,000 both ends are read."""

LONGEST_GUID = 2048

# What publishing software adds to a summary. It repeats the headline, or says nothing of the article.
_ADDED = re.compile(
    r"^(?:The post .{1,400} (?:appeared first on|first appeared on) .{1,200}"
    r"|(?:Read (?:more|the (?:full|whole|rest).{0,40})|Continue reading)\b.{0,200}"
    r"|(?:Weiterlesen|Lire la suite|Leer más)\b.{0,200}"
    r"|(?:기사 ?원문|더 ?보기|阅读(?:全文|原文)|続きを読む).{0,40})$",
    re.IGNORECASE | re.MULTILINE,
)


def build_entry(
    *,
    source_id: str,
    address: str,
    guid: str | None,
    link: str | None,
    title: str,
    summary: str,
    content: str,
    author: str,
    published: str | None,
    updated: str | None,
    enclosure: str,
    language: str,
    now: datetime,
) -> Entry:
    """An entry from what a document says of it.

    Texts are plain already; `link` is absolute. `published` and `updated` are dates as written;
    `enclosure` is the address of an attached file, empty when there is none.
    """
    guid = one_line(guid or "", LONGEST_GUID) or None
    title = one_line(title)
    summary, content = (paragraphs(_ADDED.sub("", text)) for text in (summary, content))
    summary = "" if summary == content else summary
    return Entry(
        source=source_id,
        address=address,
        guid=guid,
        url=link,
        canonical_url=entry_key(
            source=source_id, guid=guid, url=link, words=(title, published or "", enclosure)
        ),
        title=title or one_line(summary or content, 120),
        summary=summary,
        content=content,
        author=one_line(author, 200) or None,
        published_at=read_date(published or updated, language=language, now=now),
        updated_at=read_date(updated, language=language, now=now),
        language=language,
        entry_hash=entry_hash(title, summary, content),
    )
