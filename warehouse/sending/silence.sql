-- When something last happened at all.
SELECT
    (SELECT max(started_at) FROM runs WHERE kind = 'pass') AS last_pass_at,
    (SELECT max(first_seen_at) FROM article_facts) AS newest_article_at;
