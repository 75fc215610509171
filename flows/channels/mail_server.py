"""Where mail is handed in: `AJAR_SMTP_URL` taken apart and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

from extractors.errors import ConfigurationError
from flows.secret import Secret

Security = Literal["none", "starttls", "tls"]

_PORTS: dict[Security, int] = {"none": 25, "starttls": 587, "tls": 465}
_SCHEMES: dict[str, Security] = {"smtp": "none", "smtp+starttls": "starttls", "smtps": "tls"}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# Deliberately narrower than RFC 5321: nothing quoted, no comments, ASCII only.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A submission server and who logs in."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: Secret | None = field(default=None)


def read_mail_server(url: Secret) -> MailServer:
    """Take the address apart. Raises ConfigurationError, which never repeats the value."""
    parts = urlsplit(url.reveal())
    security = _SCHEMES[parts.scheme]
    try:
        port = parts.port or _PORTS[security]
    except ValueError as error:
        raise ConfigurationError("AJAR_SMTP_URL: the port is no number from 1 to 65535") from error
    user = unquote(parts.username) if parts.username else None
    if user and parts.password is None:
        raise ConfigurationError(
            "AJAR_SMTP_URL: names a user and no password; write user:password@host "
            "(characters such as @ : / as %40 %3A %2F)"
        )
    host = parts.hostname or ""
    if user and security == "none" and host not in _LOOPBACK:
        raise ConfigurationError(
            "AJAR_SMTP_URL: smtp:// would send the password readable by anybody on the way; "
            "use smtp+starttls:// or smtps://"
        )
    password = Secret(unquote(parts.password)) if user and parts.password is not None else None
    return MailServer(host=host, port=port, security=security, user=user, password=password)


def read_recipients(text: str) -> tuple[str, ...]:
    """The addresses of a list separated by commas. Raises ConfigurationError for one that is none."""
    addresses = [each.strip() for each in text.split(",") if each.strip()]
    for each in addresses:
        if not is_address(each):
            raise ConfigurationError(
                f"AJAR_ALERT_TO holds {each!r}, which is no mail address; "
                "give one or several separated by commas, e.g. desk@example.org, me@example.org"
            )
    if not addresses:
        raise ConfigurationError("AJAR_ALERT_TO is empty; give a mail address, e.g. desk@example.org")
    return tuple(dict.fromkeys(addresses))


def is_address(text: str) -> bool:
    """Whether it is a plain mail address, without a name or anything to trip over."""
    return _ADDRESS.fullmatch(text) is not None
