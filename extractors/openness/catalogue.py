"""Reading the bundled YAML files of names, with errors that say where and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

import yaml

from extractors.errors import RuleFileError

# libyaml reads these files twenty times faster; the pure reader is there for platforms without it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_catalogue(file: str, keys: Iterable[str]) -> dict[str, Any]:
    """The content of a YAML file beside this module: a mapping with the given keys only."""
    text = resources.files("extractors.openness").joinpath(file).read_text(encoding="utf-8")
    try:
        content = yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise RuleFileError(f"{file}: not valid YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict):
        raise RuleFileError(f"{file}: holds a {type(content).__name__}; use a mapping with {', '.join(keys)}")
    check_keys(content, keys, file)
    return content


def check_keys(entry: Mapping[str, Any], keys: Iterable[str], where: str) -> None:
    """Refuse a key that nobody reads."""
    allowed = tuple(keys)
    for key in entry:
        if key not in allowed:
            raise RuleFileError(f"{where}: unknown key {key!r}; use one of {', '.join(allowed)}")


def required(entry: Mapping[str, Any], key: str, where: str) -> str:
    """A text that must be there."""
    value = entry.get(key)
    if not isinstance(value, str) or not value:
        raise RuleFileError(f"{where}: {key} is {value!r}; use a text")
    return value


def one_of(value: Any, allowed: Iterable[str], key: str, where: str) -> str:
    """A text out of a closed list."""
    choices = tuple(allowed)
    if value not in choices:
        raise RuleFileError(f"{where}: {key} is {value!r}; use one of {', '.join(choices)}")
    return str(value)


def texts(entry: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """A list of texts; empty when the key is missing."""
    value = entry.get(key) or []
    if not isinstance(value, list) or not all(isinstance(text, str) and text for text in value):
        raise RuleFileError(f"{where}: {key} is {value!r}; use a list of texts (quote numbers and yes/no)")
    return tuple(value)


def unique(entries: Iterable[Mapping[str, Any]], file: str) -> None:
    """Refuse two entries with one id."""
    seen: set[str] = set()
    for entry in entries:
        key = required(entry, "id", file)
        if key in seen:
            raise RuleFileError(f"{file}: the id {key!r} stands twice")
        seen.add(key)
