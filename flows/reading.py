"""Pages and entries become articles, and articles are tagged, each while others are still under way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from extractors.addresses import redact
from extractors.errors import AjarError
from extractors.fetch import Fetcher
from extractors.reading_plan import ArticlePlan, PlannedArticle, next_page_try
from extractors.records import Article, FetchFailure, Source, Tagging
from extractors.schedule import was_asked
from extractors.snapshots import SnapshotWriter
from extractors.workers import PageToRead, ReadingPool
from flows.collecting import TaggedArticles
from flows.progress import Progress


def read_articles(
    fetcher: Fetcher,
    pool: ReadingPool,
    snapshots: SnapshotWriter,
    plan: ArticlePlan,
    sources: Mapping[str, Source],
    now: datetime,
    progress: Progress,
) -> Iterator[tuple[Article, Tagging | None]]:
    """The articles of a plan as they are done; pages are read while others are still under way.

    Those that come from a page come with their tags; None: still to be tagged.
    """
    by_url = {planned.request.url: planned for planned in plan.articles if planned.request}
    unread: list[tuple[PlannedArticle, FetchFailure]] = []

    def to_read() -> Iterator[PageToRead]:
        for answer in fetcher.fetch_many(plan.requests, now):
            planned = by_url[answer.url]
            if isinstance(answer, FetchFailure):
                unread.append((planned, answer))
                continue
            snapshots.write(answer)
            yield PageToRead(
                snapshot=answer,
                entry=planned.entry,
                tier=sources[planned.entry.source].tier,
                actor=sources[planned.entry.source].actor,
                attempts=_attempts(planned) + 1,
            )

    for page, read in pool.read_pages(to_read(), now):
        progress.advance()
        planned = by_url[page.snapshot.url]
        article = read.article
        if article.without_text is not None:
            article = replace(article, retry_at=next_page_try(article.attempts, None, now))
        yield replace(article, article_id=planned.article_id), read.tagging
    for planned, failure in unread:
        progress.advance()
        if planned.why == "edited" and planned.known and planned.known.has_text:
            # The text of before is better than the feed's summary; the edit is read with the next pass.
            continue
        attempts = _attempts(planned) + was_asked(failure)
        article = _from_feed(
            planned,
            sources,
            now,
            reason=failure.reason,
            attempts=attempts,
            retry_at=next_page_try(attempts, failure, now),
        )
        yield article, None
    for planned in plan.articles:
        if planned.request is None:
            progress.advance()
            postponed = "Its page is asked for in a later pass." if planned.postponed else None
            article = _from_feed(
                planned, sources, now, reason=postponed, attempts=_attempts(planned),
                retry_at=now if planned.postponed else None,
            )  # fmt: skip
            yield article, None


def _attempts(planned: PlannedArticle) -> int:
    """Requests made for the page before this pass, as far as they count: an edited article starts anew."""
    return planned.known.attempts if planned.known and planned.why == "retry" else 0


def _from_feed(
    planned: PlannedArticle,
    sources: Mapping[str, Source],
    now: datetime,
    *,
    reason: str | None,
    attempts: int,
    retry_at: datetime | None,
) -> Article:
    # Imported here, as the tagger below, because a pass whose pages all answer leaves both to the workers.
    from extractors.articles import article_from_entry

    article = article_from_entry(
        planned.entry, tier=sources[planned.entry.source].tier, now=now, reason=reason, attempts=attempts,
        retry_at=retry_at,
    )  # fmt: skip
    return replace(article, article_id=planned.article_id)


def tag_articles(
    read: Iterable[tuple[Article, Tagging | None]], sources: Mapping[str, Source]
) -> TaggedArticles:
    """Tag what is not tagged yet, as it comes; an article that the tagger fails on is named in `failures` and
    has no mentions."""
    tagged = TaggedArticles()
    for article, tagging in read:
        tagged.articles.append(article)
        try:
            tagging = tagging or _tagged(article, sources[article.source].actor)
        except AjarError:
            # A broken rule file is no fault of the article; nothing may be stored as if it had been tagged.
            raise
        except Exception as fault:  # noqa: BLE001 - one odd text must not keep all others from being stored
            tagged.failures.append(f"{redact(article.url)} ({type(fault).__name__}: {fault})")
            continue
        tagged.mentions += [(article.article_id, mention) for mention in tagging.shifts]
        tagged.nulls += [(article.article_id, null) for null in tagging.nulls]
    return tagged


def _tagged(article: Article, actor: str | None) -> Tagging:
    from extractors.tagging import tag_article

    return tag_article(article, actor=actor)
