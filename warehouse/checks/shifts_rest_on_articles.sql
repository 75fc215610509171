-- Shifts whose number of articles is not that of the articles that report them.
SELECT shifts.shift_id, shifts.articles, count(DISTINCT mentions.article_id) AS reporting
FROM shifts
LEFT JOIN mentions USING (shift_id)
GROUP BY shifts.shift_id, shifts.articles
HAVING shifts.articles <> count(DISTINCT mentions.article_id);
