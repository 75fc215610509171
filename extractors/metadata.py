"""What a page says about itself: title, author, dates, language, its canonical address.

JSON-LD first, because newsrooms fill it in for search engines, then the meta elements. A small
reader of our own: trafilatura's costs as much time as the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from extractors.links import absolute_link
from extractors.plain_text import html_to_text, one_line

ARTICLE_TYPES = frozenset(
    {
        "Article", "NewsArticle", "BlogPosting", "TechArticle", "Report", "ReportageNewsArticle",
        "AnalysisNewsArticle", "OpinionNewsArticle", "BackgroundNewsArticle", "ScholarlyArticle",
        "LiveBlogPosting", "SocialMediaPosting",
    }
)  # fmt: skip

_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title")
_AUTHORS = (
    "author",
    "article:author",
    "dc.creator",
    "citation_author",
    "parsely-author",
    "sailthru.author",
    "byl",
)
_PUBLISHED = (
    "article:published_time", "og:published_time", "datepublished", "date", "dc.date", "dc.date.issued",
    "pubdate", "publishdate", "publish-date", "citation_publication_date", "parsely-pub-date",
    "sailthru.date",
)  # fmt: skip
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "dc.date.modified", "last-modified")
_LONGEST_JSON = 300_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """Texts as the page writes them, on one line; an empty text where it says nothing."""

    title: str
    author: str
    published: str
    modified: str
    language: str
    """The `lang` of the html element, or what JSON-LD or a meta element says in its place."""
    canonical: str | None
    """Absolute address the page calls its own, without judging it."""
    body: str
    """The article's text as plain text, when JSON-LD carries it."""
    free: bool | None
    """schema.org's isAccessibleForFree; None when the page does not say."""


def read_facts(tree: etree._Element, *, url: str) -> PageFacts:
    """Everything the page says about itself. `url` is the address that answered."""
    meta = _meta(tree)
    article = _article(tree)
    html_language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or ""

    def first(*names: str) -> str:
        return next((meta[name] for name in names if meta.get(name)), "")

    author = _names(article.get("author")) or first(*_AUTHORS)
    return PageFacts(
        title=one_line(html_to_text(_string(article.get("headline"))))
        or first(*_TITLES)
        or _element_text(tree, "title"),
        author="" if author.startswith(("http://", "https://")) else author,
        published=_string(article.get("datePublished")) or first(*_PUBLISHED) or _time(tree),
        modified=_string(article.get("dateModified")) or first(*_MODIFIED),
        language=html_language
        or _string(article.get("inLanguage"))
        or first("og:locale", "content-language", "dc.language"),
        canonical=_canonical(tree, meta, url),
        body=html_to_text(_whole_text(article.get("articleBody"))),
        free=_truth(article.get("isAccessibleForFree")),
    )


def accepted_canonical(facts: PageFacts, *, url: str) -> str | None:
    """The page's canonical address if it can be believed of a page at `url`.

    One on another site, or the site's front page, is a mistake of a template or an attempt to claim
    somebody else's article: None then, and when there is none.
    """
    if facts.canonical is None:
        return None
    own, named = urlsplit(url), urlsplit(facts.canonical)
    if named.path in {"", "/"} and not named.query and own.path not in {"", "/"}:
        return None
    return facts.canonical if _site(own.hostname) == _site(named.hostname) else None


def _site(host: str | None) -> str:
    """The host without the prefixes that one site uses side by side."""
    name = (host or "").lower().rstrip(".")
    for prefix in ("www.", "amp.", "m.", "mobile."):
        name = name.removeprefix(prefix)
    return name


def _meta(tree: etree._Element) -> dict[str, str]:
    """The first value of every named meta element, names in lower case."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (
            element.get("property")
            or element.get("name")
            or element.get("itemprop")
            or element.get("http-equiv")
        )
        value = one_line(element.get("content") or "", 2000)
        if name and value:
            found.setdefault(name.lower(), value)
    return found


def _canonical(tree: etree._Element, meta: dict[str, str], url: str) -> str | None:
    base = next(
        (href for element in tree.iter("base") if (href := absolute_link(element.get("href"), url))), url
    )
    for element in tree.iter("link"):
        if "canonical" in (element.get("rel") or "").lower().split() and (
            found := absolute_link(element.get("href"), base)
        ):
            return found
    return absolute_link(meta.get("og:url"), base)


def _article(tree: etree._Element) -> dict[str, Any]:
    """The first thing of an article's type in the page's JSON-LD; empty when there is none."""
    for script in tree.iter("script"):
        if (script.get("type") or "").lower().partition(";")[0].strip() != "application/ld+json":
            continue
        source = (script.text or "").strip().removeprefix("<!--").removesuffix("-->")
        if not source or len(source) > _LONGEST_JSON:
            continue
        try:
            document = json.loads(source, strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _things(document):
            types = thing.get("@type")
            if ARTICLE_TYPES & set(
                types if isinstance(types, list) else [types] if isinstance(types, str) else []
            ):
                return thing
    return {}


def _things(document: Any) -> Iterator[dict[str, Any]]:
    """Every object on the upper levels: at the top, in a list, in `@graph`, as the main entity."""
    waiting = [document]
    for _ in range(200):
        if not waiting:
            return
        thing = waiting.pop(0)
        if isinstance(thing, list):
            waiting.extend(thing[:50])
        elif isinstance(thing, dict):
            yield thing
            waiting.extend(thing[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in thing)


def _names(author: Any) -> str:
    people = author if isinstance(author, list) else [author]
    names = (_string(person.get("name") if isinstance(person, dict) else person) for person in people[:20])
    return one_line(", ".join(name for name in names if name), 200)


def _string(value: Any) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or value.get("alternateName")
    return one_line(value) if isinstance(value, str) else ""


def _whole_text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(_string(value).lower())


def _element_text(tree: etree._Element, name: str) -> str:
    element = next(tree.iter(name), None)
    return "" if element is None else one_line("".join(element.itertext()))


def _time(tree: etree._Element) -> str:
    """The date of a time element that is the article's own rather than a comment's or a teaser's."""
    for element in tree.iter("time"):
        marks = (
            f"{element.get('itemprop') or ''} {element.get('class') or ''} {' '.join(element.attrib)}".lower()
        )
        if "publish" in marks or "pubdate" in marks:
            return one_line(element.get("datetime") or "".join(element.itertext()), 100)
    within = next((time for part in tree.iter("article", "main") for time in part.iter("time")), None)
    return "" if within is None else one_line(within.get("datetime") or "".join(within.itertext()), 100)
