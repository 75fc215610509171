"""The script most people would write, to compare Ajar with: fetch, extract, match, store, one after the other.

    python naive_script.py DATABASE FEEDS

FEEDS is a file with one address a line. It stores articles and what its 300 patterns find, and leaves out what
it already has. No politeness, no robots.txt, no retries, no snapshots, no conditional requests.
"""
# ruff: noqa: T201 - a script prints

import re
import sys
from pathlib import Path

import duckdb
import feedparser
import requests
import trafilatura

VERBS = [
    "release", "open", "publish", "launch", "share", "distribut", "withdraw", "withdrew", "remov", "restrict",
    "clos", "licens", "relicens", "chang", "delay", "postpon", "promis", "announc", "ban", "requir",
]  # fmt: skip
OBJECTS = [
    "weights", "checkpoint", "model", "source code", "training code", "dataset", "training data", "licen[sc]e",
    "Apache 2.0", "MIT License", "open[- ]source", "open[- ]weight", "API", "access", "Hugging Face",
]  # fmt: skip
PATTERNS = [
    (f"{verb} {thing}", re.compile(rf"\b{verb}\w*\b[^.!?]{{0,80}}\b{thing}", re.IGNORECASE))
    for verb in VERBS
    for thing in OBJECTS
]
HEADERS = {"User-Agent": "openness-watch/1.0"}


def main(database: str, feeds: str) -> None:
    """One pass."""
    connection = duckdb.connect(database)
    connection.execute(
        "CREATE TABLE IF NOT EXISTS articles (url VARCHAR, title VARCHAR, date VARCHAR, text VARCHAR)"
    )
    connection.execute("CREATE TABLE IF NOT EXISTS mentions (url VARCHAR, pattern VARCHAR, evidence VARCHAR)")
    known = {url for (url,) in connection.execute("SELECT url FROM articles").fetchall()}
    session = requests.Session()
    session.headers.update(HEADERS)
    articles, mentions = [], []
    for feed in Path(feeds).read_text().split():
        try:
            entries = feedparser.parse(session.get(feed, timeout=30).content).entries
        except requests.RequestException as error:
            print(f"{feed}: {error}", file=sys.stderr)
            continue
        for entry in entries:
            if entry.link in known:
                continue
            try:
                page = session.get(entry.link, timeout=30).text
            except requests.RequestException as error:
                print(f"{entry.link}: {error}", file=sys.stderr)
                continue
            text = trafilatura.extract(page) or entry.get("summary", "")
            known.add(entry.link)
            articles.append((entry.link, entry.title, entry.get("published"), text))
            for name, pattern in PATTERNS:
                for found in pattern.finditer(text):
                    mentions.append((entry.link, name, found[0]))
    if articles:
        connection.executemany("INSERT INTO articles VALUES (?, ?, ?, ?)", articles)
    if mentions:
        connection.executemany("INSERT INTO mentions VALUES (?, ?, ?)", mentions)
    print(f"{len(articles)} new articles, {len(mentions)} mentions")


if __name__ == "__main__":
    main(*sys.argv[1:])
