-- How well is what we know supported?
--
-- Variables
--   since    DATE     2019-01-01  First day of the first report.
--   until    DATE     today       Last day of the first report.
--   actor    VARCHAR  any         Organisation or government; % stands for any letters.
--   history  BOOLEAN  true        Count the cited shifts from before the first run too.
--
-- Gives one row per ground, the firmest first
--   grounds     VARCHAR  What the shift rests on, as told below.
--   shifts      BIGINT   Shifts that rest on it.
--   share       DOUBLE   shifts / all shifts, 0 to 1.
--   confidence  DOUBLE   Mean confidence of the tagger, 0 to 1; NULL for cited shifts.
--
-- A watched shift is `official` (the actor itself reports it), or told by several independent `outlets`, or by
-- one `outlet`. A cited one is `confirmed` by the source cited, confirmed but for a detail (`partly`), or from
-- `memory`.
SELECT
    grounds,
    count(*) AS shifts,
    round(count(*) / sum(count(*)) OVER (), 3) AS share,
    round(avg(confidence), 3) AS confidence
FROM all_shifts
WHERE first_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND first_on <= coalesce(getvariable('until')::DATE, current_date)
  AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
  AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
GROUP BY grounds
ORDER BY list_position(['official', 'outlets', 'outlet', 'confirmed', 'partly', 'memory'], grounds);
