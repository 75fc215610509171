-- One row per staged article, without its text, and what is to be done with it:
--   new       not known
--   newer     replaces what is known
--   poorer    a later try brought less than is known, no text or not even a title (its feed lists it no
--             longer); what is known is kept, only the try is noted
--   older     what is known was read later, or by the same run (but not in a time still to come: then the
--             clock was put back)
CREATE OR REPLACE TEMP TABLE incoming AS
WITH staged AS (
    SELECT * EXCLUDE (text, sketch)
    FROM read_parquet(getvariable('staged') || '/articles.parquet', file_row_number = true)
    -- A batch may hold an article twice; an upsert would silently keep the first.
    QUALIFY 1 = row_number() OVER (
        PARTITION BY article_id
        ORDER BY
            seen_at DESC,
            without_text IS NOT NULL,
            list_position(['official', 'press', 'policy', 'community'], tier),
            text_hash
    )
)
SELECT
    staged.*,
    CASE
        WHEN known.article_id IS NULL THEN 'new'
        WHEN known.seen_at BETWEEN staged.seen_at AND getvariable('loaded_at') THEN 'older'
        WHEN staged.without_text IS NOT NULL AND (known.without_text IS NULL OR staged.title = '')
            THEN 'poorer'
        ELSE 'newer'
    END AS verdict,
    coalesce(known.text_hash <> staged.text_hash OR known.title <> staged.title, FALSE) AS changed,
    coalesce(
        list_position(['official', 'press', 'policy', 'community'], known.tier)
        <= list_position(['official', 'press', 'policy', 'community'], staged.tier),
        FALSE
    ) AS known_tier_is_better
FROM staged
LEFT JOIN article_facts AS known USING (article_id);

-- Articles whose mentions are replaced: those read by this run, and those only tagged again.
CREATE OR REPLACE TEMP TABLE retagged AS
SELECT article_id FROM incoming WHERE verdict IN ('new', 'newer')
UNION
SELECT article_id
FROM read_parquet(getvariable('staged') || '/retagged.parquet')
SEMI JOIN article_facts USING (article_id)
ANTI JOIN incoming USING (article_id);

-- When the current mentions that go now were reported, before the articles are given other dates.
CREATE OR REPLACE TEMP TABLE outgoing AS
SELECT mentions.actor, mentions.direction, least(facts.published_at, facts.first_seen_at) AS reported_at
FROM mentions
SEMI JOIN retagged USING (article_id)
JOIN article_facts AS facts USING (article_id)
WHERE mentions.current;
