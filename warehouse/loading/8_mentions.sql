-- The mentions and null events of every article tagged by this run replace those it had.
DELETE FROM mentions WHERE article_id IN (SELECT article_id FROM retagged);
INSERT INTO mentions BY NAME
SELECT staged_mentions.*, NULL AS shift_id, least(facts.published_at, facts.first_seen_at) AS told_at
FROM staged_mentions
JOIN article_facts AS facts USING (article_id)
ORDER BY article_id, position;

UPDATE article_facts
SET reports = counted.reports
FROM (
    SELECT article_id, count(staged_mentions.article_id) FILTER (WHERE current) AS reports
    FROM retagged
    LEFT JOIN staged_mentions USING (article_id)
    GROUP BY article_id
) AS counted
WHERE counted.article_id = article_facts.article_id AND counted.reports IS DISTINCT FROM article_facts.reports;

DELETE FROM null_events WHERE article_id IN (SELECT article_id FROM retagged);
INSERT INTO null_events BY NAME
SELECT DISTINCT *, getvariable('ruleset') AS ruleset
FROM read_parquet(getvariable('staged') || '/nulls.parquet')
SEMI JOIN retagged USING (article_id);
