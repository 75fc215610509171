-- The terms of each article with their weight, and those that no article had before.
CREATE OR REPLACE TEMP TABLE found AS
SELECT document, term, CAST(sum(weight) AS INTEGER) AS weight
FROM (
    SELECT document, unnest(search_words(text)) AS term, 1 AS weight
    FROM article_texts
    JOIN indexing USING (text_id)
    UNION ALL
    SELECT document, unnest(search_words(title)), 5
    FROM indexing
)
GROUP BY document, term;

INSERT INTO search_terms
SELECT term, (SELECT coalesce(max(term_id), 0) FROM search_terms) + row_number() OVER (ORDER BY term)
FROM (SELECT DISTINCT term FROM found)
ANTI JOIN search_terms USING (term);
