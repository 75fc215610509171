-- A year made up by arithmetic, of as many articles as the variable `articles` says: ten mentions an article, fifty
-- mentions a shift, three stages a shift, 500 sources, 300 actors, 3,000 families. One article in fifty contradicts
-- the others about a licence. Texts are 150 words of a vocabulary of 50,000, of which few are common and most rare.
CREATE TEMP MACRO pick(choices, seed) AS choices[1 + CAST(hash(seed) % len(choices) AS INTEGER)];
CREATE TEMP MACRO moment(share) AS TIMESTAMPTZ '2025-11-22 00:00:00+00' + to_seconds(share * 31500000);
CREATE TEMP MACRO article(n) AS md5('article ' || n)[1:16];
CREATE TEMP MACRO shift(n) AS md5('shift ' || n)[1:16];
CREATE TEMP MACRO kind_of(seed) AS
    pick(['weights', 'code', 'data', 'licence', 'access', 'strategy', 'policy'], seed);
CREATE TEMP TABLE vocabulary AS
SELECT list(md5(CAST(i AS VARCHAR))[1:2 + i % 9]) AS words FROM range(50000) AS t (i);

INSERT INTO sources (source, publisher, language, tier, addresses, every_seconds, updated_at)
SELECT 's' || i, 'P' || i, 'en', pick(['official', 'press', 'community', 'policy'], i), ['u'], 3600, now()
FROM range(500) AS t (i);

INSERT INTO fetches
SELECT 's' || i % 500, 'u' || i % 500, moment(i / 200000), pick(['read', 'unchanged', 'failed'], i), 200, NULL, 1000,
    0.2, 20, 'r'
FROM range(200000) AS t (i);

INSERT INTO article_facts (
    article_id, url, canonical_url, source, tier, title, published_at, first_seen_at, seen_at, language, text_hash,
    entry_hash, extracted_by, attempts, ruleset
)
SELECT article(i), 'https://s' || i % 500 || '.example/' || i, 'https://s' || i % 500 || '.example/' || i, 's' || i % 500, pick(['official', 'press', 'community', 'policy'], i % 500), 'Title ' || i, moment(i / getvariable('articles')),
    moment(i / getvariable('articles')) + to_seconds(600), now(), pick(['en', 'ko', 'zh'], i), 'h' || i, 'e', 'x', 1, 'r'
FROM range(getvariable('articles')) AS t (i);

INSERT INTO article_texts (article_id, text_hash, text, extracted_by, seen_at)
SELECT
    article(i),
    'h' || i,
    list_aggregate(list_transform(
        range(150),
        lambda k: words[1 + CAST(pow(50000, hash(i * 150 + k) % 1000000 / 1000000) AS INTEGER) % 50000]
    ), 'string_agg', ' '),
    'x',
    now()
FROM range(getvariable('articles')) AS t (i)
CROSS JOIN vocabulary;

INSERT INTO mentions (
    article_id, position, actor, artefact, family, kind, direction, stage, licence_to, level_to, current, confidence,
    evidence, start, "end", "where", rule, ruleset, shift_id, told_at
)
SELECT article(i // 10), i % 10, 'Actor ' || story % 300, 'Art ' || story % 3000, 'fam' || story % 3000,
    kind_of(story), pick(['opening', 'closing', 'mixed'], story), 'done',
    CASE WHEN i // 10 % 50 = 0 THEN pick(['MIT', 'BUSL-1.1'], i) ELSE pick(['MIT', 'Apache-2.0'], story) END,
    CAST(hash(story) % 9 AS TINYINT), i % 3 <> 0, 0.9, 'The weights of model ' || i || ' are out today.', 0, 10, 'text',
    'rule' || i % 300, 'r', CASE WHEN i % 3 <> 0 THEN shift(story) END,
    moment((i // 10) / getvariable('articles'))
FROM (SELECT i, i // 50 AS story FROM range(10 * getvariable('articles')) AS t (i));

INSERT INTO null_events
SELECT article(i // 2), 'null' || i % 30, 'A sentence about nothing ' || i, 0, 1, 'text', 'r'
FROM range(2 * getvariable('articles')) AS t (i);

INSERT INTO shifts (
    shift_id, actor, artefact, family, kind, direction, stage, due, licence_from, licence_to, level_to, territory,
    first_seen_at, last_seen_at, stage_since, articles, outlets, official, confidence, headline, evidence, url, source,
    article_id
)
SELECT shift(i), 'Actor ' || i % 300, 'Art ' || i % 3000, 'fam' || i % 3000, kind_of(i),
    pick(['opening', 'closing', 'mixed'], i), pick(['done', 'announced', 'signalled', 'delayed', 'denied'], i * 3),
    CASE WHEN i % 5 = 0 THEN DATE '2026-06-01' END, pick(['MIT', NULL], i * 5),
    pick(['Apache-2.0', 'MIT', 'BUSL-1.1', NULL], i * 11), CAST(hash(i * 13) % 9 AS TINYINT),
    CASE WHEN i % 50 = 0 THEN 'EU' END, moment(i * 5 / getvariable('articles')), moment(i * 5 / getvariable('articles')) + INTERVAL 2 DAY,
    moment(i * 5 / getvariable('articles')) + INTERVAL 1 DAY, 33, 5, false, 0.9,
    'Headline ' || i, 'e', 'u', 's1', article(i)
FROM range(getvariable('articles') // 5) AS t (i);

INSERT INTO shift_stages (
    shift_id, step, stage, occurrence, previous_stage, since, due, licence_to, level_to, confidence, official, headline,
    evidence, url, source, article_id
)
SELECT shift_id, step, ['announced', 'delayed', stage][step], 1, [NULL, 'announced', 'delayed'][step],
    first_seen_at + to_hours(step * 24), due, licence_to, level_to, 0.9, false, 'h', 'e', 'u', 's1', 'a1'
FROM shifts, range(1, 4) AS t (step);

UPDATE article_facts
SET reports = counted.reports
FROM (SELECT article_id, count(*) AS reports FROM mentions WHERE current GROUP BY article_id) AS counted
WHERE counted.article_id = article_facts.article_id;

CREATE TEMP TABLE replaced AS SELECT shift_id FROM shifts;
