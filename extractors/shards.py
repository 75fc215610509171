"""Divides the sources among workers so that no two of them ever ask the same site.

Politeness is kept per registrable domain (five seconds between two requests, a pause that a server asked for),
by the one process that asks it. So every domain belongs to one shard, and the sources with an address on it
go there. Pure: the same sources give the same shards in every process and on every machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from extractors.addresses import host_of, registrable_domain
from extractors.reading_plan import ArticlePlan, PlannedArticle, postponed
from extractors.records import Source


@dataclass(frozen=True, slots=True)
class Shard:
    """One share of the domains: number `number`, from 0, of `of`."""

    number: int
    of: int
    groups: Mapping[str, str]
    """For each domain that shares a source with another: the domain that stands for all of them."""

    def owns(self, url: str) -> bool:
        """Whether this shard, and no other, may ask the site of an address."""
        domain = registrable_domain(host_of(url))
        return shard_of(self.groups.get(domain, domain), self.of) == self.number

    def sources(self, sources: Iterable[Source]) -> list[Source]:
        """Those to poll here."""
        return [source for source in sources if self.owns(source.addresses[0].url)]

    def share(self, plan: ArticlePlan) -> ArticlePlan:
        """The plan without the pages of other shards.

        A new or edited article on another's site keeps the feed's text and is due again at once: its owner
        asks for the page in its next pass. One that is only tried again is left to its owner.
        """
        return ArticlePlan(
            articles=tuple(mine for each in plan.articles if (mine := self._mine(each)) is not None),
            unchanged=plan.unchanged,
        )

    def _mine(self, planned: PlannedArticle) -> PlannedArticle | None:
        if planned.entry.url is None or self.owns(planned.entry.url):
            return planned
        if planned.why == "retry":
            return None
        return postponed(planned) if planned.request is not None else planned


def shards_of(sources: Sequence[Source], of: int) -> list[Shard]:
    """All shards of a catalogue. Raises ValueError when `of` is less than 1."""
    if of < 1:
        raise ValueError(f"{of} shards; use 1 or more")
    groups = joined_domains(sources)
    return [Shard(number, of, groups) for number in range(of)]


def shard_of(domain: str, of: int) -> int:
    """The number of the shard of a domain; the same in every process, unlike Python's own hash."""
    digest = blake2b(domain.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % of


def joined_domains(sources: Iterable[Source]) -> dict[str, str]:
    """The domains that have to stay together because one source has addresses on several.

    Gives for each of them the one that stands for all: the first in the alphabet. A source is never divided,
    so two domains of one source belong together, and so do those that a third one joins to them.
    """
    parents: dict[str, str] = {}

    def root(domain: str) -> str:
        parents.setdefault(domain, domain)
        while parents[domain] != domain:
            parents[domain] = parents[parents[domain]]
            domain = parents[domain]
        return domain

    for source in sources:
        first, *others = sorted({registrable_domain(host_of(each.url)) for each in source.addresses})
        for other in others:
            low, high = sorted((root(first), root(other)))
            parents[high] = low
    return {domain: root(domain) for domain in parents}
