"""A report as a mail: what it says first, the picture in sight, the newest shifts, and the page attached."""

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
from flows.openness_report.palette import LIGHT
from flows.openness_report.published import NewShift, Report

SIGNS: Mapping[Direction, str] = {"opening": "▲", "closing": "▼", "mixed": "◆"}
WIDTH = 72
_PICTURE_ID = "picture@ajar"


def report_mail(report: Report, *, sender: str, recipients: Sequence[str], now: datetime) -> EmailMessage:
    """The whole mail. `sender` and `recipients` are addresses that were checked already."""
    mail = EmailMessage(policy=SMTP.clone(max_line_length=78, cte_type="7bit"))
    mail["Subject"] = f"The openness of AI, {report.as_of:%Y-%m-%d}: {report.findings.title}"
    mail["From"] = Address("Ajar", addr_spec=sender)
    mail["To"] = [Address(addr_spec=each) for each in recipients]
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<ajar.report.{now:%Y%m%d.%H%M%S}@{sender.rpartition('@')[2]}>"
    # RFC 3834 §5: no automatic answers, please.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(_text(report), charset="utf-8", cte="quoted-printable")
    mail.add_alternative(_html(report), subtype="html", charset="utf-8", cte="quoted-printable")
    parts = mail.get_payload()
    assert isinstance(parts, list)
    html = parts[-1]
    assert isinstance(html, EmailMessage)
    html.add_related(
        report.picture.read_bytes(), "image", "png", cid=f"<{_PICTURE_ID}>", disposition="inline",
        filename=report.picture.name,
    )  # fmt: skip
    mail.add_attachment(
        report.page.read_bytes(), "text", "html", params={"charset": "utf-8"},
        filename=f"ajar-report-{report.as_of:%Y-%m-%d}.html",
    )  # fmt: skip
    return mail


def _text(report: Report) -> str:
    parts = [
        fill(report.findings.title, WIDTH),
        fill(report.findings.summary, WIDTH),
        "The newest shifts",
        *(_entry_text(shift) for shift in report.newest),
        fill(
            "The attached page has all of it, with charts, filters and sources; open it in a browser.", WIDTH
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _entry_text(shift: NewShift) -> str:
    lines = [
        fill(f"{SIGNS[shift.effect]} {shift.on:%Y-%m-%d}  {shift.headline}", WIDTH),
        fill(shift.words, WIDTH, initial_indent="  ", subsequent_indent="  "),
    ]
    return "\n".join([*lines, f"  {shift.url}"] if shift.url else lines)


def _html(report: Report) -> str:
    findings = report.findings
    alt = f"Bar chart: shifts that open and close, month by month, until {report.as_of:%Y-%m-%d}."
    return _PAGE.format(
        title=escape(findings.title),
        summary=escape(findings.summary),
        picture=f'<img src="cid:{_PICTURE_ID}" alt="{escape(alt)}" width="600" style="{_IMG}">',
        newest="".join(_entry_html(shift) for shift in report.newest),
        **{name: LIGHT[name] for name in ("paper", "ink", "muted")},
    )


def _entry_html(shift: NewShift) -> str:
    words = escape(shift.headline)
    linked = (
        f'<a href="{escape(shift.url)}" style="color:{LIGHT["ink"]};">{words}</a>' if shift.url else words
    )
    sign = f'<span style="color:{LIGHT[shift.effect]};">{SIGNS[shift.effect]}</span>'
    return (
        f'<p style="margin:0 0 14px 0;"><b>{sign} {linked}</b> '
        f'<span style="color:{LIGHT["muted"]};white-space:nowrap;">{shift.on:%Y-%m-%d}</span><br>'
        f"{escape(shift.words)}</p>"
    )


# Mail programs drop style sheets, so each element carries its own.
_IMG = "width:100%;max-width:600px;height:auto;display:block;border:0;margin:0 0 18px 0;"
_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>{title}</title></head>
<body style="margin:0;padding:0;background:{paper};">
<div style="max-width:600px;margin:0 auto;padding:16px 12px;color:{ink};word-break:break-word;\
font:15px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;">
<h1 style="font:24px/1.25 Georgia,'Times New Roman',serif;margin:0 0 10px 0;">{title}</h1>
<p style="margin:0 0 18px 0;color:{muted};">{summary}</p>
{picture}
<h2 style="font:19px/1.3 Georgia,'Times New Roman',serif;margin:0 0 10px 0;">The newest shifts</h2>
{newest}
<p style="margin:0;color:{muted};">The attached page has all of it, with charts, filters and sources; open it in a
browser.</p>
</div></body></html>
"""
