"""Every page in tests/snapshots, read as its expectation beside it says.

The expectation names the address (`url`, `final_url` after redirects, `headers`) and the `reading`. A
missing reading is written by the test, which then fails: read it, then commit it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.addresses import canonical_url
from extractors.articles import extract_article
from extractors.records import Article, Entry, Snapshot

FOLDER = Path(__file__).parents[1] / "snapshots"
PAGES = sorted(FOLDER.glob("*.html"))
NOW = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
FED = "What the feed says of it."


class Readable(yaml.SafeDumper):
    """Writes texts of several lines as blocks, so that a reading can be read."""


Readable.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    ),
)


def article_of(page: Path, about: dict[str, Any]) -> Article:
    """The article, listed by a feed that gives only an address and a summary."""
    url = about["url"]
    final_url = about.get("final_url", url)
    headers = {"content-type": "text/html; charset=utf-8"} | about.get("headers", {})
    snapshot = Snapshot(
        url=url,
        final_url=final_url,
        status=200,
        headers=tuple(headers.items()),
        body=page.read_bytes(),
        fetched_at=NOW,
        seconds=0.1,
        redirects=() if final_url == url else ((302, final_url),),
    )
    entry = Entry(
        source="golden",
        address="https://feeds.example/golden",
        guid=None,
        url=url,
        canonical_url=canonical_url(url),
        title="",
        summary=FED,
        content="",
        author=None,
        published_at=None,
        updated_at=None,
        language="en",
        entry_hash="0",
    )
    return extract_article(snapshot, entry, tier="press", now=NOW)


def reading(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "author": article.author,
        "published": article.published_at.isoformat() if article.published_at else None,
        "canonical": article.canonical_url,
        "language": article.language,
        "without_text": article.without_text,
        "text": article.text,
    }


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_a_page_is_read_as_expected(page: Path) -> None:
    expectation = page.with_suffix(".yaml")
    about = yaml.safe_load(expectation.read_text())
    got = reading(article_of(page, about))
    if "reading" not in about:
        about["reading"] = got
        expectation.write_text(
            yaml.dump(about, Dumper=Readable, allow_unicode=True, sort_keys=False, width=1000)
        )
        pytest.fail(f"wrote the reading of {expectation.name}; read it, then commit it")
    assert got == about["reading"]


def test_a_wall_gives_the_text_of_the_feed_and_its_reason() -> None:
    walls = [page for page in PAGES if page.stem.startswith("wall-")]
    assert len(walls) >= 12
    for page in walls:
        article = article_of(page, yaml.safe_load(page.with_suffix(".yaml").read_text()))
        assert article.text == FED, page.name
        assert article.without_text, page.name
        assert article.extracted_by == "feed"


def test_an_article_that_is_no_wall_has_its_own_text() -> None:
    for page in PAGES:
        if not page.stem.startswith("wall-"):
            article = article_of(page, yaml.safe_load(page.with_suffix(".yaml").read_text()))
            assert article.without_text is None, page.name
            assert article.text != FED, page.name
