"""Names of channels as they stand in the table `alerts`. They never hold anything secret."""

from __future__ import annotations

from collections.abc import Sequence

from flows.secret import Secret

CONSOLE = "console"
SLACK = "slack"
MAIL = "email"


def notification_names(urls: Sequence[Secret]) -> tuple[str, ...]:
    """A name for each Apprise address, its scheme: `ntfy`, `discord`, `discord-2`."""
    names: list[str] = []
    for url in urls:
        scheme = url.reveal().split("://", 1)[0].lower()
        # Apprise knows these as schemes too; our own channels come first.
        scheme = f"{scheme}-apprise" if scheme in (CONSOLE, SLACK, MAIL) else scheme
        number = 1 + sum(name == scheme or name.startswith(f"{scheme}-") for name in names)
        names.append(scheme if number == 1 else f"{scheme}-{number}")
    return tuple(names)
