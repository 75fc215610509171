-- Who keeps promises?
--
-- Variables
--   as_of    DATE     today       Day on which promises are judged.
--   since    DATE     2019-01-01  First day of the promise.
--   history  BOOLEAN  true        Judge the cited promises too.
--
-- Gives one row per organisation that promised to open something, most promises first
--   actor               VARCHAR  Who promised.
--   promises            BIGINT   Promises.
--   kept                BIGINT   Kept in time, or kept when no day was named.
--   kept_late           BIGINT   Kept after the day first promised.
--   kept_other_licence  BIGINT   Kept under another licence than promised.
--   overdue             BIGINT   Not kept, the day first promised has passed.
--   lapsed              BIGINT   Denied, or 90 days past the day last promised.
--   open                BIGINT   Not due yet, or without a day.
--   share_kept          DOUBLE   Kept in any way, of those that are not open, 0 to 1; NULL without any.
--   median_days_late    DOUBLE   Median of the days late of those kept that had a day; NULL without any.
SELECT
    actor,
    count(*) AS promises,
    count(*) FILTER (WHERE status = 'kept') AS kept,
    count(*) FILTER (WHERE status = 'late' AND kept_at IS NOT NULL) AS kept_late,
    count(*) FILTER (WHERE status = 'kept_with_other_licence') AS kept_other_licence,
    count(*) FILTER (WHERE status = 'late' AND kept_at IS NULL) AS overdue,
    count(*) FILTER (WHERE status = 'lapsed') AS lapsed,
    count(*) FILTER (WHERE status = 'open') AS open,
    round((kept + kept_late + kept_other_licence) / nullif(count(*) - open, 0), 3) AS share_kept,
    median(days_late) FILTER (WHERE kept_at IS NOT NULL) AS median_days_late
FROM all_promises
WHERE direction = 'opening'
  AND CAST(timezone('UTC', promised_at) AS DATE) >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND CAST(timezone('UTC', promised_at) AS DATE) <= coalesce(getvariable('as_of')::DATE, current_date)
  AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
GROUP BY actor
ORDER BY promises DESC, share_kept DESC NULLS LAST, actor;
