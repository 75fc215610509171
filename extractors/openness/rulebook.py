"""Rules as data: read, checked and compiled from `rules/<kind>/<what-happened>.yaml`.

A rule file reads as an argument: what happened, in which direction, in which words, with which
exceptions, sentences it must catch and near misses each with a `because`. Null rules (`rules/null/`)
name what looks like a shift and is none; they are read, checked and matched exactly alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, get_args

import yaml

from extractors.errors import RuleFileError
from extractors.openness.patterns import Pattern, compile_pattern
from extractors.openness.vocabulary import Vocabulary, parse_vocabulary
from extractors.records import Direction, Kind, Stage

KINDS: tuple[str, ...] = (*get_args(Kind), "null")
DIRECTIONS: tuple[str, ...] = get_args(Direction)
STAGES: tuple[str, ...] = get_args(Stage)
STATUSES = ("testing", "stable", "retired")
LANGUAGES = ("en", "ko", "zh")
NEGATIONS = ("closes", "opens", "nothing")
PLACES = ("anywhere", "head")
REACHES = ("sentence", "article")
NULLS_FILE = "nulls.yaml"
NEEDS = ("artefact", "launch", "predecessor", "open-family")
_KEYS = (
    "id",
    "title",
    "language",
    "status",
    "direction",
    "stage",
    "confidence",
    "negated",
    "needs",
    "level_to",
    "overrules",
    "place",
    "reach",
    "words",
    "unless",
    "because",
    "match",
    "near_misses",
)
_REQUIRED = ("id", "title", "language", "status", "words", "match", "near_misses")


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A sentence that resembles the rule's and must not be caught."""

    text: str
    because: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, compiled."""

    id: str
    """Path of its file under `rules/` without `.yaml`."""
    title: str
    """What happened, as an alert would say it."""
    kind: str
    """A kind of shift, or `null`: the folder of the file."""
    language: str
    status: str
    direction: str | None
    """None for null rules."""
    stage: str | None
    """The stage whatever the verb's mood; None: the mood decides, `done` being the plain one."""
    confidence: float
    negated: str
    """What the negated sentence means: `closes` or `opens` in its own right, or `nothing`."""
    needs: frozenset[str]
    """What must be known beside the words: an `artefact`; a `launch` that the article reports; a `predecessor` in
    the same line that was open; an `open-family`: an artefact the registry knows as open, in an article that
    speaks of openness."""
    level_to: int | None
    """Where the artefact stands on the ladder afterwards, when the words say so whatever the licence."""
    overrules: frozenset[str]
    """Null rules: the kinds of shift that the same words cannot be."""
    place: str
    """Where it is looked for: `anywhere`, or in the `head` of an article only (title and lead)."""
    reach: str
    """Null rules: whether they overrule in the same sentence only or, from the title, in the whole article."""
    patterns: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    """Patterns of which none may match the sentence."""
    match: tuple[str, ...]
    near_misses: tuple[NearMiss, ...]

    @property
    def is_null(self) -> bool:
        """Whether it names what is not a shift."""
        return self.kind == "null"

    @property
    def null_id(self) -> str:
        """The id of the null event a null rule names: its file's name, the same in every language."""
        return self.id.rsplit("/", maxsplit=1)[-1]


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules in force, with their vocabularies."""

    rules: tuple[Rule, ...]
    vocabularies: Mapping[str, Vocabulary]
    ruleset: str
    """Hash of every data file the tagger reads; another value means that articles may read differently."""

    def of(self, language: str) -> tuple[Rule, ...]:
        """The rules that are not retired, of one language."""
        return tuple(rule for rule in self.rules if rule.language == language and rule.status != "retired")


@lru_cache(maxsize=1)
def bundled_rulebook() -> Rulebook:
    """The rules that ship with Ajar. Raises RuleFileError with file, key, value and the valid values."""
    return load_rulebook(resources.files("extractors.openness"))


def load_rulebook(folder: Traversable | Path) -> Rulebook:
    """Read `vocabulary.*.yaml`, `nulls.yaml` and `rules/**/*.yaml` of a folder; the hash covers all its YAML files."""
    vocabularies: dict[str, Vocabulary] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.startswith("vocabulary.") and file.name.endswith(".yaml"):
            counted = folder.joinpath(file.name.replace("vocabulary.", "frequencies."))
            frequencies = _content(counted, counted.name) if counted.is_file() else None
            vocabulary = parse_vocabulary(_content(file, file.name), file.name, frequencies)
            vocabularies[vocabulary.language] = vocabulary
    nulls = _null_ids(folder)
    rules: list[Rule] = []
    by_id: dict[str, str] = {}
    for path, file in _rule_files(folder.joinpath("rules"), "rules"):
        rule = parse_rule(_content(file, path), path, vocabularies)
        if rule.id in by_id:
            raise RuleFileError(f"{path}: id {rule.id!r} is also that of {by_id[rule.id]}")
        if rule.is_null and rule.null_id not in nulls:
            raise RuleFileError(
                f"{path}: {rule.null_id!r} is no id of {NULLS_FILE}; use one of {', '.join(nulls)}"
                " or list it there"
            )
        by_id[rule.id] = path
        rules.append(rule)
    return Rulebook(rules=tuple(rules), vocabularies=vocabularies, ruleset=ruleset_of(folder))


def bundled_ruleset() -> str:
    """The `ruleset` of the bundled rules, without the second that reading them takes."""
    return ruleset_of(resources.files("extractors.openness"))


def ruleset_of(folder: Traversable | Path) -> str:
    """The hash of every data file of a folder."""
    digest = hashlib.sha256()
    own = [(file.name, file) for file in folder.iterdir() if file.name.endswith(".yaml")]
    for path, file in [
        *sorted(own, key=lambda each: each[0]),
        *_rule_files(folder.joinpath("rules"), "rules"),
    ]:
        digest.update(path.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]


def load_null_ids() -> Mapping[str, Mapping[str, str]]:
    """The public ids of null events with their meaning: `classes`, `further` and `reading`, from `nulls.yaml`."""
    content = _content(resources.files("extractors.openness").joinpath(NULLS_FILE), NULLS_FILE)
    return {str(sort): dict(meanings) for sort, meanings in content.items()}


def _null_ids(folder: Traversable) -> tuple[str, ...]:
    """The ids a null rule may have; none where nobody has listed any."""
    listed = folder.joinpath(NULLS_FILE)
    if not listed.is_file():
        return ()
    content = _content(listed, NULLS_FILE)
    return (*content["classes"], *content["further"])


def _rule_files(folder: Traversable, path: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        below = f"{path}/{entry.name}"
        if entry.is_dir():
            found.extend(_rule_files(entry, below))
        elif entry.name.endswith(".yaml"):
            found.append((below, entry))
    return found


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Refuses a key written twice, which YAML readers otherwise swallow."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = str(key_node.value)
            if key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"key {key!r} is written twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        return dict(super().construct_mapping(node, deep=deep))


def _content(file: Traversable, path: str) -> Any:
    try:
        return yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)
    except UnicodeDecodeError as error:
        raise RuleFileError(f"{path}: not UTF-8 at byte {error.start}") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise RuleFileError(f"{path}{line}: {error.problem or 'no valid YAML'}") from error
    except yaml.YAMLError as error:
        raise RuleFileError(f"{path}: no valid YAML: {error}") from error


def parse_rule(content: Any, path: str, vocabularies: Mapping[str, Vocabulary]) -> Rule:
    """Check and compile one rule file's content."""
    if not isinstance(content, dict):
        raise RuleFileError(f"{path}: a rule is a mapping with the keys {', '.join(_KEYS)}")
    for key in content:
        if key not in _KEYS:
            raise RuleFileError(f"{path}: unknown key {key!r}; use one of {', '.join(_KEYS)}")
    for key in _REQUIRED:
        if key not in content:
            raise RuleFileError(f"{path}: the key {key} is missing")
    kind, identifier = _kind_and_id(content, path)
    language = _one_of(content, "language", LANGUAGES, path)
    vocabulary = vocabularies.get(language)
    if vocabulary is None:
        raise RuleFileError(f"{path}: there is no vocabulary.{language}.yaml for language {language!r}")
    null = kind == "null"
    if null and ("direction" in content or "stage" in content):
        raise RuleFileError(f"{path}: a null rule has neither direction nor stage")
    if not null and "overrules" in content:
        raise RuleFileError(f"{path}: overrules is for null rules")
    return Rule(
        id=identifier,
        title=_text(content["title"], "title", path),
        kind=kind,
        language=language,
        status=_one_of(content, "status", STATUSES, path),
        direction=None if null else _one_of(content, "direction", DIRECTIONS, path),
        stage=_one_of(content, "stage", STAGES, path) if "stage" in content else None,
        confidence=_share(content.get("confidence", 0.9), path),
        negated=_one_of(content, "negated", NEGATIONS, path) if "negated" in content else "nothing",
        needs=frozenset(_several(content.get("needs"), "needs", NEEDS, path)),
        level_to=_level(content.get("level_to"), path),
        overrules=frozenset(_several(content.get("overrules"), "overrules", KINDS[:-1], path)),
        place=_one_of(content, "place", PLACES, path) if "place" in content else "anywhere",
        reach=_one_of(content, "reach", REACHES, path) if "reach" in content else "sentence",
        patterns=_patterns(content["words"], "words", vocabulary, path),
        unless=_patterns(content.get("unless") or [], "unless", vocabulary, path),
        match=tuple(_text(example, "match", path) for example in _examples(content, "match", path)),
        near_misses=tuple(_near_miss(example, path) for example in _examples(content, "near_misses", path)),
    )


