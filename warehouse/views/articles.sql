-- Articles as last read, with the text of that reading.
CREATE OR REPLACE VIEW articles AS
SELECT
    facts.article_id,
    facts.url,
    facts.canonical_url,
    facts.source,
    facts.tier,
    facts.title,
    facts.author,
    facts.published_at,
    facts.first_seen_at,
    facts.updated_at,
    facts.language,
    texts.text,
    facts.text_hash,
    facts.extracted_by
FROM article_facts AS facts
JOIN article_texts AS texts USING (article_id, text_hash);

COMMENT ON VIEW articles IS 'Articles as last read, with their text. Grain: article.';
COMMENT ON COLUMN articles.article_id IS 'Sixteen hexadecimal digits made from canonical_url.';
COMMENT ON COLUMN articles.url IS 'Address the source links to.';
COMMENT ON COLUMN articles.canonical_url IS 'Key that copies of one article share.';
COMMENT ON COLUMN articles.source IS 'Source that brought it: the first one, unless one of a better tier followed.';
COMMENT ON COLUMN articles.tier IS 'Tier of that source: official, press, community or policy.';
COMMENT ON COLUMN articles.title IS 'Title as last read.';
COMMENT ON COLUMN articles.author IS 'Author; NULL when none is stated.';
COMMENT ON COLUMN articles.published_at IS 'Stated date of publication; NULL when none is stated, never the fetch time.';
COMMENT ON COLUMN articles.first_seen_at IS 'Run that first saw it.';
COMMENT ON COLUMN articles.updated_at IS 'Run that last found another title or text; NULL: never changed.';
COMMENT ON COLUMN articles.language IS 'ISO 639-1 code; und when it cannot be told.';
COMMENT ON COLUMN articles.text IS 'The body without the title, or the feed''s summary when the page could not be read.';
COMMENT ON COLUMN articles.text_hash IS 'Hash of the text.';
COMMENT ON COLUMN articles.extracted_by IS 'Extractor and version; feed when the text is the feed''s own.';
