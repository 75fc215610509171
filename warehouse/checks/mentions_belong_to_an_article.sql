-- Mentions of articles that are not stored.
SELECT article_id, position
FROM mentions
ANTI JOIN article_facts USING (article_id);
