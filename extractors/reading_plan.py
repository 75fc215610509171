"""Decides which of the entries that feeds list become articles in this pass, and which pages to ask for.

Pure, like `extractors.schedule`: what is known comes as an argument, and so does the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from extractors.addresses import canonical_url
from extractors.freshness import LONGEST_WAIT, retry_after
from extractors.identity import article_id, is_section
from extractors.poll_reactions import was_asked
from extractors.records import Entry, FetchFailure, KnownArticle, Request, Source

FULL_TEXT = 1200
"""Characters of content in a feed that make asking for the page needless."""
MOST_REVISIONS = 24
"""Some feeds change an entry at every poll (a counter, an advert); after so many edits it is left alone."""
RETRY_WAITS = (timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6), timedelta(hours=12))
"""After the first, second ... failed request for a page: five requests over a day, then no more."""

_RANKS = {"official": 0, "policy": 1, "press": 2, "community": 3}

Why = Literal["new", "edited", "retry"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedArticle:
    """One article to make in this pass."""

    article_id: str
    """That of the known article when it is one under another address."""
    entry: Entry
    """For a retry whose feed no longer lists it: a bare one with the address and the old entry hash."""
    why: Why
    request: Request | None
    """The page to ask for; None: what the feed gives is the text, or all there is."""
    postponed: bool = False
    """The page is wanted, but its source had its share: keep the feed's text, try at the next pass."""
    known: KnownArticle | None = None
    also: tuple[Entry, ...] = ()
    """The same article as further sources list it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlePlan:
    """What a pass reads, official sources first, newest first."""

    articles: tuple[PlannedArticle, ...]
    unchanged: int
    """Entries whose article is known and as it was."""

    @property
    def requests(self) -> tuple[Request, ...]:
        """The pages to ask for, one for each article that needs one."""
        return tuple(planned.request for planned in self.articles if planned.request is not None)


def plan_articles(
    entries: Iterable[Entry],
    known: Mapping[str, KnownArticle],
    now: datetime,
    *,
    sources: Mapping[str, Source],
    pages_per_source: int = 50,
) -> ArticlePlan:
    """The articles to make of what the feeds list and of what is due for another try.

    `known` is by article id; it must hold all that the entries may be (see `ids_of`) and all that are due.
    One article listed by several feeds is made once, for the source closest to the event (official, policy, press,
    community). Of each source at most `pages_per_source` pages are asked for, newest first; the others are
    `postponed`.
    """
    identify = _Identity(known.values())
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(identify(entry), []).append(entry)
    planned, unchanged = [], 0
    for key, group in groups.items():
        group.sort(key=lambda entry: _RANKS[sources[entry.source].tier] if entry.source in sources else 9)
        why = _why(group, known.get(key), now)
        if why is None:
            unchanged += len(group)
        else:
            planned.append(_planned(key, group, why, known.get(key)))
    listed = groups.keys()
    planned += [
        _planned(each.article_id, [_bare_entry(each, sources)], "retry", each)
        for each in known.values()
        if each.article_id not in listed and each.source in sources and _is_due(each, now)
    ]
    planned.sort(key=lambda each: _urgency(each, sources))
    return ArticlePlan(articles=tuple(_within_shares(planned, pages_per_source)), unchanged=unchanged)


def next_page_try(attempts: int, failure: FetchFailure | None, now: datetime) -> datetime | None:
    """When to ask again for a page after its `attempts`-th request failed; None: never, it is a dead letter.

    `failure` None: an answer came, but without a text in it (a consent wall, a challenge). A request that
    was held back in this pass is made at the next one and should not be counted.
    """
    if failure is not None and not was_asked(failure):
        return now
    if (failure is not None and not failure.transient) or not 1 <= attempts <= len(RETRY_WAITS):
        return None
    wait = RETRY_WAITS[attempts - 1]
    asked = retry_after(failure.headers, now) if failure is not None else None
    return now + max(wait, min(asked or wait, LONGEST_WAIT))


def ids_of(entry: Entry) -> tuple[str, str]:
    """Ids by which an article of this entry may be known: of its address, and of the same over the other scheme.

    It may also be known by the source and guid of the entry.
    """
    return article_id(entry.canonical_url), article_id(_other_scheme(entry.canonical_url))


class _Identity:
    """Finds the known article that an entry is, under whatever address or scheme it is listed now."""

    def __init__(self, known: Iterable[KnownArticle]) -> None:
        self.ids: set[str] = set()
        self.by_guid: dict[tuple[str, str], str] = {}
        for article in known:
            self._remember(article.article_id, article.source, article.guid)

    def __call__(self, entry: Entry) -> str:
        key, twin = ids_of(entry)
        if key not in self.ids:
            by_guid = self.by_guid.get((entry.source, entry.guid)) if entry.guid is not None else None
            key = by_guid or (twin if twin in self.ids else key)
        self._remember(key, entry.source, entry.guid)
        return key

    def _remember(self, key: str, source: str, guid: str | None) -> None:
        self.ids.add(key)
        if guid is not None:
            self.by_guid.setdefault((source, guid), key)


def _other_scheme(canonical: str) -> str:
    """The same page over https instead of http, or the other way round: publishers move, articles do not."""
    scheme, colon, rest = canonical.partition(":")
    return {"http": "https", "https": "http"}.get(scheme, scheme) + colon + rest


def _why(group: list[Entry], known: KnownArticle | None, now: datetime) -> Why | None:
    if known is None:
        return "new"
    own = next((entry for entry in group if entry.source == known.source), None)
    if own is not None and own.entry_hash != known.entry_hash and known.revisions < MOST_REVISIONS:
        # The publisher's own edit goes first in the group, whatever other feeds say of the article.
        group.sort(key=lambda entry: entry is not own)
        return "edited"
    return "retry" if _is_due(known, now) else None


def _is_due(known: KnownArticle, now: datetime) -> bool:
    return not known.has_text and known.retry_at is not None and known.retry_at <= now


def _planned(key: str, group: list[Entry], why: Why, known: KnownArticle | None) -> PlannedArticle:
    entry = group[0]
    wants_page = entry.url is not None and len(entry.content) < FULL_TEXT and not is_section(entry)
    return PlannedArticle(
        article_id=key,
        entry=entry,
        why=why,
        request=Request(url=entry.url, role="article") if wants_page and entry.url else None,
        known=known,
        also=tuple(group[1:]),
    )


def _bare_entry(known: KnownArticle, sources: Mapping[str, Source]) -> Entry:
    return Entry(
        source=known.source,
        address="",
        guid=known.guid,
        url=known.url,
        canonical_url=canonical_url(known.url),
        title="",
        summary="",
        content="",
        author=None,
        published_at=None,
        updated_at=None,
        language=sources[known.source].language,
        entry_hash=known.entry_hash,
    )


def _urgency(planned: PlannedArticle, sources: Mapping[str, Source]) -> tuple[int, float, str]:
    source = sources.get(planned.entry.source)
    rank = _RANKS[source.tier] if source else 9
    date = planned.entry.published_at or planned.entry.updated_at
    return rank, -(date or datetime.min.replace(tzinfo=UTC)).timestamp(), planned.article_id


def _within_shares(planned: list[PlannedArticle], most: int) -> list[PlannedArticle]:
    asked: dict[str, int] = {}
    shared = []
    for each in planned:
        if each.request is not None:
            count = asked[each.entry.source] = asked.get(each.entry.source, 0) + 1
            if count > most:
                each = postponed(each)
        shared.append(each)
    return shared


def postponed(planned: PlannedArticle) -> PlannedArticle:
    """The article without its page, which a later pass asks for."""
    return PlannedArticle(
        article_id=planned.article_id,
        entry=planned.entry,
        why=planned.why,
        request=None,
        postponed=True,
        known=planned.known,
        also=planned.also,
    )
