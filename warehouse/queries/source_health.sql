-- Which sources can be read, and which have fallen silent?
--
-- Variables
--   days  INTEGER  30  Days back from the newest request that count.
--
-- Gives one row per source, the worst first
--   source        VARCHAR                   Id of the source.
--   publisher     VARCHAR                   Its name.
--   state         VARCHAR                   failing, never read, few entries, silent (no new article) or healthy.
--   reason        VARCHAR                   Why the newest request failed; NULL when it did not.
--   requests      BIGINT                    Requests to its addresses in these days.
--   failed        BIGINT                    Of these, failed.
--   median_secs   DOUBLE                    Median duration of a request, in seconds; NULL without one.
--   last_read_at  TIMESTAMP WITH TIME ZONE  Newest request that was answered, unchanged answers included.
--   articles      BIGINT                    Articles first seen in these days.
--   last_article  TIMESTAMP WITH TIME ZONE  When the newest article was first seen; NULL: none yet.
--   mentions      BIGINT                    Shifts these articles report as news.
WITH horizon AS (
    SELECT max("at") - to_days(coalesce(getvariable('days')::INTEGER, 30)) AS since
    FROM fetches
), asked AS (
    SELECT
        source,
        count(*) AS requests,
        count(*) FILTER (WHERE outcome = 'failed') AS failed,
        median(seconds) AS median_secs,
        max("at") FILTER (WHERE outcome IN ('read', 'unchanged')) AS last_read_at
    FROM fetches
    WHERE "at" >= (SELECT since FROM horizon) AND outcome <> 'skipped'
    GROUP BY source
), newest AS (
    SELECT
        source,
        bool_or(outcome = 'failed') AS failing,
        any_value(reason) FILTER (WHERE outcome = 'failed') AS reason,
        bool_or(entries < expect_min) AS too_few
    FROM (
        SELECT fetches.source, url, outcome, reason, entries, expect_min
        FROM fetches
        JOIN sources USING (source)
        WHERE outcome <> 'skipped'
        QUALIFY row_number() OVER (PARTITION BY fetches.source, url ORDER BY "at" DESC) = 1
    )
    GROUP BY source
), brought AS (
    SELECT
        source,
        count(*) FILTER (WHERE first_seen_at >= (SELECT since FROM horizon)) AS articles,
        max(first_seen_at) AS last_article
    FROM article_facts
    GROUP BY source
), told AS (
    SELECT article_facts.source, count(*) AS mentions
    FROM mentions
    JOIN article_facts USING (article_id)
    WHERE mentions.current AND first_seen_at >= (SELECT since FROM horizon)
    GROUP BY article_facts.source
)
SELECT
    source,
    publisher,
    CASE
        WHEN newest.source IS NULL THEN 'never read'
        WHEN newest.failing THEN 'failing'
        WHEN newest.too_few THEN 'few entries'
        WHEN coalesce(brought.articles, 0) = 0 THEN 'silent'
        ELSE 'healthy'
    END AS state,
    reason,
    coalesce(requests, 0) AS requests,
    coalesce(failed, 0) AS failed,
    round(median_secs, 2) AS median_secs,
    last_read_at,
    coalesce(articles, 0) AS articles,
    last_article,
    coalesce(mentions, 0) AS mentions
FROM sources
LEFT JOIN asked USING (source)
LEFT JOIN newest USING (source)
LEFT JOIN brought USING (source)
LEFT JOIN told USING (source)
ORDER BY list_position(['failing', 'never read', 'few entries', 'silent', 'healthy'], state), source;
