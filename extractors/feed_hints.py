"""What a feed asks of those who poll it."""

from __future__ import annotations

import re
from typing import Any

from extractors.links import absolute_link

_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HEAD = 50_000
"""Characters in which the channel's own elements stand."""


def polling_hints(feed: Any, text: str, *, url: str) -> dict[str, Any]:
    """The hints of `ParsedFeed`, from feedparser's channel and the document's text. Nonsense is no hint."""
    hints: dict[str, Any] = {}
    if (ttl := _whole_number(feed.get("ttl"))) is not None:
        hints["ttl_minutes"] = ttl
    period = _PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower())
    if period is not None:
        hints["update_minutes"] = max(1, period // (_whole_number(feed.get("sy_updatefrequency")) or 1))
    # feedparser keeps only the last of several <hour> elements.
    head = text[:_HEAD]
    hours = sorted({int(hour) % 24 for hour in _listed(head, "hour") if hour.isdecimal() and int(hour) <= 24})
    days = list(dict.fromkeys(day for name in _listed(head, "day") if (day := name.lower()) in _DAYS))
    if hours:
        hints["skip_hours"] = hours
    if days:
        hints["skip_days"] = days
    for hint, rel in (("next_page", "next"), ("archive_page", "prev-archive")):
        following = (link.get("href") for link in feed.get("links") or () if link.get("rel") == rel)
        if (
            address := next((found for href in following if (found := absolute_link(href, url))), None)
        ) is not None:
            hints[hint] = address
    if re.match(r"https?://(?:www\.)?wordpress\.(?:org|com)/", str(feed.get("generator") or "").strip()):
        hints["numbered_pages"] = True
    return hints


def _whole_number(value: object) -> int | None:
    """None for what is no whole number above 0 of reasonable length."""
    text = str(value or "").strip()
    return int(text) if re.fullmatch("[0-9]{1,6}", text) and int(text) > 0 else None


def _listed(text: str, what: str) -> list[str]:
    block = re.search(rf"<skip{what}s>(.{{0,2000}}?)</skip{what}s>", text, re.IGNORECASE | re.DOTALL)
    return re.findall(rf"<{what}>\s*(\w{{1,12}})\s*</{what}>", block[1], re.IGNORECASE) if block else []
