"""A source whose page is an index of sitemaps is read through its newest part."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any


def test_the_newest_part_of_a_sitemap_index_gives_the_articles(ajar: Any, site: Any, tmp_path: Path) -> None:
    now = datetime.now(UTC)

    def sitemap(kind: str, item: str, paths: dict[str, datetime]) -> tuple[int, dict[str, str], bytes]:
        items = "".join(
            f"<{item}><loc>{site.url(path)}</loc><lastmod>{at:%Y-%m-%dT%H:%M:%SZ}</lastmod></{item}>"
            for path, at in paths.items()
        )
        body = f'<?xml version="1.0"?><{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</{kind}>'
        return 200, {"Content-Type": "application/xml"}, body.encode()

    news = "/news/gondor-7b-weights-are-out"
    old, new = now - timedelta(days=90), now - timedelta(hours=2)
    site.answers["/index.xml"] = sitemap("sitemapindex", "sitemap", {"/old.xml": old, "/new.xml": new})
    site.answers["/old.xml"] = sitemap("urlset", "url", {"/2020/story": old})
    site.answers["/new.xml"] = sitemap("urlset", "url", {news: new})
    site.page(
        "/news/gondor-7b-weights-are-out", "Weights out", "Arnor Labs has released the weights of Gondor-7B."
    )
    pages = f"pages: [{{url: '{site.url('/index.xml')}'}}]"
    card = f"id: site\npublisher: Site\nlanguage: en\ntier: press\n{pages}\n"
    (tmp_path / "site.yaml").write_text(card)
    run = ajar("run", "--sources", str(tmp_path / "site.yaml"), "--json")
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout)["articles_new"] == 1
    assert "/2020/story" not in site.requests
    assert news in site.requests
