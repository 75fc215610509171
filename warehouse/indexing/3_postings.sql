-- In the order of terms, so that a search reads few parts of the table.
INSERT INTO search_postings
SELECT term_id, document, weight
FROM found
JOIN search_terms USING (term)
ORDER BY term_id, document;

INSERT INTO search_documents BY NAME
SELECT
    indexing.* EXCLUDE (title),
    CAST(coalesce(counted.words, 0) AS INTEGER) AS words
FROM indexing
LEFT JOIN (
    SELECT document, sum(weight) AS words FROM found GROUP BY document
) AS counted USING (document);

DELETE FROM search_waiting WHERE article_id IN (SELECT article_id FROM taken);
