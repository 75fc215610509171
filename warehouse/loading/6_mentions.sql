-- The mentions and null events of every article tagged by this run replace those it had.
CREATE OR REPLACE TEMP TABLE staged_mentions AS
SELECT *
FROM read_parquet(getvariable('staged') || '/mentions.parquet')
SEMI JOIN retagged USING (article_id)
QUALIFY row_number() OVER (PARTITION BY article_id, position) = 1;

-- Stories are joined anew wherever a current mention comes or goes: by actor and direction.
CREATE OR REPLACE TEMP TABLE touched AS
SELECT DISTINCT actor, direction
FROM (
    SELECT actor, direction FROM mentions SEMI JOIN retagged USING (article_id) WHERE current
    UNION ALL
    SELECT actor, direction FROM staged_mentions WHERE current
);

CREATE OR REPLACE TEMP TABLE former_reports AS
SELECT article_id, shift_id
FROM mentions
SEMI JOIN touched USING (actor, direction)
WHERE shift_id IS NOT NULL;

DELETE FROM mentions WHERE article_id IN (SELECT article_id FROM retagged);
INSERT INTO mentions BY NAME SELECT *, NULL AS shift_id FROM staged_mentions ORDER BY article_id, position;

DELETE FROM null_events WHERE article_id IN (SELECT article_id FROM retagged);
INSERT INTO null_events BY NAME
SELECT DISTINCT *, getvariable('ruleset') AS ruleset
FROM read_parquet(getvariable('staged') || '/nulls.parquet')
SEMI JOIN retagged USING (article_id);
