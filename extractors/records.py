"""The records that pass from stage to stage, named by the stage that makes them.

Source -> Snapshot -> Entry -> Article -> Mention (and NullEvent). They are frozen: a stage never
edits what an earlier one made. All times are aware and in UTC. `warehouse` and `flows` import
these records too; they hold no behaviour beyond what reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

Tier = Literal["official", "press", "community", "policy"]
Role = Literal["feed", "page", "licence"]
Kind = Literal["weights", "code", "data", "licence", "access", "strategy", "policy"]
Direction = Literal["opening", "closing", "mixed"]
Stage = Literal["rumoured", "signalled", "announced", "done", "delayed", "denied"]
Outcome = Literal["read", "unchanged", "failed", "skipped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address of a source that is polled on a schedule."""

    url: str
    role: Role
    links: str | None = None
    """CSS selector of the article links on a listing page. None: every link that looks like an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publisher as its card in the catalogue describes it."""

    id: str
    publisher: str
    language: str
    """ISO 639-1 code of the language it mostly writes in."""
    tier: Tier
    actor: str | None = None
    """Canonical name of the organisation that speaks here; None unless the tier is official."""
    addresses: tuple[Address, ...]
    expect: tuple[int, int] | None = None
    """Fewest and most entries a healthy answer carries; None: no expectation."""
    every: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One address to ask for. Its role decides the Accept header and whether robots.txt is obeyed."""

    url: str
    role: Role | Literal["article"]
    headers: tuple[tuple[str, bytes], ...] = ()
    """Further headers as bytes, so that validators go back exactly as they came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a publisher sent in answer to one request, undone of transfer and content encoding only."""

    url: str
    """The address that was asked for."""
    final_url: str
    """The address that answered, after redirects."""
    status: int
    headers: tuple[tuple[str, str], ...]
    """Names in lower case; values as sent, decoded as Latin-1 (RFC 9110 §5.5)."""
    body: bytes
    """Empty for a 304."""
    fetched_at: datetime
    seconds: float
    redirects: tuple[tuple[int, str], ...] = ()
    """Status and target of every redirect followed, in order."""

    def header(self, name: str) -> str | None:
        """The first value of a header; `name` in lower case. None when it was not sent."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailure:
    """Why a request brought nothing to read. A failure of one source is a row, never a crash."""

    url: str
    at: datetime
    kind: Literal[
        "refused",
        "dns",
        "connect",
        "tls",
        "timeout",
        "too_large",
        "truncated",
        "decoding",
        "protocol",
        "http",
        "robots",
    ]
    """`refused`: our own policy (scheme, private address; when transient, nothing was asked, because the host
    wanted a pause or could not be reached in this pass); `http`: an answer with a status of 400 or more."""
    reason: str
    """One sentence for people, without credentials or tokens."""
    transient: bool
    """True when the same request may succeed later without anybody changing anything."""
    seconds: float
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRow:
    """One line of the table `fetches`: one request to one address of a source."""

    source: str
    url: str
    at: datetime
    outcome: Outcome
    status: int | None
    """None when no answer came."""
    reason: str | None
    """None when all went well."""
    bytes: int
    seconds: float
    entries: int | None
    """Entries in the document; None when it was not read as a feed or page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressState:
    """What must be remembered of an address between two passes. Stored with the entries it vouches for."""

    url: str
    source: str
    next_due_at: datetime
    memory: dict[str, Any] = field(default_factory=dict)
    """Validators, body hash, failures, interval ...: JSON values that only `extractors.schedule` reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed or one link of a listing page, as the publisher lists it."""

    source: str
    address: str
    """The polled address it was listed at."""
    guid: str | None
    """As written in the feed, never resolved against an address; None when the feed gives none."""
    url: str | None
    """Absolute http(s) address of the article; None when the entry has no link."""
    canonical_url: str
    """The key two copies of one article share; made from `url`, or from the guid when there is no link."""
    title: str
    summary: str
    """Plain text, empty when the feed gives none."""
    content: str
    """The full text as plain text when the feed carries it, otherwise empty."""
    author: str | None
    published_at: datetime | None
    """None when the feed states no date it is possible to read; never the fetch time."""
    updated_at: datetime | None
    language: str
    entry_hash: str
    """Hash of title, summary and content: another value means the publisher edited the entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a feed, sitemap or listing page lists, in the order it lists it."""

    url: str
    """The address that was read."""
    format: str
    """feedparser's name of the version (`rss20`, `atom10`, ...), `json1`, `json11`, `sitemap` or `page`."""
    title: str
    entries: tuple[Entry, ...]
    hints: dict[str, Any]
    """What the document asks of those who poll it, as JSON values; a key is left out when it says nothing:
    `ttl_minutes` (RSS ttl), `update_minutes` (sy:updatePeriod and updateFrequency), `skip_hours` (0-23, UTC),
    `skip_days` (`monday` ...), `next_page` and `archive_page` (address of older entries, RFC 5005),
    `numbered_pages` (true: older entries are at `?paged=2` and so on, as WordPress has them)."""
    complaint: str | None = None
    """What is wrong with the document although it could be read; None: nothing."""
    partial: bool = False
    """The document breaks off: its last entry was left out and its validators must not be kept."""
    left_out: int = 0
    """Entries beyond the cap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAFeed:
    """Why a body that arrived whole is not a list of entries."""

    url: str
    reason: str
    """One sentence for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as it is kept: the text of its page, or what the feed gives when there is none."""

    article_id: str
    """16 hexadecimal digits, made from the canonical address of its entry, under which it is looked up."""
    url: str
    canonical_url: str
    """The address the page gives as its own if it can be believed, else that of its entry."""
    source: str
    guid: str | None
    tier: Tier
    title: str
    author: str | None
    published_at: datetime | None
    """None when neither feed nor page states a date; never the fetch time."""
    seen_at: datetime
    """The pass that read this version."""
    language: str
    """ISO 639-1; `und` when it cannot be told."""
    text: str
    """The body, without the title; the feed's summary when the page could not be read."""
    text_hash: str
    entry_hash: str
    extracted_by: str
    """Extractor and version, e.g. `trafilatura 2.3.1`, `feed` for text taken from the feed itself."""
    without_text: str | None = None
    """Why the page's text is missing (then `text` is the feed's summary). None: the text is whole."""
    attempts: int = 1
    """Requests made for the page so far, this pass included; 0 when none was needed."""
    retry_at: datetime | None = None
    """When the page is tried again; None: the text is whole, or no further try is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownArticle:
    """What the warehouse remembers of an article, as far as deciding whether to read it again needs it."""

    article_id: str
    source: str
    guid: str | None
    url: str
    entry_hash: str
    text_hash: str
    attempts: int
    retry_at: datetime | None
    has_text: bool
    revisions: int = 0
    """Edits of its entry stored so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One openness shift as one article reports it. The fields are those of the event in the docs."""

    actor: str
    artefact: str
    """Empty for a general line."""
    family: str
    """Id of the artefact's family, from the registry or made from the name. Empty with an empty artefact."""
    kind: Kind
    direction: Direction
    stage: Stage
    due: date | None
    """The date promised. None when none is named."""
    licence_from: str | None
    licence_to: str | None
    """SPDX id or the registry's name. None when the article does not tell."""
    level_from: int | None
    level_to: int | None
    """0-8 on the ladder of levels. None when unknown."""
    current: bool
    """False for history, comparison and background."""
    confidence: float
    """0-1: the rule's own, lowered by what weakens it."""
    evidence: str
    """The verbatim sentence."""
    start: int
    end: int
    """Character offsets of the evidence in the title or the text, whichever `where` names."""
    where: Literal["title", "text"]
    rule: str
    ruleset: str
    territory: str | None = None
    """Where it holds, when a clause excludes or names a territory."""
    compelled_by: str | None = None
    """The government or court that forced it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NullEvent:
    """A sentence that looks like a shift and is none, with the id of the reason."""

    id: str
    evidence: str
    start: int
    end: int
    where: Literal["title", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagging:
    """All that was tagged in one article."""

    language: str
    shifts: tuple[Mention, ...]
    nulls: tuple[NullEvent, ...]
    ruleset: str
