-- Who promised what for when, and what became of it?
--
-- Variables
--   as_of    DATE                                            today       Day on which promises are judged.
--   since    DATE                                            2019-01-01  First day of the promise.
--   actor    VARCHAR                                         any         Who promised; % stands for any letters.
--   status   open|kept|late|lapsed|kept_with_other_licence   any         Only promises of this status.
--   history  BOOLEAN                                         true        Judge the cited promises too.
--
-- Gives one row per promise, newest first
--   promised_on         DATE     Day of the first report of the promise, UTC.
--   actor               VARCHAR  Who promised.
--   artefact            VARCHAR  What was promised; empty for a general line.
--   kind                VARCHAR  weights, code, data, licence, access, strategy or policy.
--   direction           VARCHAR  opening, closing or mixed.
--   due                 DATE     Day first promised; NULL when none was named.
--   due_now             DATE     Day last promised, after delays; NULL when none was named.
--   status              VARCHAR  open, kept, late, lapsed or kept_with_other_licence.
--   kept_on             DATE     Day it was kept; NULL when it was not.
--   days_late           BIGINT   Days after the day first promised, so far when not kept; NULL without a day.
--   delays              BIGINT   Times it was put off.
--   licence_promised    VARCHAR  Licence named with the promise; NULL when none was.
--   licence_delivered   VARCHAR  Licence it came with; NULL when not kept or not told.
--   what                VARCHAR  Headline of the best report of the stage reached, or what happened.
--   url                 VARCHAR  Its address; NULL when cited from memory.
--   shift_id            VARCHAR  Id of the shift; the query `story` takes it.
SELECT
    CAST(timezone('UTC', promised_at) AS DATE) AS promised_on, actor, artefact, kind, direction, due, due_now,
    status, CAST(timezone('UTC', kept_at) AS DATE) AS kept_on, days_late, delays,
    licence_promised, licence_delivered, what, url, shift_id
FROM all_promises
WHERE promised_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND promised_on <= coalesce(getvariable('as_of')::DATE, current_date)
  AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
  AND status = coalesce(getvariable('status')::VARCHAR, status)
  AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
ORDER BY promised_on DESC, actor, artefact;
