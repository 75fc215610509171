"""The sources in force, and what `ajar sources` does with them: check, add, import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from extractors.addresses import redact, web_address_fault
from extractors.errors import AjarError, ConfigurationError
from extractors.fetch import Fetcher
from extractors.records import Address, FetchFailure, ParsedFeed, Request, Snapshot, Source, Tier
from extractors.sources import load_sources
from extractors.sources.cards import write_card
from extractors.sources.opml import Subscriptions, feed_source, read_opml
from extractors.workers import FeedToRead, ReadingPool
from flows.collecting import fetch_settings
from flows.settings import Settings


class NoFeedError(AjarError):
    """An address to add is neither a feed nor a page that names one."""


def sources_in_force(settings: Settings) -> tuple[Source, ...]:
    """What the settings name, or else the bundled catalogue and the user's own cards.

    A card of the user's with the id of a bundled one replaces it.
    """
    if settings.sources is not None:
        return load_sources(settings.sources)
    own = own_sources(settings)
    known = {source.id: source for source in (*load_sources(None), *own)}
    return tuple(known[key] for key in sorted(known))


def own_sources(settings: Settings) -> tuple[Source, ...]:
    """The cards that `add` and `import` wrote."""
    folder = own_folder(settings)
    return load_sources(folder) if folder.is_dir() and any(folder.glob("*.y*ml")) else ()


def own_folder(settings: Settings) -> Path:
    """Where the user's own cards are kept."""
    return settings.home / "sources"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What one address would give."""

    source: str
    url: str
    entries: int | None
    """None when the address could not be read."""
    newest: datetime | None
    remark: str
    """Empty when all is well."""


def check_sources(settings: Settings, sources: Sequence[Source], *, now: datetime) -> list[Checked]:
    """Fetch every address once and say what it would read; nothing is stored."""
    places = {address.url: (source, address) for source in sources for address in source.addresses}
    checked: dict[str, Checked] = {}
    fetcher = Fetcher(fetch_settings(settings))
    with ReadingPool(settings.reading_processes) as pool:
        documents: list[FeedToRead] = []
        for answer in fetcher.fetch_many(
            [Request(url=url, role=place[1].role) for url, place in places.items()], now
        ):
            source, address = places[answer.url]
            if isinstance(answer, FetchFailure):
                checked[answer.url] = _checked(source, answer.url, remark=answer.reason)
            elif address.role == "licence":
                checked[answer.url] = _checked(source, answer.url, entries=0)
            else:
                documents.append(_to_read(answer, source, address))
        for feed, parsed in pool.parse_feeds(documents, now):
            source, _ = places[feed.snapshot.url]
            if isinstance(parsed, ParsedFeed):
                checked[feed.snapshot.url] = _read(source, feed.snapshot.url, parsed)
            else:
                checked[feed.snapshot.url] = _checked(source, feed.snapshot.url, remark=parsed.reason)
    return [checked[url] for url in places]


def add_source(
    settings: Settings, url: str, *, now: datetime, publisher: str | None, tier: Tier, actor: str | None
) -> tuple[Source, Path]:
    """Find the feed of an address, write a card for it, and return both.

    Raises ConfigurationError for an address that cannot be fetched from or is known already, NoFeedError when
    nothing could be read there.
    """
    if fault := web_address_fault(url):
        raise ConfigurationError(f"{redact(url)}: {fault}; give the address of a feed or a home page")
    fetcher = Fetcher(fetch_settings(settings))
    with ReadingPool(1) as pool:
        feed, parsed = _find_feed(fetcher, pool, url, now)
    known = sources_in_force(settings)
    for source in known:
        if any(address.url == feed for address in source.addresses):
            raise ConfigurationError(f"{redact(feed)}: is listed already, as {source.id}")
    found = feed_source(
        feed,
        publisher=publisher or parsed.title,
        language=parsed.entries[0].language if parsed.entries else None,
        taken=[source.id for source in known],
    )
    found = replace(found, tier=tier, actor=actor)
    return found, _write(settings, found)


def import_opml(settings: Settings, file: Path) -> tuple[Subscriptions, list[Source]]:
    """Write a card for every feed of an OPML file that is not listed yet; returns what it lists and those."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read: {error.strerror}; name an OPML file") from error
    listed = read_opml(body, name=str(file))
    known = sources_in_force(settings)
    addresses = {address.url for source in known for address in source.addresses}
    taken = {source.id for source in known}
    new = []
    for source in listed.sources:
        url = source.addresses[0].url
        if url in addresses:
            continue
        fresh = feed_source(url, publisher=source.publisher, language=source.language, taken=taken)
        taken.add(fresh.id)
        _write(settings, fresh)
        new.append(fresh)
    return listed, new


def _find_feed(fetcher: Fetcher, pool: ReadingPool, url: str, now: datetime) -> tuple[str, ParsedFeed]:
    from extractors.pages import find_feeds

    page = _ask(fetcher, url, now)
    tried = [(url, page)]
    parsed = _parse(pool, page, now)
    if parsed is not None:
        return url, parsed
    for feed in find_feeds(page.body, url=page.final_url, headers=page.headers):
        answer = _ask(fetcher, feed, now)
        parsed = _parse(pool, answer, now)
        tried.append((feed, answer))
        if parsed is not None:
            return feed, parsed
    raise NoFeedError(
        f"{redact(url)}: is no feed and names none that can be read; write a card with pages: "
        "and the CSS selector of its links (docs/adding-a-source.md)"
    )


def _ask(fetcher: Fetcher, url: str, now: datetime) -> Snapshot:
    answer = fetcher.fetch(Request(url=url, role="feed"), now)
    if isinstance(answer, FetchFailure):
        raise NoFeedError(f"{redact(url)}: cannot be read: {answer.reason}")
    return answer


def _parse(pool: ReadingPool, answer: Snapshot, now: datetime) -> ParsedFeed | None:
    document = FeedToRead(snapshot=answer, source_id="new", language="en", role="feed")
    parsed = next(parsed for _, parsed in pool.parse_feeds([document], now))
    return parsed if isinstance(parsed, ParsedFeed) else None


def _write(settings: Settings, source: Source) -> Path:
    folder = own_folder(settings)
    path = folder / f"{source.id}.yaml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(write_card(source), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be written: {error.strerror}") from error
    return path


def _to_read(answer: Snapshot, source: Source, address: Address) -> FeedToRead:
    return FeedToRead(
        snapshot=answer, source_id=source.id, language=source.language, role=address.role, links=address.links
    )


def _read(source: Source, url: str, parsed: ParsedFeed) -> Checked:
    dates = [entry.published_at for entry in parsed.entries if entry.published_at]
    remark = parsed.complaint or ""
    if source.expect is not None and not source.expect[0] <= len(parsed.entries) <= source.expect[1]:
        remark = f"{source.expect[0]} to {source.expect[1]} entries were expected"
    return _checked(source, url, entries=len(parsed.entries), newest=max(dates, default=None), remark=remark)


def _checked(
    source: Source, url: str, *, entries: int | None = None, newest: datetime | None = None, remark: str = ""
) -> Checked:
    return Checked(source=source.id, url=redact(url), entries=entries, newest=newest, remark=remark)
