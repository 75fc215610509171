"""Who publishes in the newsroom, and how each of them does it. All of them are invented.

Every host lies under `.example`, which no name server will ever answer (RFC 2606 §3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

FeedFormat = Literal["rss", "atom", "json", "rdf"]
Layout = Literal["newspaper", "magazine", "weblog", "consent", "bulletin"]
Fault = Literal["unavailable", "html"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """One publisher's habits: how its pages look, what its feed is written in, where things lie."""

    id: str
    """Folder of its stories, and its id in sources.yaml."""
    host: str
    name: str
    tagline: str
    language: str
    layout: Layout
    feed: FeedFormat | None
    """None: readers have to look at its listing page."""
    feed_path: str
    """Where the feed lies; without a feed, where the listing lies."""
    moved_from: str | None = None
    """A path that answers 301 to `feed_path`."""
    article_path: str = "/%Y/%m/%d/{slug}.html"
    """A pattern for `strftime`, then for `format`."""
    charset: str = "utf-8"
    charset_in_header: bool = True
    """False: only the document itself names its charset."""
    fault: Fault | None = None
    """`unavailable`: the feed answers 503; `html`: it answers a page for people."""

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def article_url(self, slug: str, published: datetime) -> str:
        return self.url(published.strftime(self.article_path).format(slug=slug))


PUBLISHERS: tuple[Publisher, ...] = (
    Publisher(
        id="halden-post",
        host="halden-post.example",
        name="The Halden Post",
        tagline="Independent since 1911",
        language="en",
        layout="newspaper",
        feed="rss",
        feed_path="/technology/rss.xml",
        article_path="/technology/%Y/%m/%d/{slug}",
    ),
    Publisher(
        id="tideline",
        host="tideline.example",
        name="Tideline",
        tagline="Technology, slowly",
        language="en",
        layout="magazine",
        feed="atom",
        feed_path="/feed.atom",
        article_path="/stories/{slug}/",
    ),
    Publisher(
        id="latent-beat",
        host="latentbeat.example",
        name="Latent Beat",
        tagline="Notes on models, weekdays",
        language="en",
        layout="weblog",
        feed="json",
        feed_path="/feed.json",
        article_path="/p/{slug}",
    ),
    Publisher(
        id="kernel-park",
        host="kernelpark.example",
        name="Kernel Park",
        tagline="News for people who compile things",
        language="en",
        layout="weblog",
        feed="rdf",
        feed_path="/index.rdf",
        article_path="/%Y/%m/{slug}",
    ),
    Publisher(
        id="orrin-gazette",
        host="orrin-gazette.example",
        name="Orrin Gazette",
        tagline="Your town, your world",
        language="en",
        layout="newspaper",
        feed=None,
        feed_path="/news/technology",
        article_path="/news/technology/%Y-%m-%d-{slug}",
    ),
    Publisher(
        id="merrow-daily",
        host="merrow-daily.example",
        name="Merrow Daily",
        tagline="The harbour's newspaper",
        language="en",
        layout="consent",
        feed="rss",
        feed_path="/feeds/tech.xml",
        moved_from="/rss",
    ),
    Publisher(
        id="saebyeok-tech",
        host="saebyeok-tech.example",
        name="새벽테크",
        tagline="기술의 아침을 전합니다",
        language="ko",
        layout="newspaper",
        feed="rss",
        feed_path="/rss/allArticle.xml",
        article_path="/news/%Y%m%d/{slug}",
        charset="euc-kr",
    ),
    Publisher(
        id="jiangfeng-keji",
        host="jiangfeng-keji.example",
        name="江枫科技观察",
        tagline="看见技术背后的人",
        language="zh",
        layout="magazine",
        feed="atom",
        feed_path="/atom.xml",
        article_path="/a/%Y%m%d/{slug}.shtml",
        charset="gb18030",
        charset_in_header=False,
    ),
    Publisher(
        id="arnor-labs",
        host="arnor-labs.example",
        name="Arnor Labs",
        tagline="Models you can hold",
        language="en",
        layout="weblog",
        feed="atom",
        feed_path="/blog/atom.xml",
        article_path="/blog/{slug}",
    ),
    Publisher(
        id="vestra",
        host="vestra.example",
        name="Vestra",
        tagline="News from Vestra",
        language="en",
        layout="magazine",
        feed="rss",
        feed_path="/news/rss",
        article_path="/news/{slug}",
    ),
    Publisher(
        id="norhaven-register",
        host="register.norhaven.example",
        name="Norhaven Digital Register",
        tagline="Acts, bills and consultations on digital affairs",
        language="en",
        layout="bulletin",
        feed="rss",
        feed_path="/feed",
        article_path="/entry/%Y/{slug}",
    ),
    Publisher(
        id="harbour-wire",
        host="harbour-wire.example",
        name="Harbour Wire",
        tagline="Back soon",
        language="en",
        layout="newspaper",
        feed="rss",
        feed_path="/rss.xml",
        fault="unavailable",
    ),
    Publisher(
        id="pinecrest-courier",
        host="pinecrest-courier.example",
        name="Pinecrest Courier",
        tagline="All the valley's news",
        language="en",
        layout="newspaper",
        feed="rss",
        feed_path="/feed/",
        fault="html",
    ),
)

PUBLISHERS_BY_ID = {publisher.id: publisher for publisher in PUBLISHERS}
