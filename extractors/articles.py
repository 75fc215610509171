"""Pages and entries become articles: the text of the body, who wrote it, when, and in what language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache

from lxml import etree

from extractors.addresses import canonical_url
from extractors.body_text import body_text
from extractors.dates import read_date, written_date
from extractors.encodings import decode
from extractors.identity import article_id, is_section, text_hash
from extractors.languages import language_of
from extractors.metadata import PageFacts, accepted_canonical, read_facts
from extractors.plain_text import one_line, tree_to_text
from extractors.records import Article, Entry, Snapshot, Tier
from extractors.trees import is_monstrous, parse_page
from extractors.walls import find_wall

_BYLINES = 12
"""Lines at the top of a page among which the byline is."""

_LONGEST_BYLINE = 80
"""Characters of a line that may be a byline; sentences are longer."""


def extract_article(
    snapshot: Snapshot, entry: Entry, *, tier: Tier, now: datetime, attempts: int = 1
) -> Article:
    """The article of a page that answered, or the feed's text with the reason when the page holds none.

    What the feed says of title, author and date wins over the page: it is written for machines.
    `attempts` counts the requests made for this page, this one included.
    """

    def without(reason: str) -> Article:
        return article_from_entry(entry, tier=tier, now=now, reason=reason, attempts=attempts, retry_at=None)

    content_type = snapshot.header("content-type")
    if not _may_be_html(content_type, snapshot.body):
        return without(f"The address holds {one_line(content_type or 'binary data', 60)}, not a page.")
    markup = decode(snapshot.body, content_type=content_type).text
    tree = parse_page(markup)
    if tree is None:
        return without("The page is empty.")
    facts = read_facts(tree, url=snapshot.final_url)
    headline = _headline(facts, tree)

    @cache
    def visible() -> str:
        # What every page of a site says at its edges ("Subscribe", "Cookie settings") is no sign of a wall. The
        # tree is used up by then, and few pages are asked for more than their article.
        fresh = parse_page(markup)
        return "" if fresh is None else tree_to_text(fresh, edges=False)

    found, extracted_by = body_text(tree, markup, url=snapshot.final_url, visible=visible, stated=facts.body)
    text = _without_title(found, (entry.title, facts.title))
    wall = find_wall(snapshot, tree, facts, text, visible=visible)
    if wall is not None:
        return without(wall)
    if not text:
        return without("The page shows no text.")
    if is_section(entry) and (entry.content or entry.summary):
        # The page collects many entries; its text as a whole is none of theirs.
        return article_from_entry(entry, tier=tier, now=now, reason=None, attempts=attempts, retry_at=None)
    return Article(
        article_id=article_id(entry.canonical_url),
        url=entry.url or snapshot.url,
        canonical_url=_canonical(snapshot, entry, facts),
        source=entry.source,
        guid=entry.guid,
        tier=tier,
        title=entry.title or headline or one_line(text, 120),
        author=entry.author or facts.author or None,
        published_at=entry.published_at
        or _published(facts, tree, visible=visible, language=entry.language, now=now),
        seen_at=now,
        language=language_of(text, declared=facts.language or entry.language),
        text=text,
        text_hash=text_hash(text),
        entry_hash=entry.entry_hash,
        extracted_by=extracted_by,
        attempts=attempts,
    )


def article_from_entry(
    entry: Entry, *, tier: Tier, now: datetime, reason: str | None, attempts: int, retry_at: datetime | None
) -> Article:
    """The article as far as the feed gives it.

    `reason` says why the page's text is missing; None means that the feed carries the whole text.
    `retry_at` is when the page is tried again; None: no more.
    """
    text = entry.content or entry.summary
    return Article(
        article_id=article_id(entry.canonical_url),
        url=entry.url or entry.canonical_url,
        canonical_url=entry.canonical_url,
        source=entry.source,
        guid=entry.guid,
        tier=tier,
        title=entry.title,
        author=entry.author,
        published_at=entry.published_at,
        seen_at=now,
        language=language_of(f"{entry.title}\n{text}", declared=entry.language),
        text=text,
        text_hash=text_hash(text),
        entry_hash=entry.entry_hash,
        extracted_by="feed",
        without_text=reason,
        attempts=attempts,
        retry_at=retry_at,
    )


def _may_be_html(content_type: str | None, body: bytes) -> bool:
    """Judged by the content when the server says nothing or something general."""
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind in {"text/html", "application/xhtml+xml"}:
        return True
    head = body[:1000].lstrip().lower()
    looks = head.startswith((b"<!doctype html", b"<html")) or b"<html" in head or b"<body" in head
    return looks or (kind in {"", "text/plain", "application/octet-stream"} and b"<p" in head)


def _without_title(text: str, titles: tuple[str, ...]) -> str:
    """The body alone: the headline is kept apart, and an event in it would count twice."""
    first, _, rest = text.partition("\n")
    line = first.strip().casefold()
    # A page's title goes on after the headline: "Halden opens its weights | The Post".
    said = any(title.casefold() == line or title.casefold().startswith(f"{line} ") for title in titles)
    byline = len(line) <= _LONGEST_BYLINE and not line.endswith((".", "!", "?", "。")) and written_date(line)
    return _without_title(rest, titles) if rest and (said or byline) else text


def _headline(facts: PageFacts, tree: etree._Element) -> str:
    """The page's title, without the site's name behind it when the first heading shows where that begins."""
    headings = (one_line("".join(element.itertext())) for element in tree.iter("h1"))
    return next((heading for heading in headings if heading and facts.title.startswith(heading)), facts.title)


def _canonical(snapshot: Snapshot, entry: Entry, facts: PageFacts) -> str:
    """The address the page gives as its own, else the one that answered: a feed may list a redirector or AMP.

    The article's id stays that of the address it was listed under, by which the next pass will look it up.
    """
    own = accepted_canonical(facts, url=snapshot.final_url)
    if own is not None:
        return canonical_url(own)
    return canonical_url(snapshot.final_url) if snapshot.redirects else entry.canonical_url


def _byline_date(visible: str) -> str | None:
    """A date at the top of the page in a line of its own; one within a sentence belongs to the story."""
    lines = visible.split("\n", _BYLINES)[:_BYLINES]
    return next(
        (date for line in lines if len(line) <= _LONGEST_BYLINE and (date := written_date(line))), None
    )


def _published(
    facts: PageFacts, tree: etree._Element, *, visible: Callable[[], str], language: str, now: datetime
) -> datetime | None:
    """What the page states, else what stands in its byline, else what its markup suggests."""
    language = facts.language or language
    stated = read_date(facts.published, language=language, now=now)
    if stated is None and (byline := _byline_date(visible())) is not None:
        stated = read_date(byline, language=language, now=now)
    if stated is not None or is_monstrous(tree):
        return stated
    # Imported here for the same reason as trafilatura.
    from htmldate import find_date

    try:
        found = find_date(tree, extensive_search=False, original_date=True, max_date=now.strftime("%Y-%m-%d"))
    except (ValueError, TypeError, AttributeError, etree.LxmlError):
        return None
    return read_date(found, now=now)
