-- Replace the shifts of the actors and directions touched, and tell each mention which shift it reports.
CREATE OR REPLACE TEMP TABLE replaced AS
SELECT shift_id FROM shifts SEMI JOIN touched USING (actor, direction);

DELETE FROM shift_stages WHERE shift_id IN (SELECT shift_id FROM replaced);
DELETE FROM shifts WHERE shift_id IN (SELECT shift_id FROM replaced);
INSERT INTO shifts BY NAME SELECT * FROM new_shifts;
INSERT INTO shift_stages BY NAME SELECT * FROM new_stages;

UPDATE mentions
SET shift_id = joined.shift_id
FROM joined
WHERE mentions.article_id = joined.article_id
    AND mentions.position = joined.position
    AND mentions.shift_id IS DISTINCT FROM joined.shift_id;
