"""Pages as publishers send them: the article between navigation, related links, consent and footer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from html import escape
from importlib.resources import files
from string import Template

from flows.demo.feed_documents import CONTENT_TYPES, content_of, summary_of
from flows.demo.publishers import Publisher
from flows.demo.story_files import Story

FURNITURE: Mapping[str, Mapping[str, str]] = {
    "en": {
        "sections": "World Business Technology Science Opinion Sport",
        "by": "By",
        "more": "More on this",
        "share": "Share this story",
        "newsletter": "Get our open letter to readers every Friday",
        "comments": "Comments",
        "comments_closed": "Comments on this post are closed.",
        "accept": "Accept",
        "cookie_title": "Privacy",
        "cookie_text": "We use cookies to make this site work and to learn how it is used.",
        "rights": "All rights reserved.",
    },
    "ko": {
        "sections": "정치 경제 사회 IT·과학 오피니언",
        "by": "기자",
        "more": "관련기사",
        "share": "공유하기",
        "newsletter": "뉴스레터 구독",
        "comments": "댓글",
        "comments_closed": "댓글이 닫혔습니다.",
        "accept": "동의",
        "cookie_title": "개인정보처리방침",
        "cookie_text": "이 사이트는 서비스 제공을 위해 쿠키를 사용합니다.",
        "rights": "무단 전재 및 재배포 금지.",
    },
    "zh": {
        "sections": "首页 快讯 人工智能 芯片 汽车 评论",
        "by": "作者",
        "more": "相关阅读",
        "share": "分享到",
        "newsletter": "订阅我们的每日简报",
        "comments": "评论",
        "comments_closed": "评论已关闭。",
        "accept": "同意",
        "cookie_title": "隐私政策",
        "cookie_text": "本网站使用 Cookie 以改善您的浏览体验。",
        "rights": "版权所有,未经授权不得转载。",
    },
}
"""The words around an article, by language."""

RELATED_LINKS = 4


def render_article(story: Story, others: Sequence[Story]) -> bytes:
    """The page of one story; `others` are the publisher's stories it may link to as related."""
    related = [other for other in others if other.slug != story.slug][:RELATED_LINKS]
    publisher = story.publisher
    json_ld = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "dateModified": story.updated.isoformat(),
        "author": [{"@type": "Person", "name": story.author}],
        "publisher": {"@type": "Organization", "name": publisher.name},
    }
    page = _layout(publisher.layout).substitute(
        _furniture(publisher),
        title=escape(story.title),
        url=story.url,
        summary=escape(summary_of(story)),
        author=escape(story.author),
        published=story.published.isoformat(),
        updated=story.updated.isoformat(),
        day=_day_in_words(story.published, publisher.language),
        body=content_of(story),
        related="".join(f'<li><a href="{other.url}">{escape(other.title)}</a></li>' for other in related),
        # A title must not be able to close the script element.
        json_ld=json.dumps(json_ld, ensure_ascii=False).replace("<", "\\u003c"),
    )
    return page.encode(publisher.charset, "xmlcharrefreplace")


def render_front(publisher: Publisher, stories: Sequence[Story]) -> bytes:
    """The page that lists a publisher's stories with their dates: the only way in when there is no feed."""
    lines = "\n".join(
        f'<li class="story"><time datetime="{story.published:%Y-%m-%d}">'
        f"{_day_in_words(story.published, publisher.language)}</time> "
        f'<a href="{story.url}">{escape(story.title)}</a></li>'
        for story in stories
    )
    page = _layout("front").substitute(_furniture(publisher), stories=lines)
    return page.encode(publisher.charset, "xmlcharrefreplace")


def _furniture(publisher: Publisher) -> dict[str, str]:
    """What is the same on all pages of a publisher."""
    words = FURNITURE[publisher.language]
    sections = words["sections"].split()
    feed_tag = ""
    if publisher.feed is not None:
        content_type = CONTENT_TYPES[publisher.feed]
        feed_tag = f'<link rel="alternate" type="{content_type}" href="{publisher.feed_path}">'
    return {
        **words,
        "site": escape(publisher.name),
        "tagline": escape(publisher.tagline),
        "language": publisher.language,
        "charset_tag": f'<meta charset="{publisher.charset}">',
        "feed_tag": feed_tag,
        "navigation": "".join(f'<li><a href="/">{escape(section)}</a></li>' for section in sections),
    }


def _day_in_words(moment: datetime, language: str) -> str:
    if language == "ko":
        return f"{moment.year}년 {moment.month}월 {moment.day}일"
    if language == "zh":
        return f"{moment.year}年{moment.month}月{moment.day}日"
    return f"{moment.day} {moment:%B %Y}"


@cache
def _layout(name: str) -> Template:
    return Template((files("flows.demo") / "layouts" / f"{name}.html").read_text(encoding="utf-8"))
