"""A message as an email: plain text and HTML, readable on a phone, threaded by shift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape
from textwrap import fill

from extractors.records import Direction
from flows.messages import DigestMessage, Message, Notice, ShiftMessage, legible

COLOURS: Mapping[Direction, str] = {"opening": "#1b6e3c", "closing": "#b3261e", "mixed": "#8a5a00"}
"""Dark enough on white for small text (WCAG 2.2 §1.4.3: a contrast of 4.5)."""

MOST_SUBJECT = 200
WIDTH = 72
_POLICY = SMTP.clone(max_line_length=78, cte_type="7bit")


def mail_message(message: Message, *, sender: str, recipients: Sequence[str], now: datetime) -> EmailMessage:
    """The whole message. `sender` and `recipients` are addresses that were checked already."""
    mail = EmailMessage(policy=_POLICY)
    mail["Subject"] = _subject(message)
    mail["From"] = Address("Ajar", addr_spec=sender)
    mail["To"] = [Address(addr_spec=each) for each in recipients]
    mail["Date"] = format_datetime(now)
    domain = sender.rpartition("@")[2]
    mail["Message-ID"] = _message_id(message.key, domain)
    if isinstance(message, ShiftMessage):
        # All messages about a shift hang below one that is never sent, so that the thread holds whichever
        # of them a mail program has: RFC 5322 §3.6.4 allows references to what the reader has not got.
        root = _message_id(f"shift.{message.thread}", domain)
        mail["In-Reply-To"] = root
        mail["References"] = root
    # RFC 3834 §5: no automatic answers, please.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(_text(message), charset="utf-8", cte="quoted-printable")
    mail.add_alternative(_html(message), subtype="html", charset="utf-8", cte="quoted-printable")
    return mail


def _subject(message: Message) -> str:
    if isinstance(message, ShiftMessage):
        label = f"[{message.label.split(':', 1)[0]}] " if message.label else ""
        words = f"{label}{message.state}: {message.headline}"
    elif isinstance(message, DigestMessage):
        label = f"[{message.label.split(':', 1)[0]}] " if message.label else ""
        words = f"{label}{message.title}"
    else:
        words = message.title
    words = legible(words)
    return words if len(words) <= MOST_SUBJECT else words[: MOST_SUBJECT - 1].rstrip() + "…"


def _message_id(key: str, domain: str) -> str:
    kept = "".join(each if each.isascii() and (each.isalnum() or each in "._-") else "_" for each in key)
    return f"<ajar.{kept[:120]}@{domain}>"


def _text(message: Message) -> str:
    if isinstance(message, Notice):
        return "\n\n".join([message.title, *(fill(line, WIDTH) for line in message.lines)]) + "\n"
    if isinstance(message, DigestMessage):
        parts = [
            message.label,
            message.title,
            *("-" * 40 + "\n" + _shift_text(each) for each in message.shifts),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"
    parts = [message.label, _shift_text(message)]
    if message.explain:
        parts.append(f"Why it was tagged:\n  {message.explain}")
    return "\n\n".join(part for part in parts if part) + "\n"


def _shift_text(shift: ShiftMessage) -> str:
    lines = [fill(shift.headline, WIDTH), shift.state.upper()]
    if shift.follow_up:
        lines.append(fill(shift.follow_up, WIDTH))
    lines.append("")
    lines.append(fill(f"“{shift.evidence}”", WIDTH, initial_indent="  ", subsequent_indent="  "))
    lines.append("")
    lines += [f"{name}: {value}" for name, value in shift.facts]
    lines.append(f"Reported: {shift.reported}, {_outlets(shift)}")
    lines.append(f"Rule: {shift.rule}")
    if shift.url:
        lines.append(shift.url)
    return "\n".join(lines)


def _outlets(shift: ShiftMessage) -> str:
    named = ", ".join(f"{source.publisher} ({source.tier})" for source in shift.sources)
    return named + (f" and {shift.more_sources} more" if shift.more_sources else "")


def _html(message: Message) -> str:
    if isinstance(message, ShiftMessage):
        body = _label(message.label) + _card(message)
        preview = message.evidence
    elif isinstance(message, DigestMessage):
        cards = "".join(_digest_card(each) for each in message.shifts)
        body = _label(message.label) + f'<h1 style="{_H1}">{escape(message.title)}</h1>' + cards
        preview = "; ".join(each.headline for each in message.shifts[:3])
    else:
        lines = "".join(f'<p style="{_P}">{escape(line)}</p>' for line in message.lines)
        body = f'<h1 style="{_H1}">{escape(message.title)}</h1>{lines}'
        preview = message.lines[0] if message.lines else ""
    return _PAGE.format(title=escape(_subject(message)), preview=escape(preview[:140]), body=body)


def _card(shift: ShiftMessage) -> str:
    colour = COLOURS[shift.effect]
    headline = f'<h2 style="{_H2}">{escape(shift.headline)}</h2>'
    state = f'<p style="{_STATE}color:{colour};">{escape(shift.state)}</p>'
    was = f'<p style="{_WAS}">{escape(shift.follow_up)}</p>' if shift.follow_up else ""
    quote = f'<blockquote style="{_QUOTE}">“{escape(shift.evidence)}”</blockquote>'
    rows = [*((name, escape(value)) for name, value in shift.facts), ("Reported", _reported(shift))]
    rows.append(("Rule", escape(shift.rule)))
    table = "".join(
        f'<tr><th scope="row" style="{_TH}">{escape(name)}</th><td style="{_TD}">{value}</td></tr>'
        for name, value in rows
    )
    facts = f'<table role="presentation" cellpadding="0" cellspacing="0" style="{_TABLE}">{table}</table>'
    link = why = ""
    if shift.url:
        link = f'<p style="{_P}"><a href="{escape(shift.url)}" style="{_BUTTON}">Read the article</a></p>'
    if shift.explain:
        command = f'<code style="{_CODE}">{escape(shift.explain)}</code>'
        why = f'<p style="{_WHY}">Why it was tagged: {command}</p>'
    inside = f"{state}{headline}{was}{quote}{facts}{link}{why}"
    return f'<div style="{_CARD}border-left:5px solid {colour};">{inside}</div>'


def _digest_card(shift: ShiftMessage) -> str:
    """The same in a third of the height: a digest is skimmed."""
    colour = COLOURS[shift.effect]
    was = f" · {escape(shift.follow_up)}" if shift.follow_up else ""
    state = f'<p style="{_STATE}color:{colour};">{escape(shift.state)}{was}</p>'
    words = escape(shift.headline)
    linked = f'<a href="{escape(shift.url)}" style="{_LINK}">{words}</a>' if shift.url else words
    quote = f'<p style="{_SAID}">“{escape(shift.evidence)}”</p>'
    facts = [f"{escape(name)} {escape(value)}" for name, value in shift.facts]
    line = f'<p style="{_LINE}">{" · ".join([*facts, _reported(shift)])}</p>'
    inside = f'{state}<h2 style="{_H3}">{linked}</h2>{quote}{line}'
    return f'<div style="{_CARD}border-left:5px solid {colour};">{inside}</div>'


def _reported(shift: ShiftMessage) -> str:
    named = [
        (
            f'<a href="{escape(source.url)}" style="color:#1a4f8a;">{escape(source.publisher)}</a>'
            if source.url
            else escape(source.publisher)
        )
        + f" ({source.tier})"
        for source in shift.sources
    ]
    more = f" and {shift.more_sources} more" if shift.more_sources else ""
    return f"{escape(shift.reported)}, {', '.join(named)}{more}"


def _label(label: str) -> str:
    return f'<p style="{_LABEL}">{escape(label)}</p>' if label else ""


# Mail programs drop style sheets, so each element carries its own.
_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"
_CARD = "background:#ffffff;border-radius:6px;padding:16px 18px;margin:0 0 14px 0;"
_H1 = f"{_FONT}font-size:20px;line-height:1.3;color:#1c1c1c;margin:4px 0 14px 0;"
_H2 = f"{_FONT}font-size:19px;line-height:1.3;color:#1c1c1c;margin:0 0 12px 0;word-break:break-word;"
_H3 = f"{_FONT}font-size:17px;line-height:1.3;margin:0 0 6px 0;word-break:break-word;"
_SAID = f"{_FONT}font-size:15px;line-height:1.45;color:#222222;margin:0 0 6px 0;word-break:break-word;"
_LINE = f"{_FONT}font-size:13px;line-height:1.45;color:#5b5b5b;margin:0;word-break:break-word;"
_STATE = f"{_FONT}font-size:14px;line-height:1.4;font-weight:600;margin:0 0 4px 0;"
_WAS = f"{_FONT}font-size:14px;line-height:1.4;color:#5b5b5b;margin:0 0 12px 0;"
_QUOTE = (
    "font-family:Georgia,'Times New Roman',serif;font-size:17px;line-height:1.5;color:#222222;"
    "margin:0 0 14px 0;padding:0 0 0 12px;border-left:2px solid #d0d0d0;word-break:break-word;"
)
_TABLE = f"{_FONT}font-size:14px;line-height:1.45;color:#222222;margin:0 0 14px 0;width:100%;"
_TH = (
    "text-align:left;vertical-align:top;font-weight:400;color:#5b5b5b;padding:2px 12px 2px 0;"
    "white-space:nowrap;"
)
_TD = "text-align:left;vertical-align:top;padding:2px 0;width:100%;word-break:break-word;"
_P = f"{_FONT}font-size:15px;line-height:1.5;color:#222222;margin:0 0 12px 0;"
_LINK = "color:#1a4f8a;"
_BUTTON = (
    "display:inline-block;padding:10px 16px;border-radius:5px;background:#1a4f8a;color:#ffffff;"
    "text-decoration:none;font-weight:600;"
)
_WHY = f"{_FONT}font-size:12px;line-height:1.5;color:#5b5b5b;margin:0;"
_CODE = "display:block;font-family:Menlo,Consolas,monospace;font-size:12px;word-break:break-all;"
_LABEL = (
    f"{_FONT}font-size:14px;line-height:1.4;color:#4a3500;background:#fff3cd;border-radius:5px;"
    "padding:8px 12px;margin:0 0 12px 0;"
)
_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>{title}</title></head>
<body style="margin:0;padding:0;background:#eef0f2;">
<div style="display:none;max-height:0;overflow:hidden;">{preview}</div>
<div style="max-width:600px;margin:0 auto;padding:14px 10px;">
{body}
</div></body></html>
"""
