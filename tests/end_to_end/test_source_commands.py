"""`ajar sources list | check | add | import | export`, over a site on loopback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from extractors.sources import load_sources


def opml(*urls: str) -> str:
    """An OPML file of feeds."""
    outlines = "".join(f'<outline type="rss" text="Feed {n}" xmlUrl="{url}"/>' for n, url in enumerate(urls))
    return f'<opml version="2.0"><body><outline text="folder">{outlines}</outline></body></opml>'


def test_check_says_what_each_address_would_read_and_stores_nothing(
    ajar: Any, site: Any, tmp_path: Path, home: Path
) -> None:
    site.feed("/good.xml", ("/a", "A"), ("/b", "B"))
    site.answers["/page.xml"] = (200, {"Content-Type": "text/html"}, b"<html><body>front page</body></html>")
    run = ajar(
        "sources", "check", "--sources", str(site.sources(tmp_path / "s.yaml", "/good.xml", "/page.xml"))
    )
    assert run.returncode == 1
    good, bad = (line for line in run.stdout.splitlines() if "xml" in line)
    assert good.split("│")[2].strip() == "2"
    assert "HTML" in bad
    assert not (home / "ajar.duckdb").exists()


def test_add_finds_the_feed_of_a_home_page_and_the_next_run_reads_it(
    ajar: Any, site: Any, home: Path
) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    page = f"<html><head>{link}</head><body>home</body></html>"
    site.answers["/"] = (200, {"Content-Type": "text/html"}, page.encode())
    site.feed("/feed.xml", ("/a", "A"))
    run = ajar("sources", "add", site.url("/"), "--publisher", "Valley News")
    assert run.returncode == 0, run.stderr
    (source,) = load_sources(home / "sources")
    assert (source.publisher, source.tier, source.addresses[0].url) == (
        "Valley News",
        "press",
        site.url("/feed.xml"),
    )
    assert ajar("run", "--only", source.id).returncode == 0

    again = ajar("sources", "add", site.url("/feed.xml"))
    assert again.returncode == 2
    assert f"is listed already, as {source.id}" in again.stderr


def test_a_home_page_without_a_feed_is_answered_with_what_to_do(ajar: Any, site: Any) -> None:
    site.answers["/"] = (200, {"Content-Type": "text/html"}, b"<html><body>nothing here</body></html>")
    run = ajar("sources", "add", site.url("/"))
    assert run.returncode == 1
    assert "docs/adding-a-source.md" in run.stderr


@pytest.mark.parametrize("url", ["file:///etc/passwd", "javascript:alert(1)", "nowhere"])
def test_only_web_addresses_can_be_added(ajar: Any, url: str) -> None:
    run = ajar("sources", "add", url)
    assert run.returncode == 2
    assert "give the address of a feed or a home page" in run.stderr


def test_what_is_exported_can_be_imported_elsewhere(ajar: Any, tmp_path: Path, home: Path) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text(opml("https://a.example/feed", "https://b.example/rss", "https://a.example/feed"))
    run = ajar("sources", "import", str(file))
    assert run.stdout == f"2 feeds in {file}: 2 new, 0 known\n"
    assert [source.id for source in load_sources(home / "sources")] == ["a-example", "b-example"]
    exported = tmp_path / "exported.opml"
    exported.write_text(ajar("sources", "export", "--sources", str(home / "sources")).stdout)
    assert ajar("sources", "import", str(exported)).stdout == f"2 feeds in {exported}: 0 new, 2 known\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("not xml", "not readable as OPML"),
        ("<rss/>", "an OPML file begins with <opml>"),
        ("<opml><body/></opml>", "lists no feed"),
        (
            '<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml><body>&x;</body></opml>',
            "lists no feed",
        ),
    ],
)
def test_a_file_that_is_no_opml_is_named(ajar: Any, tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text(text)
    run = ajar("sources", "import", str(file))
    assert run.returncode == 2
    assert "feeds.opml" in run.stderr
    assert complaint in run.stderr


def test_a_feed_that_must_not_be_fetched_is_refused_and_the_others_are_taken(
    ajar: Any, tmp_path: Path
) -> None:
    file = tmp_path / "feeds.opml"
    file.write_text(opml("file:///etc/passwd", "https://a.example/feed"))
    run = ajar("sources", "import", str(file))
    assert run.returncode == 0
    assert "refused: file:///etc/passwd" in run.stdout
    assert "1 new, 0 known" in run.stdout
