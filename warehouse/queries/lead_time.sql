-- How many hours does each source lag behind the first report?
--
-- Variables
--   since  DATE                                 2019-01-01  First day of the first report.
--   tier   official|press|community|policy      any         Only sources of this tier.
--   least  INTEGER                              1           Fewest shared stories of a source that is given.
--
-- Gives one row per source, the quickest first
--   source        VARCHAR  Id of the source.
--   tier          VARCHAR  Its tier.
--   stories       BIGINT   Shifts it reported that another source reported too.
--   first         BIGINT   Of these, reported by it before all others.
--   median_hours  DOUBLE   Median of the hours between the first report and its own.
--   p90_hours     DOUBLE   Nine in ten of its reports came sooner, in hours.
WITH reports AS (
    SELECT shift_id, source, min(tier) AS tier, min(told_at) AS told_at
    FROM shift_sources
    GROUP BY shift_id, source
), shared AS (
    SELECT shift_id, min(told_at) AS first_at
    FROM reports
    GROUP BY shift_id
    HAVING count(*) > 1 AND timezone('UTC', first_at) >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
)
SELECT
    source,
    any_value(tier) AS tier,
    count(*) AS stories,
    count(*) FILTER (WHERE told_at = first_at) AS first,
    round(median(date_diff('minute', first_at, told_at)) / 60, 1) AS median_hours,
    round(quantile_cont(date_diff('minute', first_at, told_at), 0.9) / 60, 1) AS p90_hours
FROM reports
JOIN shared USING (shift_id)
WHERE tier = coalesce(getvariable('tier')::VARCHAR, tier)
GROUP BY source
HAVING count(*) >= coalesce(getvariable('least')::INTEGER, 1)
ORDER BY median_hours, stories DESC, source;
