"""Which language an article is written in, told by its script and its commonest words."""

from __future__ import annotations

import re

_SAMPLE = 600
_HANGUL, _KANA, _HAN = re.compile("[가-힣]"), re.compile("[ぁ-ヿ]"), re.compile("[一-鿿]")
_EAST_ASIAN = re.compile("[가-힣一-鿿ァ-ヺ]")
_LATIN = re.compile("[A-Za-zÀ-ɏ]")
_LETTER = re.compile(r"[^\W\d_]")
# So frequent in English, and as words of their own so rare elsewhere, that counting them is enough.
_ENGLISH = (" the ", " of ", " and ", " to ", " for ", " with ", " is ", " its ", " that ")
# The commonest words of languages in Latin script; the language whose words are most frequent wins.
_COMMON = {
    "en": re.compile(r"\b(?:the|and|of|to|in|is|for|that|with|on|its|has|by|are|was|will|from|an?)\b", re.I),
    "de": re.compile(
        r"\b(?:der|die|das|und|ist|mit|für|auf|ein|eine|nicht|von|den|dem|sich|werden|wird)\b", re.I
    ),
    "fr": re.compile(r"\b(?:le|la|les|des|et|est|pour|une?|dans|sur|avec|qui|que|du|aux|par|sont)\b", re.I),
    "es": re.compile(r"\b(?:el|la|los|las|y|es|para|una?|en|con|que|del|por|su|se|como)\b", re.I),
    "it": re.compile(r"\b(?:il|lo|gli|e|è|per|una?|di|con|che|del|della|sono|nel|alla)\b", re.I),
    "pt": re.compile(r"\b(?:o|os|as|e|é|para|uma?|em|com|que|do|da|no|na|por|são)\b", re.I),
    "nl": re.compile(r"\b(?:de|het|een|en|is|voor|van|met|op|niet|dat|zijn|wordt)\b", re.I),
}


def is_east_asian(text: str) -> bool:
    """Whether a sentence holds Korean, Chinese or Japanese writing."""
    return not text.isascii() and _EAST_ASIAN.search(text) is not None


def language_of(title: str, text: str) -> str:
    """ISO 639-1 code; `und` for a text without letters or in a script not told here."""
    sample = f"{title}\n{text[:_SAMPLE]}".lower()
    if sum(map(sample.count, _ENGLISH)) * 60 > len(sample):
        return "en"
    if not sample.isascii():
        letters = len(_LETTER.findall(sample)) or 1
        hangul, kana, han = (len(script.findall(sample)) for script in (_HANGUL, _KANA, _HAN))
        if hangul * 4 > letters:
            return "ko"
        if kana * 6 > letters:
            return "ja"
        if han * 4 > letters:
            return "zh"
        if len(_LATIN.findall(sample)) * 2 < letters:
            return "und"
    scores = {language: len(regex.findall(sample)) for language, regex in _COMMON.items()}
    best = max(scores, key=lambda language: scores[language])
    if scores[best] > 1.3 * scores["en"] + 2:
        return best
    return "en" if _LETTER.search(sample) else "und"
