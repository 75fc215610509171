"""lemon24/reader as its documentation shows it, for the polling part alone: feeds, no pages, no tagging.

python reader_script.py DATABASE FEEDS
"""
# ruff: noqa: T201 - a script prints

import sys
import time
from pathlib import Path

from reader import make_reader


def main(database: str, feeds: str) -> None:
    """One update of all feeds, whether due or not, ten at a time."""
    with make_reader(database) as reader:
        for feed in Path(feeds).read_text().split():
            reader.add_feed(feed, exist_ok=True)
        begun = time.monotonic()
        reader.update_feeds(scheduled=False, workers=10)
        seconds = time.monotonic() - begun
        print(
            f"{reader.get_entry_counts().total} entries in {reader.get_feed_counts().total} feeds, {seconds:.3f} s"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
