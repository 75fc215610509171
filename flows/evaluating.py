"""`ajar evaluate`: how good the tagger is, on labelled files or on the project's own passages."""

from __future__ import annotations

from pathlib import Path

from extractors.errors import ConfigurationError
from extractors.openness.evaluate import evaluate, load_floors, read_jsonl, read_passages
from extractors.openness.tagger import load_tagger

PASSAGES = Path(__file__).resolve().parent.parent / "tests" / "labelled"
"""The project's own labelled set; it comes with a checkout, not with a wheel."""


def evaluate_tagger(
    articles: Path | None, labels: Path | None, *, registry: bool, language: str | None
) -> tuple[str, bool]:
    """The table of figures, and whether all floors are kept.

    The floors hold for the project's own passages, all languages together, with the registry; elsewhere the
    figures are shown and nothing is demanded. Raises ConfigurationError for files that cannot be read.
    """
    if articles is not None and labels is not None:
        labelled = read_jsonl(articles, labels)
        measured = f"{articles} against {labels}"
    elif PASSAGES.is_dir():
        labelled = read_passages(PASSAGES, language)
        measured = f"passages of {PASSAGES}" + (f", {language}" if language else "")
    else:
        raise ConfigurationError(
            f"{PASSAGES}: is not here; run it from a checkout or name --articles and --labels"
        )
    found = evaluate(load_tagger(registry=registry), labelled)
    heading = measured + ("" if registry else ", without the registry's names")
    own_and_whole = articles is None and registry and language is None
    below = found.below(load_floors()) if own_and_whole else []
    verdict = [f"below its floor: {line}" for line in below]
    if own_and_whole and not below:
        verdict = ["all floors are kept"]
    return "\n".join([heading, "", found.as_text(), "", *verdict]).rstrip(), not below
