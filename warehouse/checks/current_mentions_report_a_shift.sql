-- Current mentions without a shift, and mentions of the past with one.
SELECT mentions.article_id, mentions.position, mentions.shift_id
FROM mentions
LEFT JOIN shifts USING (shift_id)
WHERE mentions.current <> (shifts.shift_id IS NOT NULL);
