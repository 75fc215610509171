"""`ajar evaluate`: how good the tagger is, on labelled files or on the project's own passages."""

from __future__ import annotations

from pathlib import Path

from extractors.errors import ConfigurationError
from extractors.openness.evaluate import (
    Evaluation,
    evaluate,
    load_floors,
    read_jsonl,
    read_passages,
    side_by_side,
)
from extractors.openness.tagger import Tagger, load_tagger

PASSAGES = Path(__file__).resolve().parent.parent / "tests" / "labelled"
"""The project's own labelled set; it comes with a checkout, not with a wheel."""


def evaluate_tagger(
    articles: Path | None, labels: Path | None, *, registry: bool, language: str | None
) -> tuple[str, bool]:
    """The table of figures, and whether all floors are kept.

    The floors hold for the project's own passages, all languages together, with the registry; elsewhere the
    figures are shown and nothing is demanded. Raises ConfigurationError for files that cannot be read.
    """
    tagger = load_tagger(registry=registry)
    without = "" if registry else ", without the registry's names"
    if articles is not None and labels is not None:
        found = evaluate(tagger, read_jsonl(articles, labels))
        return f"{articles} against {labels}{without}\n\n{found.as_text()}", True
    if not PASSAGES.is_dir():
        raise ConfigurationError(
            f"{PASSAGES}: is not here; run it from a checkout or name --articles and --labels"
        )
    passages = read_passages(PASSAGES, language)
    if not passages:
        codes = sorted({passage.id[:2] for passage in read_passages(PASSAGES)})
        raise ConfigurationError(f"--language {language}: no passage is in it; use one of {', '.join(codes)}")
    tuned = evaluate(tagger, passages)
    held_out = _held_out(tagger, language)
    whole = held_out[language or "all"]
    below = []
    if registry and language is None:
        floors = load_floors()
        below = tuned.below(floors["passages"])
        below += [f"held out: {line}" for line in whole.below(floors["held out"])]
    verdict = [f"below its floor: {line}" for line in below]
    if registry and language is None and not below:
        verdict = ["all floors are kept"]
    parts = [
        f"passages of {PASSAGES}" + (f", {language}" if language else "") + without,
        tuned.as_text(),
        f"held out: passages no rule was written for{without}",
        side_by_side(held_out),
        "\n".join(verdict),
    ]
    return "\n\n".join(parts).rstrip(), not below


def _held_out(tagger: Tagger, language: str | None) -> dict[str, Evaluation]:
    passages = read_passages(PASSAGES, language, held_out=True)
    if language:
        return {language: evaluate(tagger, passages)}
    codes = sorted({passage.id[:2] for passage in passages})
    by_language = {
        code: evaluate(tagger, [passage for passage in passages if passage.id.startswith(code)])
        for code in codes
    }
    return {"all": evaluate(tagger, passages), **by_language}
