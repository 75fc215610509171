"""Sources are divided by domain: no site is asked by two workers, none is forgotten."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.addresses import host_of, registrable_domain
from extractors.reading_plan import plan_articles
from extractors.records import Address, Entry, KnownArticle, Source
from extractors.shards import shard_of, shards_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def source(name: str, *hosts: str) -> Source:
    """A source with a feed on each host."""
    addresses = tuple(Address(url=f"https://{host}/feed", role="feed") for host in hosts)
    return Source(id=name, publisher=name, language="en", tier="press", addresses=addresses)


def entry(url: str, of: str) -> Entry:
    """An entry of a source, without its text."""
    return Entry(
        source=of, address="", guid=url, url=url, canonical_url=url, title="A title", summary="A summary.",
        content="", author=None, published_at=NOW, updated_at=None, language="en", entry_hash="h",
    )  # fmt: skip


hosts = st.sampled_from([f"{sub}{name}.example" for sub in ("", "www.", "news.") for name in "abcdefgh"])
catalogues = st.lists(st.lists(hosts, min_size=1, max_size=3), max_size=12).map(
    lambda places: [source(f"s{number}", *each) for number, each in enumerate(places)]
)


@given(catalogues, st.integers(1, 7))
def test_every_source_has_one_shard_and_every_domain_too(sources: list[Source], of: int) -> None:
    shards = shards_of(sources, of)
    taken = [each.id for shard in shards for each in shard.sources(sources)]
    assert sorted(taken) == sorted(each.id for each in sources)
    asked_by: dict[str, set[int]] = {}
    for shard in shards:
        for each in shard.sources(sources):
            for address in each.addresses:
                domain = registrable_domain(host_of(address.url))
                asked_by.setdefault(domain, set()).add(shard.number)
                assert shard.owns(address.url)
    assert all(len(numbers) == 1 for numbers in asked_by.values())


def test_a_source_on_two_sites_keeps_them_and_all_that_share_them_together() -> None:
    sources = [source("a", "a.example", "b.example"), source("b", "b.example"), source("c", "www.a.example")]
    for of in range(2, 40):
        assert len([shard for shard in shards_of(sources, of) if shard.sources(sources)]) == 1


def test_shards_are_even() -> None:
    sources = [source(f"s{number}", f"site{number}.example") for number in range(4000)]
    sizes = [len(shard.sources(sources)) for shard in shards_of(sources, 8)]
    assert min(sizes) > 420 and max(sizes) < 580


def test_a_domain_has_the_same_shard_in_every_process() -> None:
    names = ["a.example", "münchen.example", "例え.example"]
    code = f"from extractors.shards import shard_of; print([shard_of(name, 16) for name in {names!r}])"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == str([shard_of(name, 16) for name in names])


def test_no_shards_are_refused() -> None:
    with pytest.raises(ValueError, match="0 shards; use 1 or more"):
        shards_of([], 0)


def test_a_page_on_anothers_site_is_asked_for_by_its_owner_alone() -> None:
    aggregator = source("aggregator", "links.example")
    by_id = {"aggregator": aggregator}
    pages = [f"https://page{number}.example/a" for number in range(20)]
    shards = shards_of([aggregator], 4)
    (lister,) = [shard for shard in shards if shard.sources([aggregator])]
    plan = lister.share(plan_articles([entry(url, "aggregator") for url in pages], {}, NOW, sources=by_id))
    asked = Counter(request.url for request in plan.requests)
    # The others are stored with the feed's text and due at once, and their owners ask for them.
    waiting = {
        each.article_id: KnownArticle(
            article_id=each.article_id, source="aggregator", guid=each.entry.guid, url=each.entry.url or "",
            entry_hash="h", text_hash="t", attempts=0, retry_at=NOW, has_text=False,
        )
        for each in plan.articles
        if each.postponed
    }  # fmt: skip
    assert len(plan.articles) == 20 and len(waiting) == 20 - len(plan.requests)
    for shard in shards:
        later = shard.share(plan_articles([], waiting, NOW, sources=by_id))
        asked.update(request.url for request in later.requests)
        assert all(shard.owns(request.url) for request in later.requests)
    assert asked == Counter(pages)


def test_an_entry_without_a_page_stays_with_the_shard_that_lists_it() -> None:
    aggregator = source("aggregator", "links.example")
    bare = replace(entry("https://x.example/a", "aggregator"), url=None)
    plan = plan_articles([bare], {}, NOW, sources={"aggregator": aggregator})
    assert [len(shard.share(plan).articles) for shard in shards_of([aggregator], 3)] == [1, 1, 1]
