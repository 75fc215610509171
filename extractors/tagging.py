"""An article as the tagger wants it."""

from __future__ import annotations

from extractors.openness.tagger import load_tagger
from extractors.records import Article, Tagging


def tag_article(article: Article, *, actor: str | None) -> Tagging:
    """The shifts that an article reports; without a date of its own it is as old as the pass that read it.

    `actor` is the organisation whose official source it comes from; None: nobody's own. Raises RuleFileError
    when a data file of the tagger is wrong.
    """
    return load_tagger().tag(
        title=article.title,
        text=article.text,
        published=(article.published_at or article.seen_at).date(),
        language=article.language,
        actor=actor,
    )
