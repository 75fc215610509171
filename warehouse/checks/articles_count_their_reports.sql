-- Articles whose number of reports is not that of their current mentions.
SELECT article_id, article_facts.reports, counted.reports AS mentioned
FROM article_facts
LEFT JOIN (SELECT article_id, count(*) AS reports FROM mentions WHERE current GROUP BY article_id) AS counted
    USING (article_id)
WHERE article_facts.reports IS DISTINCT FROM coalesce(counted.reports, 0);
