"""What every address of the newsroom answers on a day: feeds, pages, redirects and faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from http import HTTPStatus

from flows.demo.feed_documents import CONTENT_TYPES, render_feed
from flows.demo.page_documents import render_article, render_front
from flows.demo.publishers import PUBLISHERS, Publisher
from flows.demo.story_files import DAYS, Story, stories_on

ROBOTS = b"User-agent: *\nDisallow: /search\nDisallow: /admin/\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What one address answers on one day."""

    status: HTTPStatus = HTTPStatus.OK
    body: bytes = b""
    content_type: str
    modified: datetime | None = None
    """None: sent without validators."""
    extra: tuple[tuple[str, str], ...] = ()
    """Further headers."""

    @property
    def etag(self) -> str:
        return f'"{sha256(self.body).hexdigest()[:16]}"'


@cache
def edition(day: int) -> Mapping[tuple[str, str], Document]:
    """Every document of every publisher as it stands on a day, by host and path."""
    stories = stories_on(day)
    return {
        (publisher.host, path): document
        for publisher in PUBLISHERS
        for path, document in _site(publisher, [story for story in stories if story.publisher is publisher])
    }


def _site(publisher: Publisher, stories: Sequence[Story]) -> Iterator[tuple[str, Document]]:
    """The paths of one publisher's host and what they answer."""
    front = Document(
        body=render_front(publisher, stories),
        content_type=_content_type("text/html", publisher),
        modified=max((story.updated for story in stories), default=DAYS[1]),
    )
    yield "/robots.txt", Document(body=ROBOTS, content_type="text/plain; charset=utf-8")
    yield "/", front
    if publisher.fault == "unavailable":
        yield publisher.feed_path, _unavailable()
    elif publisher.feed is None or publisher.fault == "html":
        yield publisher.feed_path, front
    else:
        yield (
            publisher.feed_path,
            Document(
                body=render_feed(publisher, stories),
                content_type=_content_type(CONTENT_TYPES[publisher.feed], publisher),
                modified=front.modified,
                extra=(("Cache-Control", "max-age=300"),),
            ),
        )
    if publisher.moved_from is not None:
        yield publisher.moved_from, _moved_to(publisher.url(publisher.feed_path))
    for story in stories:
        if not story.gone:
            yield (
                story.url.removeprefix(publisher.url("")),
                Document(
                    body=render_article(story, stories),
                    content_type=_content_type("text/html", publisher),
                    modified=story.updated,
                ),
            )


def _unavailable() -> Document:
    return Document(
        status=HTTPStatus.SERVICE_UNAVAILABLE,
        body=b"<h1>Service temporarily unavailable</h1>",
        content_type="text/html",
        extra=(("Retry-After", "1800"),),
    )


def _moved_to(url: str) -> Document:
    return Document(status=HTTPStatus.MOVED_PERMANENTLY, content_type="text/html", extra=(("Location", url),))


def _content_type(media_type: str, publisher: Publisher) -> str:
    return f"{media_type}; charset={publisher.charset}" if publisher.charset_in_header else media_type
