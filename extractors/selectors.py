"""The part of CSS selectors that naming links on a page takes, as XPath for lxml.

Understood: `a`, `.card`, `#list`, `[href]`, `[href^="/news/"]` (also `=`, `~=`, `*=`, `$=`), any of them
together (`li.item`), one inside another (`main a`, `ul > li > a`), and several (`h2 a, h3 a`).
"""

from __future__ import annotations

import re
from functools import cache

from lxml import etree

_SIMPLE = re.compile(
    r"(?P<any>\*)|(?P<tag>[A-Za-z][\w-]*)|\#(?P<id>[\w-]+)|\.(?P<class>[\w-]+)"
    r"|\[\s*(?P<name>[\w:-]+)\s*(?:(?P<how>[~^$*]?=)\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[\w/.:-]+))\s*)?\]"
)
_COMBINATOR = re.compile(r"\s*>\s*|\s+")


class SelectorError(ValueError):
    """A selector that is no CSS, or CSS beyond the part understood here."""


@cache
def compiled_selector(selector: str) -> etree.XPath:
    """Call it with an element to get the matching elements in document order."""
    alternatives = [_xpath(part.strip()) for part in selector.split(",")]
    return etree.XPath(" | ".join(alternatives))


def _xpath(selector: str) -> str:
    if not selector:
        raise SelectorError("an empty selector names nothing")
    path, position = "descendant-or-self::*/descendant::", 0
    while True:
        step, position = _step(selector, position)
        path += step
        if position == len(selector):
            return path
        combinator = _COMBINATOR.match(selector, position)
        if combinator is None or combinator.end() == len(selector):
            raise _not_understood(selector, position)
        path += "/child::" if ">" in combinator[0] else "/descendant::"
        position = combinator.end()


def _not_understood(selector: str, position: int) -> SelectorError:
    return SelectorError(
        f"'{selector[position:]}' in '{selector}' is not understood;"
        " use names, .class, #id, [attribute], blank and >"
    )


def _step(selector: str, position: int) -> tuple[str, int]:
    """One element with its conditions, and where it ends."""
    tag, conditions = "*", []
    start = position
    while found := _SIMPLE.match(selector, position):
        if found["tag"] or found["any"]:
            if position != start:
                break
            tag = (found["tag"] or "*").lower()
        else:
            conditions.append(_condition(found))
        position = found.end()
    if position == start:
        raise _not_understood(selector, position)
    return tag + "".join(f"[{condition}]" for condition in conditions), position


def _condition(found: re.Match[str]) -> str:
    if found["id"]:
        return f"@id = '{found['id']}'"
    if found["class"]:
        return _word("@class", found["class"])
    name = f"@{found['name'].lower()}"
    if found["how"] is None:
        return name
    value = next(text for text in (found["double"], found["single"], found["bare"]) if text is not None)
    quoted = f'"{value}"' if '"' not in value else f"'{value}'"
    match found["how"]:
        case "=":
            return f"{name} = {quoted}"
        case "~=":
            return _word(name, value)
        case "^=":
            return f"starts-with({name}, {quoted})"
        case "*=":
            return f"contains({name}, {quoted})"
        case _:
            return f"substring({name}, string-length({name}) - {len(value) - 1}) = {quoted}"


def _word(attribute: str, word: str) -> str:
    return f"contains(concat(' ', normalize-space({attribute}), ' '), ' {word} ')"
