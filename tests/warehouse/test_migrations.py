"""A warehouse of any released schema is brought up to date with all its rows, and goes on working."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.warehouse.newsroom import NOW, Newsroom, article, mention, report
from warehouse.checks import run_checks
from warehouse.database import open_published, publish
from warehouse.queries import list_queries, run_query
from warehouse.schema import _SCHEMA_MIGRATIONS, migrate
from warehouse.statements import bundled_files

VERSIONS = [int(file.name.split("_", 1)[0]) for file in bundled_files("migrations")]

A_SMALL_WAREHOUSE = """
INSERT INTO sources (source, publisher, language, tier, actor, addresses, every_seconds, updated_at)
VALUES ('corvane-blog', 'Corvane', 'en', 'official', 'Corvane', ['https://corvane.example/feed'], 3600, $now),
    ('halden-post', 'Halden Post', 'en', 'press', NULL, ['https://halden-post.example/rss'], 3600, $now);
INSERT INTO article_facts (
    article_id, url, canonical_url, source, tier, title, published_at, first_seen_at, seen_at, language, text_hash,
    entry_hash, extracted_by, attempts, ruleset
) VALUES
    ('a1', 'https://corvane.example/a', 'https://corvane.example/a', 'corvane-blog', 'official', 'Lumen 2 is open',
        $now - INTERVAL 1 HOUR, $now, $now, 'en', 'h1', 'e1', 'test 1', 1, 'rules-1'),
    ('a2', 'https://halden-post.example/b', 'https://halden-post.example/b', 'halden-post', 'press', 'Corvane opens',
        NULL, $now, $now, 'en', 'h2', 'e2', 'test 1', 1, 'rules-1');
INSERT INTO article_texts (article_id, text_hash, text, extracted_by, seen_at) VALUES
    ('a1', 'h1', 'Corvane has published the weights.', 'test 1', $now),
    ('a2', 'h2', 'The weights of Lumen 2 are out.', 'test 1', $now);
INSERT INTO mentions (
    article_id, position, actor, artefact, family, kind, direction, stage, licence_to, level_to, current, confidence,
    evidence, start, "end", "where", rule, ruleset, shift_id
)
SELECT
    article_id, 0, 'Corvane', 'Lumen 2', 'lumen-2', 'weights', 'opening', 'done', licence, 6, TRUE, 0.9,
    'the weights', 0, 11, 'text', 'weights.published', 'rules-1', 's1'
FROM (VALUES ('a1', 'MIT'), ('a2', 'Apache-2.0')) AS told (article_id, licence);
INSERT INTO shifts (
    shift_id, actor, artefact, family, kind, direction, stage, licence_to, level_to, first_seen_at, last_seen_at,
    stage_since, articles, outlets, official, confidence, headline, evidence, url, source, article_id
) VALUES (
    's1', 'Corvane', 'Lumen 2', 'lumen-2', 'weights', 'opening', 'done', 'MIT', 6, $now - INTERVAL 1 HOUR, $now,
    $now - INTERVAL 1 HOUR, 2, 2, TRUE, 0.9, 'Lumen 2 is open', 'the weights', 'https://corvane.example/a',
    'corvane-blog', 'a1'
);
INSERT INTO shift_stages (
    shift_id, step, stage, occurrence, since, licence_to, level_to, confidence, official, headline, evidence, url,
    source, article_id
) VALUES (
    's1', 1, 'done', 1, $now - INTERVAL 1 HOUR, 'MIT', 6, 0.9, TRUE, 'Lumen 2 is open', 'the weights',
    'https://corvane.example/a', 'corvane-blog', 'a1'
);
INSERT INTO null_events VALUES ('a2', 'price', 'It costs nothing.', 0, 17, 'text', 'rules-1');
INSERT INTO alerts (shift_id, stage, occurrence, channel, status, queued_at, run_id)
VALUES ('s1', 'done', 1, 'console', 'sent', $now, 'run-1');
"""


def warehouse_of(version: int, path: Path) -> None:
    """A warehouse as the release with this schema left it."""
    files = [file for file in bundled_files("migrations") if int(file.name.split("_", 1)[0]) <= version]
    with duckdb.connect(path, config={"storage_compatibility_version": "v1.5.0"}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(_SCHEMA_MIGRATIONS)
        migrate(connection, path, NOW, files)
        for statement in duckdb.extract_statements(A_SMALL_WAREHOUSE):
            takes_now = "$now" in statement.query
            connection.execute(statement.query, {"now": NOW} if takes_now else None)
        if version >= 7:
            # Later releases derived these when they loaded.
            connection.execute("""
                UPDATE mentions SET told_at = least(facts.published_at, facts.first_seen_at)
                FROM article_facts AS facts WHERE facts.article_id = mentions.article_id;
                UPDATE article_facts SET reports = 1;
                INSERT INTO shift_sources
                SELECT 's1', source, 'done', tier, tier = 'official', least(published_at, first_seen_at), 1, [], [], []
                FROM article_facts
            """)
        if version >= 8:
            connection.execute("INSERT INTO search_waiting SELECT article_id FROM article_facts")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_warehouse_of_every_released_schema_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    newsroom = Newsroom(tmp_path)
    warehouse_of(version, newsroom.path)
    with newsroom.open() as warehouse:
        run_checks(warehouse.connection)
        counted = "SELECT count(*) FROM article_texts UNION ALL SELECT count(*) FROM mentions"
        assert warehouse.connection.execute(counted).fetchall() == [(2,), (2,)]
        assert warehouse.connection.execute("SELECT status FROM alerts").fetchall() == [("sent",)]
    loaded = newsroom.run(report("ember", mention(artefact="Ember 1")), (article("lumen"), [mention()]))
    assert loaded.articles_new == 2
    copy = tmp_path / "ajar-latest.duckdb"
    publish(newsroom.path, copy)
    with open_published(copy) as reader:
        for query in list_queries():
            assert run_query(reader, query.name).columns, query.name
        # What was there before the words were taken down is found as well.
        assert len(run_query(reader, "search", {"words": "weights"}).rows) == 2
        disputed = run_query(reader, "contradictions").rows
    assert [(row[0], row[4], row[5]) for row in disputed] == [("Corvane", ["MIT"], ["Apache-2.0"])]
