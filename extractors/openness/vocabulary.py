"""The shared word groups of each language: named lists of words with their inflections.

A vocabulary file (`vocabulary.en.yaml`) holds `groups`, `irregular` verbs and `boundaries`. A group lists

* `words`: phrases matched as they stand (`-` also matches a space or nothing),
* `verbs`: phrases whose first word is inflected (`roll out` → rolls out, rolled out, rolling out),
* `nouns`: phrases that also have a plural,
* `includes`: other groups whose words belong to this one too,
* `slots`: kinds of entity that may stand there instead of a word (`artefact` …),
* `adjectival: true` when the plain form is rather an adjective ("an open source tool"): it is a verb only after
  "to", a modal verb, a negation or a pronoun,
* `common: true` when the words are too frequent in any news to select sentences by.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extractors.errors import RuleFileError

FORMS = ("base", "s", "past", "ing")
_GROUP_KEYS = ("adjectival", "common", "includes", "nouns", "slots", "verbs", "words")
_FILE_KEYS = ("groups", "irregular", "language")
_SPACES = re.compile(r"[\s-]+")
_CONSONANT_Y = re.compile(r"[^aeiou]y$")
_DOUBLES = re.compile(
    r"^(?:[^aeiou]*[aeiou][bdgmnprt]|.*(?:drop|cut|commit|permit|upset|embed|bar|ban|plug|strip|scrap"
    r"|forbid|refer))$"
)


@dataclass(frozen=True, slots=True)
class Group:
    """The words one name stands for."""

    name: str
    words: tuple[str, ...]
    """Every form, longest first."""
    forms: Mapping[str, str]
    """Word → base, s, past or ing, for inflected verbs only; a word that is several is not listed."""
    common: bool
    adjectival: bool
    slots: tuple[str, ...]
    """Kinds of entity that may stand in the place of a word."""
    includes: tuple[str, ...]

    @property
    def is_verb(self) -> bool:
        """Whether the group has inflected verbs, whose place in the sentence decides tense and negation."""
        return bool(self.forms)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All groups of one language."""

    language: str
    groups: Mapping[str, Group]
    frequencies: Mapping[str, int]
    """Occurrences of frequent words in a million; empty where nobody counted."""
    spaced: bool
    """Whether words are set apart by spaces (English, Korean) or not (Chinese)."""
    bounded: bool
    """Whether a word ends where letters end; False for Korean (particles) and Chinese."""


def parse_vocabulary(
    content: Any, where: str, frequencies: Mapping[int, list[str]] | None = None
) -> Vocabulary:
    """Read one vocabulary file's content; `where` names the file in errors.

    `frequencies`: frequent words by their occurrences in a million, as in `frequencies.en.yaml`.
    """
    if not isinstance(content, dict):
        raise RuleFileError(f"{where}: a vocabulary is a mapping with the keys {', '.join(_FILE_KEYS)}")
    for key in content:
        if key not in _FILE_KEYS:
            raise RuleFileError(f"{where}: unknown key {key!r}; use one of {', '.join(_FILE_KEYS)}")
    language = content.get("language")
    if language not in ("en", "ko", "zh"):
        raise RuleFileError(f"{where}: language is {language!r}; use one of en, ko, zh")
    irregular = {
        str(verb): tuple(map(str, forms)) for verb, forms in (content.get("irregular") or {}).items()
    }
    raw = content.get("groups") or {}
    groups: dict[str, Group] = {}
    for name in raw:
        _resolve(str(name), raw, irregular, groups, where, ())
    counts = {str(word): count for count, words in (frequencies or {}).items() for word in words}
    return Vocabulary(
        language=language,
        groups=groups,
        frequencies=counts,
        spaced=language != "zh",
        bounded=language == "en",
    )


def plain(words: str) -> str:
    """Words with single spaces for spaces and hyphens, so that "open-sourced" and "open sourced" are one."""
    return _SPACES.sub(" ", words)


