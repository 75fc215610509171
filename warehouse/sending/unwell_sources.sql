-- When each source was last read, and last brought an article; only those the newest pass still knew.
WITH asked AS (
    SELECT
        source,
        min("at") AS first_asked_at,
        max("at") FILTER (WHERE outcome IN ('read', 'unchanged')) AS last_read_at,
        arg_max(outcome, "at") AS last_outcome,
        arg_max(reason, "at") AS last_reason
    FROM fetches
    WHERE outcome <> 'skipped'
    GROUP BY source
), brought AS (
    SELECT source, max(first_seen_at) AS newest_article_at
    FROM article_facts
    GROUP BY source
)
SELECT
    sources.source,
    sources.publisher,
    coalesce(last_read_at, first_asked_at) AS well_at,
    last_outcome = 'failed' AS failing,
    last_reason,
    brought.newest_article_at
FROM sources
JOIN asked USING (source)
LEFT JOIN brought USING (source)
WHERE sources.updated_at = (SELECT max(updated_at) FROM sources)
ORDER BY sources.source;
