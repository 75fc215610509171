"""What the headers of an answer ask of those who come again: how long to wait, what to send next time.

Pure functions of headers and `now`. A server's clock may be wrong, so its dates count relative to its own
`Date` header wherever there is one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

Headers = Sequence[tuple[str, str]]

LONGEST_VALIDATOR = 1000
"""Characters. A longer one, sent back, would be refused by the very server it came from."""

LONGEST_WAIT = timedelta(hours=24)
"""Nothing a server says keeps us away for longer: a slip in a header must not silence a source."""


def header(headers: Headers, name: str) -> str | None:
    """The first value of a header, `name` in lower case; None when it was not sent."""
    return next((value.strip() for key, value in headers if key == name), None)


def http_date(text: str | None) -> datetime | None:
    """The moment of an HTTP date (RFC 9110 §5.6.7); None when it is absent or no date."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def cache_directives(headers: Headers) -> dict[str, str]:
    """The directives of all Cache-Control headers, names in lower case, values without quotes."""
    directives: dict[str, str] = {}
    for key, value in headers:
        if key != "cache-control":
            continue
        for part in value.split(","):
            name, _, argument = part.strip().partition("=")
            directives.setdefault(name.strip().lower(), argument.strip().strip('"'))
    return directives


def fresh_for(headers: Headers, now: datetime) -> timedelta:
    """How long the answer says it stays the same (RFC 9111 §4.2.1), between zero and a day."""
    directives = cache_directives(headers)
    if "no-store" in directives or "no-cache" in directives:
        return timedelta()
    lifetime: timedelta | None = None
    if (max_age := _seconds(directives.get("max-age"))) is not None:
        lifetime = max_age - (_seconds(header(headers, "age")) or timedelta())
    elif (expires := http_date(header(headers, "expires"))) is not None:
        lifetime = expires - (http_date(header(headers, "date")) or now)
    return _clamp(lifetime or timedelta(), timedelta(), LONGEST_WAIT)


def validators(headers: Headers) -> tuple[str | None, str | None]:
    """ETag and Last-Modified exactly as sent; neither when the answer must not be kept.

    `no-store` forbids keeping anything of the answer (RFC 9111 §5.2.2.5); `Expires: 0` is how old servers
    say so.
    """
    if "no-store" in cache_directives(headers) or header(headers, "expires") in {"0", "-1"}:
        return None, None
    etag, last_modified = (header(headers, name) or "" for name in ("etag", "last-modified"))
    return (
        etag if 0 < len(etag) <= LONGEST_VALIDATOR else None,
        last_modified if 0 < len(last_modified) <= LONGEST_VALIDATOR else None,
    )


def retry_after(headers: Headers, now: datetime) -> timedelta | None:
    """How long the server asks to be left alone (RFC 9110 §10.2.3); None when it does not say so readably.

    May be negative or huge: the caller clamps it.
    """
    value = header(headers, "retry-after")
    if value is None:
        return None
    if re.fullmatch(r"-?[0-9]{1,12}", value):
        return timedelta(seconds=min(int(value), 10**9))
    moment = http_date(value)
    return None if moment is None else moment - (http_date(header(headers, "date")) or now)


def _seconds(text: str | None) -> timedelta | None:
    # Ten digits: a year is 31,536,000 seconds, and Python's limit is far above.
    if text is None or not re.fullmatch(r"[0-9]{1,10}", text):
        return None
    return timedelta(seconds=int(text))


def _clamp(duration: timedelta, least: timedelta, most: timedelta) -> timedelta:
    return max(least, min(duration, most))
