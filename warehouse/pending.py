"""What a pass must know of runs that are staged and not loaded yet.

While the warehouse cannot be written, passes go on reading and staging. Without this each would ask all
addresses again, because the loaded state does not know of the requests made since.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from extractors.records import AddressState, KnownArticle
from warehouse.state import PassState

_ARTICLE = (
    "article_id", "source", "guid", "url", "entry_hash", "text_hash", "attempts", "retry_at", "without_text",
)  # fmt: skip


def with_pending(state: PassState, folders: Iterable[Path]) -> PassState:
    """The state as it will be when these staged folders are loaded, in their order, after `state`.

    A folder that cannot be read, because it is broken or was loaded and removed meanwhile, is left out.
    """
    if not (waiting := list(folders)):
        return state
    # Takes longer to import than most passes have to say.
    import pyarrow as pa
    import pyarrow.parquet as pq

    addresses, articles = dict(state.addresses), dict(state.articles)
    for folder in waiting:
        try:
            polled = pq.read_table(folder / "addresses.parquet").to_pylist()
            read = pq.read_table(folder / "articles.parquet", columns=list(_ARTICLE)).to_pylist()
        except (OSError, pa.ArrowException):
            continue
        for row in polled:
            addresses[row["url"]] = _address(row)
        for row in read:
            articles[row["article_id"]] = _article(row, articles.get(row["article_id"]))
    return replace(state, addresses=addresses, articles=articles)


def _address(row: dict[str, Any]) -> AddressState:
    return AddressState(
        url=row["url"], source=row["source"], next_due_at=row["next_due_at"], memory=json.loads(row["state"])
    )


def _article(row: dict[str, Any], known: KnownArticle | None) -> KnownArticle:
    has_text = row.pop("without_text") is None
    if known is None:
        return KnownArticle(**row, has_text=has_text, revisions=0)
    if known.has_text and not has_text:
        # The load keeps what is known and notes only the try; so does this.
        return replace(known, attempts=row["attempts"], retry_at=row["retry_at"])
    revised = known.entry_hash != row["entry_hash"]
    return KnownArticle(**row, has_text=has_text, revisions=known.revisions + revised)
