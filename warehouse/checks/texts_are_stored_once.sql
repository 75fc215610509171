-- Versions of a text stored twice.
SELECT article_id, text_hash, count(*) AS times
FROM article_texts
GROUP BY ALL
HAVING count(*) > 1;
