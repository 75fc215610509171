"""The newsroom's server: what publishers' web sites do, over real HTTP."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPMessage
from importlib.resources import as_file
from importlib.util import find_spec
from pathlib import Path

import feedparser
import pytest
import trafilatura

from extractors.sources import load_sources
from flows.demo import editions
from flows.demo.newsroom import Newsroom, sources_file
from flows.demo.publishers import PUBLISHERS, PUBLISHERS_BY_ID, Publisher
from flows.demo.story_files import Story, stories_on

PUBLISHING = [publisher for publisher in PUBLISHERS if publisher.fault is None]
HALDEN_FEED = "http://halden-post.example/technology/rss.xml"


class Answer:
    def __init__(self, status: int, headers: HTTPMessage, body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(day=1) as running:
        yield running


def ask(newsroom: Newsroom, url: str, **headers: str) -> Answer:
    """One GET of a newsroom URL, redirects not followed; `_` in a header's name stands for `-`."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = HTTPConnection(*newsroom.connect_to[host], timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", f"/{path}", headers={"Host": host, **named})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def feed_titles(newsroom: Newsroom, publisher: Publisher) -> list[str]:
    answer = ask(newsroom, publisher.url(publisher.feed_path))
    if publisher.feed == "json":
        return [item["title"] for item in json.loads(answer.body)["items"]]
    parsed = feedparser.parse(answer.body, response_headers={"content-type": answer.headers["Content-Type"]})
    assert not parsed.bozo
    return [entry.title for entry in parsed.entries]


@pytest.mark.parametrize(
    "publisher", [publisher for publisher in PUBLISHING if publisher.feed], ids=lambda publisher: publisher.id
)
def test_a_feed_lists_every_story_of_its_publisher(newsroom: Newsroom, publisher: Publisher) -> None:
    assert feed_titles(newsroom, publisher) == [
        story.title for story in stories_on(1) if story.publisher is publisher
    ]


@pytest.mark.parametrize("story", stories_on(2), ids=lambda story: f"{story.publisher.id}/{story.slug}")
def test_a_page_yields_its_text_and_not_what_stands_around_it(story: Story, newsroom: Newsroom) -> None:
    newsroom.day = 2
    answer = ask(newsroom, story.url)
    if story.gone:
        assert answer.status == 404
        return
    text = " ".join((trafilatura.extract(answer.body) or "").split())
    assert all(" ".join(paragraph.split()) in text for paragraph in story.paragraphs)
    others = [other.title for other in stories_on(2) if other.slug != story.slug]
    assert not [title for title in others if title in text]


def test_a_page_names_other_stories_of_its_publisher_around_the_text(newsroom: Newsroom) -> None:
    page = ask(newsroom, "http://tideline.example/stories/lindqvist-goes-to-corvane/").body.decode()
    assert "Halvard will open its training software by midsummer" in page


def test_a_consent_wall_stands_before_the_text_of_one_publisher(newsroom: Newsroom) -> None:
    url = next(story.url for story in stories_on(1) if story.publisher.id == "merrow-daily")
    page = ask(newsroom, url).body.decode()
    assert "We and our 842 partners" in page
    assert "842" not in (trafilatura.extract(page) or "")


def test_a_validator_sent_back_is_answered_with_304_and_no_body(newsroom: Newsroom) -> None:
    first = ask(newsroom, HALDEN_FEED)
    by_tag = ask(newsroom, HALDEN_FEED, If_None_Match=first.headers["ETag"])
    by_date = ask(newsroom, HALDEN_FEED, If_Modified_Since=first.headers["Last-Modified"])
    assert [(by_tag.status, by_tag.body), (by_date.status, by_date.body)] == [(304, b""), (304, b"")]


def test_yesterdays_validator_brings_the_new_feed(newsroom: Newsroom) -> None:
    first = ask(newsroom, HALDEN_FEED)
    newsroom.day = 2
    second = ask(newsroom, HALDEN_FEED, If_None_Match=first.headers["ETag"])
    assert second.status == 200
    assert second.headers["ETag"] != first.headers["ETag"]


