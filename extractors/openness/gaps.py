"""What the rules do not see: frequent openness phrases that no rule covers, names before opening verbs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from extractors.openness.tagger import Tagger

_PHRASE = re.compile(
    r"\b(?P<verb>[a-z]{3,}(?:s|ed|ing))(?: \w+){0,4}"
    r" (?P<object>weights|licen[sc]e|open[- ]source|open[- ]weights?|checkpoints?)\b"
)
_NAME = re.compile(
    r"(?P<name>[A-Z][\w-]+(?: [A-Z][\w-]+)?) (?:has |have |is |will |just |also )*"
    r"(?:open[- ]sourc\w+|releas\w+|publish\w+|unveil\w+|launch\w+)\b"
)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Counts of what was seen and not understood."""

    phrases: tuple[tuple[str, int], ...]
    """"verb … object" in sentences in which no rule found anything, the most frequent first."""
    names: tuple[tuple[str, int], ...]
    """Capitalised names before an opening verb that are no known actor."""


def find_gaps(tagger: Tagger, articles: Iterable[tuple[str, str, date | None]], *, most: int = 40) -> Gaps:
    """Read articles (title, text, published) and count what no rule and no registry covers."""
    phrases: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for title, text, published in articles:
        _, readings, article = tagger.read(title=title, text=text, published=published)
        covered = {(reading.sentence.where, reading.sentence.index) for reading in readings}
        for where in ("title", "text"):
            for index in range(len(article.spans(where))):
                sentence = article.sentence(where, index)
                if (where, index) not in covered:
                    for found in _PHRASE.finditer(sentence.folded):
                        phrases[f"{found['verb']} … {found['object']}"] += 1
                for found in _NAME.finditer(sentence.text):
                    known = {entity.text for entity in sentence.actors() if entity.known}
                    if not any(name in found["name"] or found["name"] in name for name in known):
                        names[found["name"]] += 1
    return Gaps(phrases=tuple(phrases.most_common(most)), names=tuple(names.most_common(most)))
