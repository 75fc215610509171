-- A year made up by arithmetic: 500 sources, 100,000 articles, 1,000,000 mentions, 300 actors, 3,000 families,
-- 20,000 shifts of three stages each. One article in fifty contradicts the others about a licence; 20,000
-- articles have a text of 1,300 characters, for the search.
CREATE TEMP MACRO pick(choices, seed) AS choices[1 + CAST(hash(seed) % len(choices) AS INTEGER)];
CREATE TEMP MACRO moment(n, seconds) AS TIMESTAMPTZ '2025-11-22 00:00:00+00' + to_seconds(n * seconds);
CREATE TEMP MACRO kind_of(seed) AS
    pick(['weights', 'code', 'data', 'licence', 'access', 'strategy', 'policy'], seed);

INSERT INTO sources (source, publisher, language, tier, addresses, every_seconds, updated_at)
SELECT 's' || i, 'P' || i, 'en', pick(['official', 'press', 'community', 'policy'], i), ['u'], 3600, now()
FROM range(500) AS t (i);

INSERT INTO fetches
SELECT 's' || i % 500, 'u' || i % 500, moment(i, 150), pick(['read', 'unchanged', 'failed'], i), 200, NULL, 1000,
    0.2, 20, 'r'
FROM range(200000) AS t (i);

INSERT INTO article_facts (
    article_id, url, canonical_url, source, tier, title, published_at, first_seen_at, seen_at, language, text_hash,
    entry_hash, extracted_by, attempts, ruleset
)
SELECT 'a' || i, 'u' || i, 'u' || i, 's' || i % 500, pick(['official', 'press', 'community', 'policy'], i % 500),
    'Title ' || i, moment(i, 310), moment(i, 311), now(), pick(['en', 'ko', 'zh'], i), 'h' || i, 'e', 'x', 1, 'r'
FROM range(100000) AS t (i);

INSERT INTO article_texts (article_id, text_hash, text, extracted_by, seen_at)
SELECT 'a' || i, 'h' || i, (SELECT string_agg(md5(CAST(i * 40 + k AS VARCHAR)), ' ') FROM range(40) AS u (k)), 'x', now()
FROM range(20000) AS t (i);

INSERT INTO mentions (
    article_id, position, actor, artefact, family, kind, direction, stage, licence_to, level_to, current, confidence,
    evidence, start, "end", "where", rule, ruleset, shift_id
)
SELECT 'a' || i // 10, i % 10, 'Actor ' || story % 300, 'Art ' || story % 3000, 'fam' || story % 3000,
    kind_of(story), pick(['opening', 'closing', 'mixed'], story), 'done',
    CASE WHEN i // 10 % 50 = 0 THEN pick(['MIT', 'BUSL-1.1'], i) ELSE pick(['MIT', 'Apache-2.0'], story) END,
    CAST(hash(story) % 9 AS TINYINT), i % 3 <> 0, 0.9, 'The weights of model ' || i || ' are out today.', 0, 10, 'text',
    'rule' || i % 300, 'r', CASE WHEN i % 3 <> 0 THEN 'sh' || story END
FROM (SELECT i, i // 50 AS story FROM range(1000000) AS t (i));

INSERT INTO null_events
SELECT 'a' || i // 2, 'null' || i % 30, 'A sentence about nothing ' || i, 0, 1, 'text', 'r'
FROM range(200000) AS t (i);

INSERT INTO shifts (
    shift_id, actor, artefact, family, kind, direction, stage, due, licence_from, licence_to, level_to, territory,
    first_seen_at, last_seen_at, stage_since, articles, outlets, official, confidence, headline, evidence, url, source,
    article_id
)
SELECT 'sh' || i, 'Actor ' || i % 300, 'Art ' || i % 3000, 'fam' || i % 3000, kind_of(i),
    pick(['opening', 'closing', 'mixed'], i), pick(['done', 'announced', 'signalled', 'delayed', 'denied'], i * 3),
    CASE WHEN i % 5 = 0 THEN DATE '2026-06-01' END, pick(['MIT', NULL], i * 5),
    pick(['Apache-2.0', 'MIT', 'BUSL-1.1', NULL], i * 11), CAST(hash(i * 13) % 9 AS TINYINT),
    CASE WHEN i % 50 = 0 THEN 'EU' END, moment(i, 1550), moment(i + 60, 1550), moment(i + 30, 1550), 33, 5, false, 0.9,
    'Headline ' || i, 'e', 'u', 's1', 'a' || i
FROM range(20000) AS t (i);

INSERT INTO shift_stages (
    shift_id, step, stage, occurrence, previous_stage, since, due, licence_to, level_to, confidence, official, headline,
    evidence, url, source, article_id
)
SELECT shift_id, step, ['announced', 'delayed', stage][step], 1, [NULL, 'announced', 'delayed'][step],
    first_seen_at + to_hours(step * 24), due, licence_to, level_to, 0.9, false, 'h', 'e', 'u', 's1', 'a1'
FROM shifts, range(1, 4) AS t (step);
