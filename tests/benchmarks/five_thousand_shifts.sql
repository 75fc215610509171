-- Five thousand watched shifts made up by arithmetic, over two years before 28 November 2026: 300 organisations,
-- 900 families, two stages for every second shift, up to four reports each, 120 sources. Sentences, titles and
-- addresses are as long as those of real news are on average (150, 65 and 80 characters).
CREATE TEMP MACRO pick(choices, seed) AS choices[1 + CAST(hash(seed) % len(choices) AS INTEGER)];
CREATE TEMP MACRO moment(n) AS TIMESTAMPTZ '2024-11-28 06:00:00+00' + to_seconds(n * 12600);
CREATE TEMP MACRO name_of(i) AS
    pick(['Arnor', 'Vestra', 'Halvard', 'Corvane', 'Tingsong', 'Moosbach', 'Ferrolux', 'Sablewood', 'Nuribom'], i % 300)
    || ' ' || pick(['Labs', 'Systems', 'Research', 'Institute', 'AI'], i % 300 * 7) || ' ' || i % 300;
CREATE TEMP MACRO sentence(i) AS
    'On Tuesday ' || name_of(i) || ' published the weights of model ' || i % 900 || ', number ' || i
    || ', under terms that let anybody run, study and change them, as long as the notice stays where it is.';
CREATE TEMP MACRO address(i, j) AS
    'https://outlet-' || (i + j) % 120 || '.example/technology/2026/03/report-' || i || '-' || j || '-on-the-weights-of-a-model.html';

INSERT INTO runs
SELECT 'run', 'pass', TIMESTAMPTZ '2026-11-28 08:00:00+00', TIMESTAMPTZ '2026-11-28 08:01:00+00',
    TIMESTAMPTZ '2026-11-28 08:02:00+00', 'r', 120, 15000, 0, 15000, 5000, 0, 0;

INSERT INTO sources (source, publisher, language, tier, addresses, every_seconds, updated_at)
SELECT 's' || i, 'Outlet ' || i, 'en', pick(['official', 'press', 'community', 'policy'], i), ['u'], 3600, now()
FROM range(120) AS t (i);

INSERT INTO fetches
SELECT 's' || i % 120, 'u' || i % 120, TIMESTAMPTZ '2026-11-28 08:00:00+00' - to_seconds(i * 60),
    pick(['read', 'unchanged', 'unchanged', 'failed'], i), 200, NULL, 1000, 0.2, 20, 'run'
FROM range(12000) AS t (i);

INSERT INTO shifts (
    shift_id, actor, artefact, family, kind, direction, stage, due, licence_from, licence_to, level_from, level_to, territory,
    first_seen_at, last_seen_at, stage_since, articles, outlets, official, confidence, headline, evidence, url, source,
    article_id
)
SELECT
    left(md5(CAST(i AS VARCHAR)), 16), name_of(i), 'Model ' || i % 900, 'model-' || i % 900,
    pick(['weights', 'weights', 'weights', 'code', 'data', 'licence', 'access', 'strategy', 'policy'], i),
    pick(['opening', 'opening', 'closing', 'mixed'], i * 3),
    pick(['done', 'done', 'announced', 'signalled', 'delayed', 'denied'], i * 5),
    CASE WHEN i % 4 = 0 THEN DATE '2025-06-01' + CAST(i // 16 AS INTEGER) END,
    pick(['MIT', NULL, NULL], i * 7), pick(['Apache-2.0', 'MIT', 'BUSL-1.1', 'Llama 4 Community License', NULL], i * 11),
    NULL, CAST(hash(i * 13) % 9 AS TINYINT), CASE WHEN i % 50 = 0 THEN 'EU' END,
    moment(i), moment(i + 9), moment(i + 6), 4, 3, i % 3 = 0, 0.7 + i % 30 / 100,
    'Headline number ' || i || ' about what ' || name_of(i) || ' did with its newest model', sentence(i), address(i, 0),
    's' || i % 120, left(md5(i || '-0'), 16)
FROM range(4994) AS t (i);

INSERT INTO shift_stages (
    shift_id, step, stage, occurrence, previous_stage, since, due, licence_to, level_to, confidence, official, headline,
    evidence, url, source, article_id
)
SELECT shift_id, step, CASE WHEN step = 1 THEN 'announced' ELSE stage END, 1, CASE WHEN step = 2 THEN 'announced' END,
    CASE WHEN step = 1 THEN first_seen_at ELSE stage_since END, due, licence_to, level_to, confidence, official, headline,
    evidence, url, source, article_id
FROM shifts, range(1, 3) AS t (step)
WHERE step = 1 OR hash(shift_id) % 2 = 0;

INSERT INTO article_facts (
    article_id, url, canonical_url, source, tier, title, published_at, first_seen_at, seen_at, language, text_hash,
    entry_hash, extracted_by, attempts, ruleset
)
SELECT left(md5(i || '-' || j), 16), address(i, j), address(i, j), 's' || (i + j) % 120,
    pick(['official', 'press', 'community', 'policy'], (i + j) % 120), 'Title ' || i, moment(i), moment(i), moment(i),
    pick(['en', 'en', 'ko', 'zh'], i + j), 'h', 'e', 'x', 1, 'r'
FROM range(4994) AS t (i), range(3) AS u (j);

INSERT INTO mentions (
    article_id, position, actor, artefact, family, kind, direction, stage, current, confidence, evidence, start, "end",
    "where", rule, ruleset, shift_id
)
SELECT left(md5(i || '-' || j), 16), 0, name_of(i), 'Model ' || i % 900, 'model-' || i % 900, 'weights', 'opening', 'done',
    true, 0.9, sentence(i), 0, 10, 'text', 'weights/released', 'r', left(md5(CAST(i AS VARCHAR)), 16)
FROM range(4994) AS t (i), range(3) AS u (j);
