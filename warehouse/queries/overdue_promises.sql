-- Which promises are overdue?
--
-- Variables
--   as_of    DATE     today  Day on which promises are judged.
--   actor    VARCHAR  any    Who promised; % stands for any letters.
--   history  BOOLEAN  true   Judge the cited promises too.
--
-- Gives one row per promise whose day has passed without its keeping, the longest overdue first
--   actor             VARCHAR  Who promised.
--   artefact          VARCHAR  What was promised; empty for a general line.
--   promised_on       DATE     Day of the first report of the promise, UTC.
--   due               DATE     Day first promised.
--   due_now           DATE     Day last promised, after delays.
--   days_overdue      BIGINT   Days since the day first promised.
--   delays            BIGINT   Times it was put off.
--   status            VARCHAR  late, or lapsed: denied, or 90 days past the day last promised.
--   licence_promised  VARCHAR  Licence named with the promise; NULL when none was.
--   url               VARCHAR  Where it was told; NULL when cited from memory.
SELECT
    actor,
    artefact,
    CAST(timezone('UTC', promised_at) AS DATE) AS promised_on,
    due,
    due_now,
    days_late AS days_overdue,
    delays,
    status,
    licence_promised,
    url
FROM all_promises
WHERE kept_at IS NULL
  AND status IN ('late', 'lapsed')
  AND due < coalesce(getvariable('as_of')::DATE, current_date)
  AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
  AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
ORDER BY days_overdue DESC, actor, artefact;
