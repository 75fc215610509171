-- Articles whose mentions are not numbered 0, 1, 2 ...: one of them is stored twice, or was lost.
SELECT article_id, count(*) AS mentions, max(position) AS last_position
FROM mentions
GROUP BY article_id
HAVING count(*) <> max(position) + 1 OR sum(position) <> max(position) * (max(position) + 1) // 2;
