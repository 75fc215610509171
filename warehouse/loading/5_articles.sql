-- Versions of texts are appended. Which ones is settled first, by their row in the file, so that the texts
-- themselves pass through once and are held nowhere.
INSERT INTO article_texts BY NAME
SELECT staged.article_id, staged.text_hash, staged.text, staged.sketch, staged.extracted_by, staged.seen_at
FROM read_parquet(getvariable('staged') || '/articles.parquet', file_row_number = true) AS staged
SEMI JOIN (
    FROM incoming
    ANTI JOIN (SELECT article_id, text_hash FROM article_texts SEMI JOIN incoming USING (article_id)) AS kept
        USING (article_id, text_hash)
    WHERE verdict IN ('new', 'newer')
) AS wanted USING (file_row_number);

UPDATE article_facts
SET
    url = incoming.url,
    canonical_url = incoming.canonical_url,
    source = CASE WHEN known_tier_is_better THEN article_facts.source ELSE incoming.source END,
    guid = CASE WHEN known_tier_is_better THEN article_facts.guid ELSE incoming.guid END,
    tier = CASE WHEN known_tier_is_better THEN article_facts.tier ELSE incoming.tier END,
    title = incoming.title,
    author = coalesce(incoming.author, article_facts.author),
    published_at = coalesce(incoming.published_at, article_facts.published_at),
    seen_at = incoming.seen_at,
    updated_at = CASE WHEN incoming.changed THEN incoming.seen_at ELSE article_facts.updated_at END,
    language = incoming.language,
    text_hash = incoming.text_hash,
    entry_hash = incoming.entry_hash,
    extracted_by = incoming.extracted_by,
    without_text = incoming.without_text,
    attempts = incoming.attempts,
    retry_at = incoming.retry_at,
    revisions = article_facts.revisions + CAST(incoming.entry_hash <> article_facts.entry_hash AS INTEGER),
    ruleset = getvariable('ruleset')
FROM incoming
WHERE incoming.article_id = article_facts.article_id AND incoming.verdict = 'newer';

UPDATE article_facts
SET
    seen_at = incoming.seen_at,
    -- Without a title nothing of the entry was there to be hashed.
    entry_hash = CASE WHEN incoming.title = '' THEN article_facts.entry_hash ELSE incoming.entry_hash END,
    without_text = CASE WHEN article_facts.without_text IS NOT NULL THEN incoming.without_text END,
    attempts = incoming.attempts,
    retry_at = incoming.retry_at
FROM incoming
WHERE incoming.article_id = article_facts.article_id AND incoming.verdict = 'poorer';

UPDATE article_facts
SET ruleset = getvariable('ruleset')
FROM retagged
WHERE retagged.article_id = article_facts.article_id;

INSERT INTO article_facts BY NAME
SELECT
    * EXCLUDE (file_row_number, verdict, changed, known_tier_is_better),
    seen_at AS first_seen_at,
    NULL AS updated_at,
    0 AS reports,
    getvariable('ruleset') AS ruleset
FROM incoming
WHERE verdict = 'new';

INSERT INTO search_waiting SELECT article_id FROM incoming WHERE verdict = 'new' OR (verdict = 'newer' AND changed);
