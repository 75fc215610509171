-- The mentions and null events of every article tagged by this run replace those it had.
DELETE FROM mentions WHERE article_id IN (SELECT article_id FROM retagged);
INSERT INTO mentions BY NAME SELECT *, NULL AS shift_id FROM staged_mentions ORDER BY article_id, position;

DELETE FROM null_events WHERE article_id IN (SELECT article_id FROM retagged);
INSERT INTO null_events BY NAME
SELECT DISTINCT *, getvariable('ruleset') AS ruleset
FROM read_parquet(getvariable('staged') || '/nulls.parquet')
SEMI JOIN retagged USING (article_id);
