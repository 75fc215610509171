"""The older entries of a feed, page by page, as far back as its publisher keeps them.

A feed names its next older page itself: an archive (`rel="prev-archive"`, RFC 5005 §4) or a page of a paged
feed (`rel="next"`, RFC 5005 §3). WordPress names none, but answers `?paged=2`, `?paged=3` and so on until
it has no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from extractors.addresses import redact
from extractors.articles import article_from_entry
from extractors.feeds import parse_feed
from extractors.fetch import Fetcher
from extractors.identity import article_id
from extractors.reading_plan import FULL_TEXT
from extractors.records import Article, Entry, FetchFailure, NotAFeed, ParsedFeed, Request, Source
from extractors.workers import PageToRead

MOST_PAGES = 2000
"""Pages asked for; a feed that names a new page each time would never end."""


class ArchivedFeed:
    """One feed with all that its publisher keeps of it."""

    def __init__(self, fetcher: Fetcher, address: str, source: Source, now: datetime) -> None:
        self._fetcher = fetcher
        self._address = address
        self._source = source
        self._now = now
        self.faults: list[str] = []
        """Pages that could not be read, each with the reason."""

    def pages(self) -> Iterator[dict[str, Entry]]:
        """From the newest page to the oldest, the entries that no page before had, by the ids of their articles.

        A page that cannot be read ends it and is a fault; a numbered page that is not there (WordPress) is the
        plain end.
        """
        known: set[str] = set()
        asked: set[str] = set()
        url: str | None = self._address
        while url is not None and url not in asked and len(asked) < MOST_PAGES:
            asked.add(url)
            parsed = self._page(url, numbered=len(asked))
            if parsed is None:
                return
            found = {article_id(entry.canonical_url): entry for entry in parsed.entries}
            fresh = {key: entry for key, entry in found.items() if key not in known}
            if not fresh:
                return
            known |= fresh.keys()
            yield fresh
            url = parsed.hints.get("archive_page") or parsed.hints.get("next_page")
            if url is None and parsed.hints.get("numbered_pages"):
                url = _numbered(self._address, len(asked) + 1)

    def articles(self, entries: Iterable[Entry]) -> list[PageToRead | Article]:
        """The articles that the feed carries whole, and the pages of the others; a page that cannot be fetched
        is a fault, and its article is what the feed says of it."""
        entries = list(entries)
        lacking = {entry.url: entry for entry in entries if entry.url and len(entry.content) < FULL_TEXT}
        whole = [entry for entry in entries if not entry.url or len(entry.content) >= FULL_TEXT]
        found: list[PageToRead | Article] = [self._from_feed(entry, None) for entry in whole]
        requests = [Request(url=url, role="article") for url in lacking]
        for answer in self._fetcher.fetch_many(requests, self._now):
            entry = lacking[answer.url]
            if isinstance(answer, FetchFailure):
                self.faults.append(f"{redact(answer.url)}: {answer.reason}")
                found.append(self._from_feed(entry, answer.reason))
            else:
                source = self._source
                found.append(PageToRead(snapshot=answer, entry=entry, tier=source.tier, actor=source.actor))
        return found

    def _page(self, url: str, *, numbered: int) -> ParsedFeed | None:
        answer = self._fetcher.fetch(Request(url=url, role="feed"), self._now)
        if isinstance(answer, FetchFailure):
            if answer.status != 404 or url != _numbered(self._address, numbered):
                self.faults.append(f"{redact(url)}: {answer.reason}")
            return None
        parsed = parse_feed(
            answer.body,
            url=answer.final_url,
            headers=answer.headers,
            source_id=self._source.id,
            language=self._source.language,
            now=self._now,
        )
        if isinstance(parsed, NotAFeed):
            self.faults.append(f"{redact(url)}: {parsed.reason}")
            return None
        return parsed

    def _from_feed(self, entry: Entry, reason: str | None) -> Article:
        return article_from_entry(
            entry, tier=self._source.tier, now=self._now, reason=reason, attempts=1, retry_at=None
        )


def _numbered(address: str, number: int) -> str:
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "paged"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("paged", str(number))])))
