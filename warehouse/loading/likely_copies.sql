-- Texts that share one of their eight smallest hashes with a text of another source in the same story: only these can be
-- copies of each other (see warehouse/fingerprints.py).
WITH keys AS (
    SELECT reported.shift_id, facts.source, texts.article_id, texts.text_id, unnest(texts.sketch[:8]) AS key
    FROM (SELECT DISTINCT shift_id, article_id FROM joined) AS reported
    JOIN article_facts AS facts USING (article_id)
    JOIN article_texts AS texts USING (article_id, text_hash)
)
SELECT article_id, sketch
FROM article_texts
WHERE text_id IN (
    SELECT text_id
    FROM keys
    SEMI JOIN (
        SELECT shift_id, key FROM keys GROUP BY shift_id, key HAVING min(source) <> max(source)
    ) AS shared USING (shift_id, key)
);
