"""Which language a text is in: what its script shows, what it declares, and only then a guess."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

UNKNOWN = "und"
"""ISO 639-2 for a language that cannot be told."""

_SAMPLE = 3000
"""Characters that are looked at."""

_SHORTEST_GUESS = 60
"""Characters below which a guess is worse than what was declared."""

# A script that only one language of the news uses tells the language by itself.
_SCRIPTS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile("[\uac00-\ud7a3\u1100-\u11ff]"), "ko"),
    (re.compile("[\u3040-\u30ff]"), "ja"),
    (re.compile("[\u0e00-\u0e7f]"), "th"),
    (re.compile("[\u0590-\u05ff]"), "he"),
    (re.compile("[\u0370-\u03ff]"), "el"),
    (re.compile("[\u10a0-\u10ff]"), "ka"),
    (re.compile("[\u0530-\u058f]"), "hy"),
)
# The commonest words of a language, none of them common in another: where a sixth of a text is made of them,
# the declaration is true, and the model, which takes as long as the extraction, need not be asked.
_COMMON_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and to in is that for with on as by are was its it be from at which has",
        "de": "der die und das den von zu mit ist im für auf eine nicht dem sich des ein wird auch",
        "fr": "les des et une du est pour dans qui sur aux pas avec ce le sont cette ses plus mais",
    }.items()
}
_HAN = re.compile("[\u4e00-\u9fff]")
_TELLING = re.compile(f"{_HAN.pattern}|{'|'.join(pattern.pattern for pattern, _ in _SCRIPTS)}")
_LETTERS = re.compile(r"[^\W\d_]+")


def language_of(text: str, *, declared: str | None = None) -> str:
    """ISO 639-1 code of the language of a text, or `und`.

    `declared` is what the page, the feed or the source says. It is believed unless the script
    contradicts it, or the text is long and clearly in another language.
    """
    sample = text[:_SAMPLE]
    stated = language_code(declared)
    telling = not sample.isascii() and _TELLING.search(sample) is not None
    if not telling and stated in _COMMON_WORDS:
        words = sample.lower().split()
        if sum(map(_COMMON_WORDS[stated].__contains__, words)) * 6 >= len(words):
            return stated
    letters = sum(map(len, _LETTERS.findall(sample)))
    if letters == 0:
        return stated or UNKNOWN
    if telling and (found := _by_script(sample, letters)):
        return found
    if stated in {"zh", "ja", "ko"}:  # declared, but the script is another
        stated = None
    if letters < _SHORTEST_GUESS:
        return stated or UNKNOWN
    guess, confidence = _identifier().classify(sample)
    if stated is not None and (guess == stated or confidence < 0.99):
        return stated
    return str(guess) if stated is not None or confidence >= 0.7 else UNKNOWN


def language_code(code: str | None) -> str | None:
    """ISO 639-1 from `en-US` or `zh_CN`; None for what is no such code."""
    found = re.match(r"([A-Za-z]{2})(?:[-_].*)?$", (code or "").strip())
    return found[1].lower() if found else None


def _by_script(sample: str, letters: int) -> str | None:
    """The language of a script that makes up a good part of the letters; None for shared scripts.

    English terms are frequent in Korean and Chinese tech news, so a quarter is enough.
    """
    counts = {code: len(pattern.findall(sample)) for pattern, code in _SCRIPTS}
    han = len(_HAN.findall(sample))
    # Japanese mixes kana with Han characters; kana alone decide between it and Chinese.
    if counts["ja"] * 10 >= han and (counts["ja"] + han) * 4 >= letters and counts["ja"]:
        return "ja"
    if han * 4 >= letters and han > counts["ko"]:
        return "zh"
    code, count = max(counts.items(), key=lambda pair: pair[1])
    return code if count * 4 >= letters and code != "ja" else None


@cache
def _identifier() -> Any:
    """The model takes half a second to load, and most texts do not need it."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
