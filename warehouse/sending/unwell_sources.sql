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
), appeared AS (
    -- A feed that was dead when it was first read brings old articles: their own dates count.
    SELECT source, least(coalesce(published_at, first_seen_at), first_seen_at) AS appeared_at
    FROM article_facts
), paused AS (
    SELECT
        source,
        appeared_at,
        appeared_at - lag(appeared_at) OVER (PARTITION BY source ORDER BY appeared_at) AS pause
    FROM appeared
    QUALIFY appeared_at >= max(appeared_at) OVER (PARTITION BY source) - INTERVAL 90 DAY
), brought AS (
    SELECT
        source,
        max(appeared_at) AS newest_article_at,
        -- A month of ten days with articles shows a rhythm; the back catalogue of one import does not.
        CASE
            WHEN count(DISTINCT appeared_at::DATE) >= 10 AND max(appeared_at) - min(appeared_at) >= INTERVAL 30 DAY
            THEN max(pause)
        END AS longest_pause
    FROM paused
    GROUP BY source
)
SELECT
    sources.source,
    sources.publisher,
    coalesce(last_read_at, first_asked_at) AS well_at,
    last_outcome = 'failed' AS failing,
    last_reason,
    brought.newest_article_at,
    brought.longest_pause
FROM sources
JOIN asked USING (source)
LEFT JOIN brought USING (source)
WHERE sources.updated_at = (SELECT max(updated_at) FROM sources)
ORDER BY sources.source;
