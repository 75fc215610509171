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
    SELECT shift_id, source, min(tier) AS tier, min(told_at) AS told_at
    FROM shift_sources
    GROUP BY shift_id, source
), stories AS (
    SELECT shift_id, arg_min(source, (told_at, source)) AS first_source, min(told_at, 2) AS first_two
    FROM reports
    GROUP BY shift_id
    HAVING timezone('UTC', min(told_at)) >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
), counted AS (
    SELECT source, any_value(tier) AS tier, count(*) AS shifts
    FROM reports
    JOIN stories USING (shift_id)
    GROUP BY source
), firsts AS (
    SELECT
        first_source AS source,
        count(*) AS first,
        count(*) FILTER (WHERE len(first_two) = 1) AS alone,
        median(date_diff('minute', first_two[1], first_two[2])) AS headstart,
        arg_max(shift_id, (first_two[1], shift_id)) AS newest
    FROM stories
    GROUP BY first_source
)
SELECT
    source,
    tier,
    counted.shifts,
    coalesce(first, 0) AS first,
    coalesce(alone, 0) AS alone,
    round(coalesce(first, 0) / counted.shifts, 3) AS share_first,
    round(headstart / 60, 1) AS median_headstart,
    actor || CASE artefact WHEN '' THEN '' ELSE ': ' || artefact END AS newest_first
FROM counted
LEFT JOIN firsts USING (source)
LEFT JOIN shifts ON shifts.shift_id = newest
ORDER BY first DESC, share_first DESC, source
LIMIT coalesce(getvariable('top')::INTEGER, 20);
