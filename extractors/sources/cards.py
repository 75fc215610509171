"""Writes a source as the card that `load_sources` reads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import yaml

from extractors.records import Address, Source


def write_card(source: Source) -> str:
    """The YAML of one source, in the order the documentation shows."""
    card: dict[str, Any] = {
        "id": source.id,
        "publisher": source.publisher,
        "language": source.language,
        "tier": source.tier,
    }
    if source.actor is not None:
        card["actor"] = source.actor
    by_role = {
        role: [each for each in source.addresses if each.role == role] for role in ("feed", "page", "licence")
    }
    if by_role["feed"]:
        card["feeds"] = [address.url for address in by_role["feed"]]
    if by_role["page"]:
        card["pages"] = [
            {"url": address.url, **({"links": address.links} if address.links else {})}
            for address in by_role["page"]
        ]
    if by_role["licence"]:
        card["licences"] = [address.url for address in by_role["licence"]]
    if source.expect is not None:
        card["expect"] = {"entries": list(source.expect)}
    card["every"] = write_duration(source.every)
    return yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=100)


def _page(address: Address) -> dict[str, str]:
    return {"url": address.url} | ({"links": address.links} if address.links else {})


def write_duration(every: timedelta) -> str:
    """`90m`, `6h` or `1d`: the largest unit that needs no fraction."""
    minutes = int(every.total_seconds() // 60)
    for unit, length in (("d", 1440), ("h", 60)):
        if minutes % length == 0:
            return f"{minutes // length}{unit}"
    return f"{minutes}m"