def _kind_and_id(content: Mapping[str, Any], path: str) -> tuple[str, str]:
    expected = path.removeprefix("rules/").removesuffix(".yaml")
    kind = expected.split("/", maxsplit=1)[0]
    if kind not in KINDS:
        raise RuleFileError(f"{path}: the folder {kind!r} is no kind; use one of {', '.join(KINDS)}")
    if content["id"] != expected:
        raise RuleFileError(f"{path}: id is {content['id']!r}; use {expected!r}, the path of the file")
    return kind, expected


def _one_of(content: Mapping[str, Any], key: str, valid: tuple[str, ...], path: str) -> str:
    value = content.get(key)
    if value not in valid:
        raise RuleFileError(f"{path}: {key} is {value!r}; use one of {', '.join(valid)}")
    return str(value)


def _several(value: Any, key: str, valid: tuple[str, ...], path: str) -> list[str]:
    values = [value] if isinstance(value, str) else (value or [])
    if not isinstance(values, list):
        raise RuleFileError(f"{path}: {key} is {value!r}; use a list of {', '.join(valid)}")
    for item in values:
        if item not in valid:
            raise RuleFileError(f"{path}: {key} holds {item!r}; use one of {', '.join(valid)}")
    return values


def _share(value: Any, path: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= 1:
        raise RuleFileError(f"{path}: confidence is {value!r}; use a number above 0 and up to 1")
    return float(value)


def _level(value: Any, path: str) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 8):
        raise RuleFileError(f"{path}: level_to is {value!r}; use a whole number from 0 to 8")
    return value


def _text(value: Any, key: str, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise RuleFileError(f"{path}: {key} holds {value!r}; use a text")
    return value.strip()


def _patterns(values: Any, key: str, vocabulary: Vocabulary, path: str) -> tuple[Pattern, ...]:
    if not isinstance(values, list) or (key == "words" and not values):
        raise RuleFileError(f"{path}: {key} is {values!r}; use a list of patterns")
    return tuple(
        compile_pattern(_text(value, key, path), vocabulary, f"{path}: {key}", anchored=key == "words")
        for value in values
    )


def _examples(content: Mapping[str, Any], key: str, path: str) -> list[Any]:
    examples = content[key]
    if not isinstance(examples, list) or len(examples) < 2:
        raise RuleFileError(f"{path}: {key} is {examples!r}; give at least two sentences")
    return examples


def _near_miss(value: Any, path: str) -> NearMiss:
    if not isinstance(value, dict) or set(value) != {"text", "because"}:
        raise RuleFileError(f"{path}: near_misses holds {value!r}; use a mapping with text and because")
    return NearMiss(
        text=_text(value["text"], "near_misses.text", path),
        because=_text(value["because"], "near_misses.because", path),
    )
