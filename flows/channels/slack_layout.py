"""A message as the JSON that a Slack incoming webhook takes (Block Kit).

Words from articles stand in `plain_text` objects only, where nothing is a link, a mention or formatting,
and `&`, `<` and `>` are escaped there as everywhere (docs.slack.dev, "Formatting message text": these
three are control characters in all text objects). `mrkdwn` carries our own words and addresses that
hold nothing but URL characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from extractors.records import Direction
from flows.messages import DigestMessage, Message, Notice, ShiftMessage

# Limits of Block Kit (docs.slack.dev/reference/block-kit).
MOST_BLOCKS = 50
MOST_TEXT = 3000
MOST_HEADER = 150
MOST_FIELD = 2000
MOST_FIELDS = 10
MOST_CONTEXT = 10

COLOURS: Mapping[Direction, str] = {"opening": "#2e7d32", "closing": "#c62828", "mixed": "#b26a00"}
"""Of the bar beside the message. The words say the same, for those who do not see colours."""

Block = dict[str, Any]


def slack_payload(message: Message) -> dict[str, Any]:
    """The body of the request."""
    if isinstance(message, ShiftMessage):
        return _shift(message)
    if isinstance(message, DigestMessage):
        return _digest(message)
    return _notice(message)


def escaped(text: str, limit: int = MOST_TEXT) -> str:
    """Text with Slack's control characters escaped, cut with `…` to at most `limit` characters."""
    pieces: list[str] = []
    length = 0
    for each in text:
        piece = _ENTITIES.get(each, each)
        if length + len(piece) > limit:
            while length + 1 > limit:
                length -= len(pieces.pop())
            return "".join(pieces).rstrip() + "…"
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces)


_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def _shift(message: ShiftMessage) -> dict[str, Any]:
    blocks: list[Block] = []
    if message.label:
        blocks.append(_context([_plain(message.label)]))
    blocks.append({"type": "header", "text": _plain(message.headline, MOST_HEADER)})
    link = f" · {_link(message.url, 'Read the article')}" if message.url else ""
    proof: list[Block] = [_section(_own_words(f"*{message.state}*{link}"))]
    if message.follow_up:
        proof.append(_context([_plain(message.follow_up)]))
    proof.append(_section(_plain(f"“{message.evidence}”")))
    fields = [_plain(f"{name}\n{value}", MOST_FIELD) for name, value in message.facts][:MOST_FIELDS]
    if fields:
        proof.append({"type": "section", "fields": fields})
    proof.append(_context(_sources(message)))
    why = " · ".join(part for part in (f"Why: {message.rule}", message.explain) if part)
    proof.append(_context([_plain(why)]))
    return _payload(f"{message.label} {message.headline}".strip(), blocks, proof, COLOURS[message.effect])


def _digest(message: DigestMessage) -> dict[str, Any]:
    top: list[Block] = [{"type": "header", "text": _plain(message.title, MOST_HEADER)}]
    if message.label:
        top.insert(0, _context([_plain(message.label)]))
    # A shift takes one block and the whole message may have fifty.
    room = MOST_BLOCKS - len(top) - 1
    shown = message.shifts[:room]
    blocks = [_digest_line(shift) for shift in shown]
    hidden = len(message.shifts) - len(shown)
    if hidden:
        blocks.append(
            _context([_plain(f"and {hidden} more: ask the warehouse with `ajar query newest_shifts`")])
        )
    return _payload(f"{message.label} {message.title}".strip(), [*top, *blocks], [], None)


def _digest_line(shift: ShiftMessage) -> Block:
    facts = " · ".join(f"{name.lower()} {value}" for name, value in shift.facts)
    parts = [
        shift.headline,
        " · ".join(part for part in (_state(shift), facts) if part),
        f"“{shift.evidence}”",
    ]
    block = _section(_plain("\n".join(parts), 900))
    if shift.url:
        block["fields"] = [_own_words(_link(shift.url, "Read the article"))]
    return block


def _notice(message: Notice) -> dict[str, Any]:
    lines = "\n".join(message.lines)
    blocks: list[Block] = [{"type": "header", "text": _plain(message.title, MOST_HEADER)}]
    if lines:
        blocks.append(_section(_plain(lines)))
    return _payload(message.title, blocks, [], None)


def _payload(text: str, blocks: list[Block], proof: list[Block], colour: str | None) -> dict[str, Any]:
    payload: dict[str, Any] = {
        # Shown in notifications only; without formatting, and names are never turned into mentions.
        "text": escaped(text),
        "mrkdwn": False,
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
        "blocks": blocks,
    }
    if proof:
        payload["attachments"] = [{"color": colour, "blocks": proof}]
    return payload


def _state(message: ShiftMessage) -> str:
    return f"{message.state} ({message.follow_up})" if message.follow_up else message.state


def _sources(message: ShiftMessage) -> list[Block]:
    named = [_plain(f"{source.publisher} ({source.tier})", 300) for source in message.sources]
    if message.more_sources:
        named.append(_plain(f"and {message.more_sources} more"))
    return [*named, _plain(f"reported {message.reported}")]


def _plain(text: str, limit: int = MOST_TEXT) -> Block:
    # An empty text object is refused.
    return {"type": "plain_text", "text": escaped(text, limit) or "–", "emoji": False}


def _own_words(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def _link(url: str, words: str) -> str:
    # `|` ends the address and `>` the link; `clickable` has percent-encoded both.
    return f"<{escaped(url)}|{words}>"


def _section(text: Block) -> Block:
    return {"type": "section", "text": text}


def _context(elements: Iterable[Block]) -> Block:
    return {"type": "context", "elements": list(elements)[:MOST_CONTEXT]}
