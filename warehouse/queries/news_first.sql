-- Which sources bring news before the others do?
--
-- Variables
--   since  DATE     2019-01-01  First day of the first report.
--   top    INTEGER  20          Most rows given.
--
-- Gives one row per source, most first reports first
--   source            VARCHAR  Id of the source.
--   tier              VARCHAR  Its tier.
--   shifts            BIGINT   Shifts it reported.
--   first             BIGINT   Of these, reported by it before every other source.
--   alone             BIGINT   Of these, reported by nobody else.
--   share_first       DOUBLE   first / shifts, 0 to 1.
--   median_headstart  DOUBLE   Median of the hours until the second source; NULL without one.
--   newest_first      VARCHAR  Actor and artefact of the newest shift it was first with.
WITH reports AS (
    SELECT
        mentions.shift_id,
        article_facts.source,
        any_value(article_facts.tier) AS tier,
        min(least(coalesce(published_at, first_seen_at), first_seen_at)) AS told_at
    FROM mentions
    JOIN article_facts USING (article_id)
    WHERE mentions.shift_id IS NOT NULL
    GROUP BY mentions.shift_id, article_facts.source
), placed AS (
    SELECT
        reports.*,
        row_number() OVER story AS place,
        lead(told_at) OVER story AS next_at,
        min(told_at) OVER (PARTITION BY reports.shift_id) AS first_at,
        actor || CASE artefact WHEN '' THEN '' ELSE ': ' || artefact END AS name
    FROM reports
    JOIN shifts USING (shift_id)
    WINDOW story AS (PARTITION BY reports.shift_id ORDER BY told_at, reports.source)
)
SELECT
    source,
    any_value(tier) AS tier,
    count(*) AS shifts,
    count(*) FILTER (WHERE place = 1) AS first,
    count(*) FILTER (WHERE place = 1 AND next_at IS NULL) AS alone,
    round(first / count(*), 3) AS share_first,
    round(median(date_diff('minute', told_at, next_at)) FILTER (WHERE place = 1 AND next_at IS NOT NULL) / 60, 1)
        AS median_headstart,
    arg_max(name, told_at) FILTER (WHERE place = 1) AS newest_first
FROM placed
WHERE first_at >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
GROUP BY source
ORDER BY first DESC, share_first DESC, source
LIMIT coalesce(getvariable('top')::INTEGER, 20);
