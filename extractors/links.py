"""Links as documents write them, made into addresses that may be stored and fetched."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from extractors.addresses import LONGEST_URL
from extractors.plain_text import scrub


def absolute_link(link: str | None, base: str) -> str | None:
    """The http(s) address a link means on a page at `base`; None for any other scheme or nonsense.

    `javascript:`, `data:` and `file:` links must not survive to a report or an alert.
    """
    plain = re.sub(r"[\n\t]", "", scrub(link or "").strip()).replace(" ", "%20")
    if not plain or len(plain) > LONGEST_URL:
        return None
    if re.match(r"www\.[\w-]+\.[a-z]", plain):  # the scheme was forgotten
        plain = f"https://{plain}"
    try:
        joined = urljoin(base, plain)
        parts = urlsplit(joined)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return None
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return None
    return joined
