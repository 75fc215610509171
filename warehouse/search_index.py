"""Keeping what the query `search` reads: which article holds which word, in plain tables.

A load only notes which articles it brought. Their words are taken down after its commit, in transactions of
their own, so that a large load need not wait for them; whoever is killed in between leaves them waiting for
the next load.
"""

from __future__ import annotations

import duckdb

from warehouse.statements import bundled_text, transaction

AT_A_TIME = 20_000
"""Articles whose words are taken down in one transaction: about 6 million terms, which fit into memory."""


def index_articles(connection: duckdb.DuckDBPyConnection) -> int:
    """Take down the words of all articles that wait for it; returns how many there were."""
    indexed = 0
    connection.execute("SET VARIABLE at_a_time = ?", [AT_A_TIME])
    while connection.execute("SELECT 1 FROM search_waiting LIMIT 1").fetchone():
        with transaction(connection):
            for statement in ("1_documents", "2_terms", "3_postings"):
                connection.execute(bundled_text("indexing", statement))
            row = connection.execute("SELECT count(*) FROM indexing").fetchone()
            indexed += row[0] if row else 0
    return indexed
