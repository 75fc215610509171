-- Articles whose text is not stored.
SELECT article_id, text_hash
FROM article_facts
ANTI JOIN article_texts USING (article_id, text_hash);
