"""Sources without a feed: listing pages and sitemaps become entries, home pages lead to their feeds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from lxml import etree

from extractors.addresses import canonical_url, host_of, registrable_domain
from extractors.dates import read_date, written_date
from extractors.encodings import decode
from extractors.entries import MOST_ENTRIES, build_entry
from extractors.feeds import Headers, header_values
from extractors.identity import settle_collisions
from extractors.languages import language_code
from extractors.links import absolute_link
from extractors.metadata import read_facts
from extractors.plain_text import one_line, tree_to_text
from extractors.records import Entry, NotAFeed, ParsedFeed
from extractors.selectors import SelectorError, compiled_selector
from extractors.trees import parse_page

_SHORTEST_TITLE = 12
"""Characters of the text of a link that may be a headline; Korean and Chinese need fewer."""
_SHORTEST_TITLE_CJK = 6
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")

# The last part of an article's address: a slug of at least three words, a date, a number of some length.
_ARTICLE_PATH = re.compile(
    r"/(?:19|20)\d{2}/\d{1,2}(?:/|$)|/[^/]*[^/-]+(?:-[^/-]+){2,}/?$|/(?:[^/]*\D)?\d{4,}(?:\D[^/]*)?/?$"
    r"|/(?:news|blog|posts?|articles?|stories|press|announcements?|research|insights|updates?|releases?|view)/[^/]+(?:/[^/]+)*/?$",
    re.IGNORECASE,
)
_NOT_ARTICLES = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies)|authors?|people|page|search|about|contact|careers?|jobs?|privacy|terms|legal|login"
    r"|sign-?(?:in|up)|subscribe|newsletters?|rss|feeds?|account|events?|products?|pricing|docs|help|support|cookies?|imprint"
    r"|impressum|share|cart|archive|wp-(?:content|admin|json))(?:[/.]|$)|\.(?:jpe?g|png|gif|svg|webp|pdf|zip|mp[34]|css|js|xml|json)$",
    re.IGNORECASE,
)
_FURNITURE = frozenset({"nav", "footer", "aside", "form", "dialog"})
_CARD = frozenset({"article", "li", "tr", "section", "div", "dd", "figure"})
_FEED_TYPES = frozenset(
    {
        "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
        "application/json", "application/xml", "text/xml", "application/x.atom+xml", "application/x-atom+xml",
        "text/rss+xml", "text/atom+xml",
    }
)  # fmt: skip


def parse_listing(
    body: bytes,
    *,
    url: str,
    links: str | None,
    source_id: str,
    language: str,
    now: datetime,
    headers: Headers = (),
) -> ParsedFeed | NotAFeed:
    """The articles a listing page or a sitemap links to. Never raises and never fetches anything.

    `url` is the address that answered. `links` is the CSS selector of the links, or of the elements that
    hold one link each; None: every link whose address and text look like an article's.
    """
    try:
        text = decode(body, content_type=header_values(headers).get("content-type")).text
        if _is_sitemap(text):
            return _sitemap(text, url=url, source_id=source_id, language=language, now=now)
        return _listing(text, url=url, links=links, source_id=source_id, language=language, now=now)
    except SelectorError as fault:
        return NotAFeed(url=url, reason=f"The selector of its links is wrong: {fault}.")
    except Exception as fault:  # noqa: BLE001 - one page must not stop the rest, whatever its markup does to lxml
        return NotAFeed(
            url=url, reason=f"The page could not be read: {type(fault).__name__}: {one_line(str(fault), 200)}"
        )


def find_feeds(body: bytes, *, url: str, headers: Headers = ()) -> tuple[str, ...]:
    """The addresses of the feeds a page names for itself (`<link rel=alternate>`), best first.

    Feeds of comments come last, whatever their place in the page.
    """
    tree = parse_page(decode(body, content_type=header_values(headers).get("content-type")).text)
    if tree is None:
        return ()
    base = _base(tree, url)
    found: dict[str, bool] = {}
    for element in tree.iter("link", "a"):
        kind = (element.get("type") or "").partition(";")[0].strip().lower()
        relation = (element.get("rel") or "").lower().split()
        if (kind in _FEED_TYPES and ("alternate" in relation or "feed" in relation)) or relation == ["feed"]:
            address = absolute_link(re.sub("^feed:(?://)?", "", element.get("href") or ""), base)
            if address is not None:
                about = f"{address} {element.get('title') or ''}".lower()
                found.setdefault(address, "comment" in about)
    return tuple(sorted(found, key=found.__getitem__))


@dataclass(frozen=True, slots=True)
class _Listed:
    """What a listing says of one article."""

    link: str
    title: str
    summary: str
    date: str | None


def _listing(
    text: str, *, url: str, links: str | None, source_id: str, language: str, now: datetime
) -> ParsedFeed | NotAFeed:
    tree = parse_page(text)
    if tree is None:
        return NotAFeed(url=url, reason="The page is empty.")
    facts = read_facts(tree, url=url)
    language = language_code(facts.language) or language
    base = _base(tree, url)
    listed: dict[str, _Listed] = {}
    for anchor in _anchors(tree, links):
        one = _listed(anchor, base)
        if one is None or (links is None and not _looks_like_article(anchor, one, url)):
            continue
        key = canonical_url(one.link)
        # A card links its article more than once: from a picture, the headline, "read more".
        known = listed.get(key)
        if known is None or len(one.title) > len(known.title):
            listed[key] = one
    found = [one for one in listed.values() if one.title]
    if not found:
        named = f" that '{links}' selects" if links else " that looks like an article"
        return NotAFeed(url=url, reason=f"The page has no link{named}.")
    return ParsedFeed(
        url=url,
        format="page",
        title=one_line(facts.title),
        entries=settle_collisions(
            [
                _entry(one, url=url, source_id=source_id, language=language, now=now)
                for one in found[:MOST_ENTRIES]
            ]
        ),
        hints=_next_page(tree, base),
        left_out=max(0, len(found) - MOST_ENTRIES),
    )


def _entry(one: _Listed, *, url: str, source_id: str, language: str, now: datetime) -> Entry:
    return build_entry(
        source_id=source_id,
        address=url,
        guid=None,
        link=one.link,
        title=one.title,
        summary=one.summary,
        content="",
        author="",
        published=one.date,
        updated=None,
        enclosure="",
        language=language,
        now=now,
    )


def _anchors(tree: etree._Element, links: str | None) -> Iterator[etree._Element]:
    if links is None:
        yield from tree.iter("a")
        return
    for element in compiled_selector(links)(tree):
        # The selector may name the card instead of the link in it.
        anchor = element if element.tag == "a" else next(element.iter("a"), None)
        if anchor is not None:
            yield anchor


def _listed(anchor: etree._Element, base: str) -> _Listed | None:
    link = absolute_link(anchor.get("href"), base)
    if link is None or (anchor.get("href") or "").startswith("#"):
        return None
    card = _card(anchor, link, base)
    heading = next((part for part in anchor.iter("h1", "h2", "h3", "h4", "h5")), None)
    title = one_line(_words(heading if heading is not None else anchor)) or one_line(
        anchor.get("title") or anchor.get("aria-label") or ""
    )
    if heading is None and len(title) < _SHORTEST_TITLE and card is not None:  # "Read more" under a headline
        above = next((part for part in card.iter("h1", "h2", "h3", "h4")), None)
        title = one_line(_words(above)) if above is not None else title
    summary = one_line(_words(next(card.iter("p"), None)), 600) if card is not None else ""
    return _Listed(
        link, title, "" if summary == title else summary, _date_near(card if card is not None else anchor)
    )


def _words(element: etree._Element | None) -> str:
    return "" if element is None else tree_to_text(element).replace("\n", " ")


def _card(anchor: etree._Element, link: str, base: str) -> etree._Element | None:
    """The largest element around a link that links nowhere else; None when it stands in a list of links."""
    own, card = canonical_url(link), None
    for element in anchor.iterancestors():
        if element.tag in {"body", "html", "main"}:
            break
        addresses = (absolute_link(other.get("href"), base) for other in element.iter("a"))
        if any(address is not None and canonical_url(address) != own for address in addresses):
            break
        if element.tag in _CARD:
            card = element
    return card


def _date_near(card: etree._Element) -> str | None:
    for time in card.iter("time"):
        written = time.get("datetime") or "".join(time.itertext())
        if written.strip():
            return written.strip()
    return written_date(tree_to_text(card).replace("\n", " | "))


def _looks_like_article(anchor: etree._Element, one: _Listed, page: str) -> bool:
    shortest = _SHORTEST_TITLE_CJK if _CJK.search(one.title) else _SHORTEST_TITLE
    path = urlsplit(one.link).path
    return (
        len(one.title) >= shortest
        and registrable_domain(host_of(one.link)) == registrable_domain(host_of(page))
        and canonical_url(one.link) != canonical_url(page)
        and _ARTICLE_PATH.search(path) is not None
        and _NOT_ARTICLES.search(path) is None
        and not any(parent.tag in _FURNITURE for parent in anchor.iterancestors())
    )


def _base(tree: etree._Element, url: str) -> str:
    return next(
        (href for element in tree.iter("base") if (href := absolute_link(element.get("href"), url))), url
    )


def _next_page(tree: etree._Element, base: str) -> dict[str, str]:
    for element in tree.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split() and (
            address := absolute_link(element.get("href"), base)
        ):
            return {"next_page": address}
    return {}


def _is_sitemap(text: str) -> bool:
    return re.search(r"<(?:[\w-]+:)?(?:urlset|sitemapindex)[\s>]", text[:3000]) is not None


def _sitemap(text: str, *, url: str, source_id: str, language: str, now: datetime) -> ParsedFeed | NotAFeed:
    """A sitemap (sitemaps.org 0.9), Google's news extension too; an index gives its newest part as a hint."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).strip()
    tree = etree.fromstring(body.encode("utf-8", "replace"), parser)
    if tree is None:
        return NotAFeed(url=url, reason="This begins as a sitemap but cannot be read as XML.")
    if etree.QName(tree).localname == "sitemapindex":
        parts = [(_child(part, "lastmod"), _child(part, "loc")) for part in tree.iter("{*}sitemap")]
        newest = max((part for part in parts if absolute_link(part[1], url)), default=None)
        hints = {"next_page": absolute_link(newest[1], url)} if newest else {}
        return ParsedFeed(url=url, format="sitemapindex", title="", entries=(), hints=hints)
    listed = []
    for element in tree.iter("{*}url"):
        link = absolute_link(_child(element, "loc"), url)
        if link is None:
            continue
        title = one_line(_child(element, "title")) or _title_of_slug(link)
        date = _child(element, "publication_date") or _child(element, "lastmod")
        own = language_code(_child(element, "language")) or language
        listed.append((_Listed(link, title, "", date or None), own))
    if not listed:
        return NotAFeed(url=url, reason="The sitemap lists no address.")
    # A sitemap is in no order; the newest are wanted when there are more than the cap.
    listed.sort(
        key=lambda pair: read_date(pair[0].date, now=now) or datetime.min.replace(tzinfo=now.tzinfo),
        reverse=True,
    )
    entries = [
        _entry(one, url=url, source_id=source_id, language=own, now=now) for one, own in listed[:MOST_ENTRIES]
    ]
    return ParsedFeed(
        url=url,
        format="sitemap",
        title="",
        entries=settle_collisions(entries),
        hints={},
        left_out=max(0, len(listed) - MOST_ENTRIES),
    )


def _child(element: etree._Element, name: str) -> str:
    """The text of the first descendant of that name in any namespace; empty when there is none."""
    found = next(element.iter(f"{{*}}{name}"), None)
    return "" if found is None else " ".join((found.text or "").split())


def _title_of_slug(link: str) -> str:
    """Words from an address, for a sitemap that gives no titles; the page brings the true one."""
    slug = urlsplit(link).path.rstrip("/").rpartition("/")[2]
    return re.sub(r"\.\w{2,5}$", "", slug).replace("-", " ").replace("_", " ").strip().capitalize()
