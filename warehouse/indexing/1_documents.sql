-- Take so many of the waiting articles; their former words go.
CREATE OR REPLACE TEMP TABLE taken AS
SELECT DISTINCT article_id FROM search_waiting ORDER BY article_id LIMIT getvariable('at_a_time');

CREATE OR REPLACE TEMP TABLE indexing AS
SELECT
    (SELECT coalesce(max(document), 0) FROM search_documents) + row_number() OVER (ORDER BY text_id) AS document,
    article_id,
    text_id,
    coalesce(published_at, first_seen_at) AS told_at,
    language,
    source,
    title
FROM taken
JOIN article_facts USING (article_id)
JOIN (SELECT article_id, text_hash, text_id FROM article_texts) AS versions USING (article_id, text_hash);

CREATE OR REPLACE TEMP TABLE outdated AS
SELECT document FROM search_documents SEMI JOIN indexing USING (article_id);
DELETE FROM search_postings WHERE document IN (SELECT document FROM outdated);
DELETE FROM search_documents WHERE document IN (SELECT document FROM outdated);
