"""The README and the pages of docs/, taken apart: blocks of code, words in code, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).parents[2]
PAGES = tuple(
    sorted(page.relative_to(ROOT).as_posix() for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
)
SHELL = ("", "sh", "console")
"""Languages of blocks that hold commands; an indented block has none. What is printed is `text`."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block of code: where it stands, its language, its content."""

    page: str
    line: int
    language: str
    content: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True, slots=True)
class Command:
    """A line that somebody types."""

    where: str
    line: str
    earlier: tuple[str, ...] = ()
    """The lines before it in its block."""

    def __str__(self) -> str:
        return f"{self.where} {self.line}"


def blocks(*languages: str) -> list[Block]:
    """All blocks of some languages on all pages."""
    return [
        Block(page, (token.map or [0])[0] + 1, token.info.split(" ")[0], token.content)
        for page in PAGES
        for token in _tokens(page)
        if token.type in ("fence", "code_block") and token.info.split(" ")[0] in languages
    ]


def commands() -> list[Command]:
    """Every command in a block, and every `ajar …` and `make …` among the words, each once. Decisions are
    history: what they show is left out."""
    found: dict[str, Command] = {}
    for block in blocks(*SHELL):
        if "/decisions/" in block.page:
            continue
        typed = list(_typed(block))
        for number, line in enumerate(typed):
            found.setdefault(line, Command(str(block), line, tuple(typed[:number])))
    for page in PAGES:
        for text in () if "/decisions/" in page else _spans(page):
            if re.match(r"(?:ajar|make) [a-z]", text):
                found.setdefault(text, Command(page, text))
    return list(found.values())


def links() -> list[tuple[str, str]]:
    """Page and target of every link and picture that leads to another file."""
    found = []
    for page in PAGES:
        content = (ROOT / page).read_text("utf-8")
        targets = [str(token.attrs.get("href") or token.attrs.get("src") or "") for token in _inline(page)]
        targets += re.findall(r'<img src="([^"]+)"', content)
        found += [(page, each) for each in targets if each and not re.match(r"[a-z]+:|#", each)]
    return found


def _tokens(page: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse((ROOT / page).read_text("utf-8"))


def _inline(page: str) -> Iterator[Token]:
    for token in _tokens(page):
        yield from token.children or ()


def _spans(page: str) -> Iterator[str]:
    return (token.content for token in _inline(page) if token.type == "code_inline")


def _typed(block: Block) -> Iterator[str]:
    """The commands of a block, without comments; in a console, what follows `$ `."""
    for line in block.content.replace("\\\n", "").splitlines():
        if block.language == "console":
            if not line.startswith("$ "):
                continue
            line = line.removeprefix("$ ")
        line = re.sub(r"\s+#\s.*", "", line).strip()
        if line and not line.startswith("#"):
            yield line
