"""Feeds as publishers write them: RSS 2.0, Atom, JSON Feed and RSS 1.0 (RDF)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from flows.demo.publishers import FeedFormat, Publisher
from flows.demo.story_files import Story

CONTENT_TYPES: Mapping[FeedFormat, str] = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "json": "application/feed+json",
    "rdf": "application/rdf+xml",
}


def render_feed(publisher: Publisher, stories: Sequence[Story]) -> bytes:
    """The publisher's feed of these stories, in its format and charset."""
    assert publisher.feed is not None, f"{publisher.id} has no feed"
    text = _RENDERERS[publisher.feed](publisher, stories)
    # Characters the charset lacks become numeric references; in JSON, which is UTF-8, there are none.
    return text.encode(publisher.charset, "xmlcharrefreplace")


def summary_of(story: Story) -> str:
    """The teaser a publisher shows of a story: its first paragraph."""
    return story.paragraphs[0]


def content_of(story: Story) -> str:
    return "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in story.paragraphs)


def _render_rss(publisher: Publisher, stories: Sequence[Story]) -> str:
    entries = "".join(
        f"""
    <item>
      <title>{escape(story.title)}</title>
      <link>{story.url}?utm_source=rss&amp;utm_medium=feed</link>
      <guid isPermaLink="false">{publisher.id}:{story.slug}</guid>
      <dc:creator>{escape(story.author)}</dc:creator>
      <pubDate>{format_datetime(story.published)}</pubDate>
      <description>{escape(escape(summary_of(story), quote=False))}</description>
    </item>"""
        for story in stories
    )
    return f"""<?xml version="1.0" encoding="{publisher.charset}"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>{escape(publisher.name)}</title>
    <link>{publisher.url("/")}</link>
    <description>{escape(publisher.tagline)}</description>
    <language>{publisher.language}</language>
    <atom:link href="{publisher.url(publisher.feed_path)}" rel="self" type="application/rss+xml"/>
    <lastBuildDate>{format_datetime(_latest(stories))}</lastBuildDate>{entries}
  </channel>
</rss>
"""


def _render_atom(publisher: Publisher, stories: Sequence[Story]) -> str:
    entries = "".join(
        f"""
  <entry>
    <id>tag:{publisher.host},2026:{story.slug}</id>
    <title>{escape(story.title)}</title>
    <link rel="alternate" type="text/html" href="{story.url}"/>
    <author><name>{escape(story.author)}</name></author>
    <published>{story.published.isoformat()}</published>
    <updated>{story.updated.isoformat()}</updated>
    <summary>{escape(summary_of(story))}</summary>
  </entry>"""
        for story in stories
    )
    return f"""<?xml version="1.0" encoding="{publisher.charset}"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{publisher.language}">
  <id>tag:{publisher.host},2026:feed</id>
  <title>{escape(publisher.name)}</title>
  <subtitle>{escape(publisher.tagline)}</subtitle>
  <link rel="self" href="{publisher.url(publisher.feed_path)}"/>
  <link rel="alternate" type="text/html" href="{publisher.url("/")}"/>
  <updated>{_latest(stories).isoformat()}</updated>{entries}
</feed>
"""


def _render_json_feed(publisher: Publisher, stories: Sequence[Story]) -> str:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": publisher.name,
        "description": publisher.tagline,
        "home_page_url": publisher.url("/"),
        "feed_url": publisher.url(publisher.feed_path),
        "language": publisher.language,
        "items": [
            {
                "id": story.url,
                "url": story.url,
                "title": story.title,
                "authors": [{"name": story.author}],
                "date_published": story.published.isoformat(),
                "summary": summary_of(story),
                "content_html": content_of(story),
            }
            for story in stories
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _render_rdf(publisher: Publisher, stories: Sequence[Story]) -> str:
    order = "".join(f'\n        <rdf:li rdf:resource="{story.url}"/>' for story in stories)
    entries = "".join(
        f"""
  <item rdf:about="{story.url}">
    <title>{escape(story.title)}</title>
    <link>{story.url}</link>
    <description>{escape(summary_of(story))}</description>
    <dc:creator>{escape(story.author)}</dc:creator>
    <dc:date>{story.published.isoformat()}</dc:date>
  </item>"""
        for story in stories
    )
    return f"""<?xml version="1.0" encoding="{publisher.charset}"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
         xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="{publisher.url(publisher.feed_path)}">
    <title>{escape(publisher.name)}</title>
    <link>{publisher.url("/")}</link>
    <description>{escape(publisher.tagline)}</description>
    <dc:language>{publisher.language}</dc:language>
    <items>
      <rdf:Seq>{order}
      </rdf:Seq>
    </items>
  </channel>{entries}
</rdf:RDF>
"""


def _latest(stories: Sequence[Story]) -> datetime:
    return max(story.updated for story in stories)


_RENDERERS: Mapping[FeedFormat, Callable[[Publisher, Sequence[Story]], str]] = {
    "rss": _render_rss,
    "atom": _render_atom,
    "json": _render_json_feed,
    "rdf": _render_rdf,
}