def test_gzip_is_sent_when_asked_for_only(newsroom: Newsroom) -> None:
    plain = ask(newsroom, HALDEN_FEED)
    packed = ask(newsroom, HALDEN_FEED, Accept_Encoding="gzip, br")
    assert plain.headers["Content-Encoding"] is None
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body


def test_one_feed_has_moved_for_good(newsroom: Newsroom) -> None:
    answer = ask(newsroom, "http://merrow-daily.example/rss")
    assert answer.status == 301
    assert ask(newsroom, answer.headers["Location"]).status == 200


def test_one_feed_is_down_and_one_is_a_page(newsroom: Newsroom) -> None:
    down = ask(newsroom, "http://harbour-wire.example/rss.xml")
    page = ask(newsroom, "http://pinecrest-courier.example/feed/")
    assert (down.status, down.headers["Retry-After"]) == (503, "1800")
    assert page.status == 200
    assert page.headers.get_content_type() == "text/html"


def test_the_gazette_is_read_from_its_dated_listing(newsroom: Newsroom) -> None:
    listing = ask(newsroom, "http://orrin-gazette.example/news/technology").body.decode()
    gazette = [story for story in stories_on(1) if story.publisher.id == "orrin-gazette"]
    assert gazette
    for story in gazette:
        assert f'<a href="{story.url}">' in listing
        assert f'<time datetime="{story.published:%Y-%m-%d}">' in listing


def test_korean_and_chinese_pages_are_sent_in_charsets_of_their_own(newsroom: Newsroom) -> None:
    korean = ask(newsroom, PUBLISHERS_BY_ID["saebyeok-tech"].url("/"))
    chinese = ask(newsroom, PUBLISHERS_BY_ID["jiangfeng-keji"].url("/"))
    assert korean.headers.get_content_charset() == "euc-kr"
    assert "새벽테크" in korean.body.decode("euc-kr")
    # Only the document itself tells.
    assert chinese.headers.get_content_charset() is None
    assert "江枫科技观察" in chinese.body.decode("gb18030")


def test_every_host_has_a_robots_txt(newsroom: Newsroom) -> None:
    answers = [ask(newsroom, f"http://{host}/robots.txt") for host in newsroom.hosts]
    assert all(answer.status == 200 and b"Disallow: /admin/" in answer.body for answer in answers)


def test_the_day_can_be_turned_while_the_newsroom_runs(newsroom: Newsroom) -> None:
    arnor = PUBLISHERS_BY_ID["arnor-labs"]
    before = feed_titles(newsroom, arnor)
    newsroom.day = 2
    after = feed_titles(newsroom, arnor)
    assert "Gondor-7B is here" in after
    assert "Gondor-7B is here" not in before


def test_a_day_without_an_edition_is_refused(newsroom: Newsroom) -> None:
    with pytest.raises(ValueError, match="no day 3; use one of 1, 2"):
        newsroom.day = 3


def test_requests_are_kept_with_host_path_headers_and_status(newsroom: Newsroom) -> None:
    ask(newsroom, "http://tideline.example/nowhere?page=2", User_Agent="a test")
    (request,) = newsroom.requests
    assert (request.host, request.path, request.status) == ("tideline.example", "/nowhere", 404)
    assert request.headers["user-agent"] == "a test"


def test_the_catalogue_names_every_publisher_and_an_address_each_answers_at(newsroom: Newsroom) -> None:
    with as_file(sources_file()) as path:
        sources = load_sources(path)
    assert {source.id: (source.publisher, source.language) for source in sources} == {
        publisher.id: (publisher.name, publisher.language) for publisher in PUBLISHERS
    }
    addresses = [address for source in sources for address in source.addresses]
    assert 404 not in [ask(newsroom, address.url).status for address in addresses]


def test_official_sources_name_the_organisation_that_speaks() -> None:
    with as_file(sources_file()) as path:
        actors = {source.id: source.actor for source in load_sources(path) if source.tier == "official"}
    assert actors == {"arnor-labs": "Arnor Labs", "vestra": "Vestra"}


def test_no_module_of_the_demo_hides_another() -> None:
    modules = {path.stem for path in Path(editions.__file__).parent.glob("*.py")} - {"__init__"}
    # With the folder on sys.path, any of these would be imported instead of the module that was meant.
    assert not [name for name in modules if find_spec(name) is not None]
