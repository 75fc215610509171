"""A Slack payload drawn as Slack draws it, so that people can look at it: the part of Block Kit we use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any


def slack_page(*payloads: Mapping[str, Any]) -> str:
    """An HTML page of a channel in which these were just posted. Raises ValueError for a block that it
    does not know, rather than leave it out."""
    return _PAGE.format(messages="".join(_message(payload) for payload in payloads))


def _message(payload: Mapping[str, Any]) -> str:
    attachments = "".join(
        f'<div class="attachment"><div class="bar" style="background:{escape(each["color"])}"></div>'
        f"<div>{_blocks(each['blocks'])}</div></div>"
        for each in payload.get("attachments", [])
    )
    name = '<p class="name"><b>Ajar</b> <span class="app">APP</span> <span class="time">9:41 AM</span></p>'
    return (
        '<div class="message"><div class="face">A</div>'
        f'<div class="body">{name}{_blocks(payload["blocks"])}{attachments}</div></div>'
    )


def _blocks(blocks: list[dict[str, Any]]) -> str:
    return "".join(_block(block) for block in blocks)


def _block(block: dict[str, Any]) -> str:
    if block["type"] == "header":
        return f'<h3 class="header">{_text(block["text"])}</h3>'
    if block["type"] == "context":
        return f'<div class="context">{"".join(f"<span>{_text(each)}</span>" for each in block["elements"])}</div>'
    if block["type"] == "divider":
        return "<hr>"
    if block["type"] == "section":
        text = f"<p>{_text(block['text'])}</p>" if "text" in block else ""
        fields = "".join(f"<p>{_text(each)}</p>" for each in block.get("fields", []))
        return f'<div class="section">{text}{f"<div class=fields>{fields}</div>" if fields else ""}</div>'
    raise ValueError(f"no drawing for a block of type {block['type']!r}")


def _text(text: dict[str, Any]) -> str:
    # Slack undoes its three entities and shows everything else as it stands.
    if text["type"] == "plain_text":
        return escape(unescape(text["text"]))
    drawn = escape(unescape(re.sub(r"<(https?://[^|>]+)\|([^>]+)>", "\x00\\1\x01\\2\x02", text["text"])))
    drawn = re.sub("\x00([^\x01]+)\x01([^\x02]+)\x02", r'<a href="\1">\2</a>', drawn)
    return re.sub(r"\*([^*\n]+)\*", r"<b>\1</b>", drawn)


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Slack</title><style>
body {{ margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.46668 Lato, 'Helvetica Neue', Arial, sans-serif; }}
.message {{ display: flex; gap: 8px; padding: 12px 20px; max-width: 680px; }}
.face {{ flex: none; width: 36px; height: 36px; border-radius: 4px; background: #1a4f8a; color: #fff;
  font-weight: 700; font-size: 20px; display: grid; place-items: center; }}
.body {{ min-width: 0; flex: 1; }}
p, h3 {{ margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }}
.name {{ line-height: 1.4; }}
.app {{ background: #e8e8e8; color: #616061; font-size: 10px; font-weight: 700; border-radius: 2px; padding: 1px 3px; }}
.time {{ color: #616061; font-size: 12px; }}
.header {{ font-size: 18px; font-weight: 900; line-height: 1.33; margin: 6px 0 8px; }}
.section {{ margin: 0 0 8px; }}
.fields {{ display: grid; grid-template-columns: 1fr 1fr; gap: 8px 16px; max-width: 560px; margin: 0 0 8px; }}
.context {{ display: flex; flex-wrap: wrap; gap: 2px 8px; color: #616061; font-size: 13px; line-height: 1.38;
  margin: 0 0 8px; overflow-wrap: anywhere; }}
.attachment {{ display: flex; gap: 12px; margin: 4px 0 0; }}
.attachment > div:last-child {{ min-width: 0; flex: 1; }}
.bar {{ flex: none; width: 4px; border-radius: 8px; }}
a {{ color: #1264a3; text-decoration: none; }}
hr {{ border: 0; border-top: 1px solid #ddd; margin: 8px 0; }}
</style></head><body>{messages}</body></html>
"""