def _resolve(
    name: str,
    raw: Mapping[str, Any],
    irregular: Mapping[str, tuple[str, ...]],
    done: dict[str, Group],
    where: str,
    path: tuple[str, ...],
) -> Group:
    if name in done:
        return done[name]
    if name in path:
        raise RuleFileError(f"{where}: group {name!r} includes itself through {' → '.join(path)}")
    entry = raw.get(name)
    if isinstance(entry, list):
        entry = {"words": entry}
    if not isinstance(entry, dict):
        raise RuleFileError(
            f"{where}: group {name!r} is {entry!r}; use a list of words or a mapping of "
            f"{', '.join(_GROUP_KEYS)}"
        )
    for key in entry:
        if key not in _GROUP_KEYS:
            raise RuleFileError(
                f"{where}: group {name!r} has the unknown key {key!r}; use one of {', '.join(_GROUP_KEYS)}"
            )
    words: dict[str, None] = {}
    forms: dict[str, set[str]] = {}
    for word in entry.get("words") or ():
        words[_checked(word, name, where)] = None
    for noun in entry.get("nouns") or ():
        words[_checked(noun, name, where)] = None
        words[_plural(str(noun))] = None
    for verb in entry.get("verbs") or ():
        for form, word in _inflected(_checked(verb, name, where), irregular):
            words[word] = None
            forms.setdefault(word, set()).add(form)
    for other in entry.get("includes") or ():
        if other not in raw:
            raise RuleFileError(f"{where}: group {name!r} includes {other!r}, which is no group")
        included = _resolve(str(other), raw, irregular, done, where, (*path, name))
        words.update(dict.fromkeys(included.words))
        for word, form in included.forms.items():
            forms.setdefault(word, set()).add(form)
    if not words:
        raise RuleFileError(f"{where}: group {name!r} has no words")
    done[name] = Group(
        name=name,
        words=tuple(sorted(words, key=lambda word: (-len(word), word))),
        forms={word: next(iter(found)) if len(found) == 1 else "any" for word, found in forms.items()},
        common=bool(entry.get("common", False)),
        adjectival=bool(entry.get("adjectival", False)),
        slots=tuple(map(str, entry.get("slots") or ())),
        includes=tuple(map(str, entry.get("includes") or ())),
    )
    return done[name]


def _checked(word: Any, name: str, where: str) -> str:
    if not isinstance(word, str) or not word.strip():
        raise RuleFileError(f"{where}: group {name!r} holds {word!r}; use words (quote numbers, yes and no)")
    return word.strip().lower()


def _plural(noun: str) -> str:
    if _CONSONANT_Y.search(noun):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def _inflected(phrase: str, irregular: Mapping[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """Form and word of a verb; only the last part of its first word changes ("open-source" → "open-sourced")."""
    first, _, rest = phrase.partition(" ")
    prefix, dash, verb = first.rpartition("-")
    tail = f" {rest}" if rest else ""
    head = prefix + dash
    if verb in irregular:
        s, *past, ing = irregular[verb]
        found = [("base", verb), ("s", s), *(("past", word) for word in past), ("ing", ing)]
    else:
        stem = verb[:-1] if verb.endswith("e") else verb
        if _CONSONANT_Y.search(verb):
            found = [
                ("base", verb),
                ("s", verb[:-1] + "ies"),
                ("past", verb[:-1] + "ied"),
                ("ing", verb + "ing"),
            ]
        else:
            twice = (
                verb[-1]
                if len(verb) < 12 and _DOUBLES.match(verb) and not verb.endswith(("e", "w", "x"))
                else ""
            )
            s = verb + ("es" if verb.endswith(("s", "x", "ch", "sh", "z")) else "s")
            found = [("base", verb), ("s", s), ("past", stem + twice + "ed"), ("ing", stem + twice + "ing")]
    return [(form, head + word + tail) for form, word in found]
