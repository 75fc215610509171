-- The mentions of this run.
CREATE OR REPLACE TEMP TABLE staged_mentions AS
WITH staged AS (
    FROM read_parquet(getvariable('staged') || '/mentions.parquet', file_row_number = true)
    SEMI JOIN retagged USING (article_id)
)
SELECT * EXCLUDE (file_row_number)
FROM staged
SEMI JOIN (
    SELECT min(file_row_number) AS file_row_number FROM staged GROUP BY article_id, position
) AS first_rows USING (file_row_number);

-- Stories are joined anew wherever a current mention comes or goes: by actor and direction, from the time of
-- the earliest such mention on. What was decided before that time stays decided.
CREATE OR REPLACE TEMP TABLE touched AS
SELECT actor, direction, min(reported_at) AS since
FROM (
    FROM outgoing
    UNION ALL
    SELECT incoming.actor, incoming.direction, least(facts.published_at, facts.first_seen_at) AS reported_at
    FROM staged_mentions AS incoming
    JOIN article_facts AS facts USING (article_id)
    WHERE incoming.current
)
GROUP BY actor, direction;
