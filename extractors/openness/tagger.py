"""The tagger: title and text in, openness shifts with their evidence out.

    load_tagger().tag(title=…, text=…, published=…) → Tagging

In five steps: the matcher names the sentences and patterns worth a look (`matching`); a pattern that
fits is read for mood, time and place (`modality`, `dates`, `currency`); actor and artefact are found
(`resolution`); licences and levels are filled in (`levels`); and what says the same is merged (`merging`).
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache, partial

from extractors.openness.article import PreparedArticle, Where
from extractors.openness.currency import LEAD
from extractors.openness.entities import EntityFinder, load_entities
from extractors.openness.judging import Judge
from extractors.openness.kept import kept
from extractors.openness.languages import language_of
from extractors.openness.matching import Matcher, speaks_of_openness
from extractors.openness.merging import merge_readings, null_events
from extractors.openness.reading import Reading
from extractors.openness.rulebook import Rulebook, bundled_rulebook
from extractors.records import Tagging

MOST_SENTENCES = 250
"""Of a longer text only the first so many sentences worth a look are read; a digest of a year has fewer."""
WHERES: tuple[Where, ...] = ("title", "text")


class Tagger:
    """Rules and names, ready to read articles. Holds no state between articles."""

    def __init__(self, rulebook: Rulebook, finder: EntityFinder) -> None:
        self.rulebook = rulebook
        self.ruleset = rulebook.ruleset
        self.finder = finder
        self._matchers = {
            language: Matcher(rulebook.of(language), finder.signs, vocabulary)
            for language, vocabulary in rulebook.vocabularies.items()
        }
        self._judges = {
            language: Judge(vocabulary, finder) for language, vocabulary in rulebook.vocabularies.items()
        }

    def tag(
        self,
        *,
        title: str,
        text: str,
        published: date | None,
        language: str | None = None,
        actor: str | None = None,
    ) -> Tagging:
        """Tag one article; never raises, whatever the text.

        `published` None: dates like "next week" stay unresolved. `language` None: told from the text; an article
        in a language without rules has no shifts. `actor`: the organisation whose official source this is.
        """
        spoken, readings, article = self.read(
            title=title, text=text, published=published, language=language, actor=actor
        )
        return Tagging(
            language=spoken,
            shifts=merge_readings(readings, article, self.ruleset),
            nulls=null_events(readings, article),
            ruleset=self.ruleset,
        )

    def read(
        self,
        *,
        title: str,
        text: str,
        published: date | None,
        language: str | None = None,
        actor: str | None = None,
    ) -> tuple[str, list[Reading], PreparedArticle]:
        """Language, every reading (also those that came to nothing, with the reason) and the prepared article."""
        spoken = (language or language_of(title, text)).split("-")[0].lower()
        article = PreparedArticle(title, text, published, self.finder)
        matcher, judge = self._matchers.get(spoken), self._judges.get(spoken)
        readings: list[Reading] = []
        if matcher is None or judge is None:
            return spoken, readings, article
        reaching: list[Reading] = []
        openness = speaks_of_openness(*(folded.folded for folded in article.folded.values()))
        for where in WHERES:
            folded = article.folded[where].folded
            suspects = matcher.suspects(folded, partial(article.spans, where), openness=openness, lead=LEAD)
            for suspect in suspects[:MOST_SENTENCES]:
                sentence = article.sentence(where, suspect.index)
                readings.extend(judge.judge(article, sentence, suspect, actor, reaching))
            if where == "title":
                reaching = [reading for reading in readings if reading.rule.reach == "article"]
        return spoken, readings, article


@lru_cache(maxsize=2)
def load_tagger(*, registry: bool = True) -> Tagger:
    """The tagger with the bundled rules; loaded once, and kept for the next start (see `kept`).

    `registry` False leaves out the names of the registry, so that only names met in the sentence itself are
    known: how well it does on the unknown. Raises RuleFileError when a data file is wrong.
    """
    return kept(
        "tagger" if registry else "tagger-without-registry",
        lambda: Tagger(bundled_rulebook(), load_entities(registry=registry)),
    )
