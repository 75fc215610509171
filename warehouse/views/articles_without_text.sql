-- Articles whose page could not be read, with the reason and the next try.
CREATE OR REPLACE VIEW articles_without_text AS
SELECT article_id, url, source, title, published_at, first_seen_at, without_text AS reason, attempts, retry_at
FROM article_facts
WHERE without_text IS NOT NULL;

COMMENT ON VIEW articles_without_text IS 'Articles kept with what the feed gives because their page could not be read. Grain: article.';
COMMENT ON COLUMN articles_without_text.article_id IS 'Article.';
COMMENT ON COLUMN articles_without_text.url IS 'Address of the page.';
COMMENT ON COLUMN articles_without_text.source IS 'Source that brought it.';
COMMENT ON COLUMN articles_without_text.title IS 'Title.';
COMMENT ON COLUMN articles_without_text.published_at IS 'Stated date of publication; NULL when none is stated.';
COMMENT ON COLUMN articles_without_text.first_seen_at IS 'Run that first saw it.';
COMMENT ON COLUMN articles_without_text.reason IS 'Why there is no text.';
COMMENT ON COLUMN articles_without_text.attempts IS 'Requests made for the page so far.';
COMMENT ON COLUMN articles_without_text.retry_at IS 'When it is tried again; NULL: given up, this is a dead letter.';
