-- Mentions stored twice.
SELECT article_id, position, count(*) AS times
FROM mentions
GROUP BY ALL
HAVING count(*) > 1;
