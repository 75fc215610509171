-- What happened lately, and what in the time before?
--
-- Variables
--   days     INTEGER  90     Days looked back on, and days before these.
--   until    DATE     today  Last day counted.
--   actor    VARCHAR  any    Organisation or government; % stands for any letters.
--   history  BOOLEAN  true   Count the cited shifts too.
--
-- Gives one row per span of days, the newest first
--   first_day    DATE     First day of the span.
--   last_day     DATE     Last day.
--   opened       BIGINT   Openings done on one of these days.
--   closed       BIGINT   Closings done.
--   to_open      BIGINT   Openings that are rumoured, signalled or announced since one of these days.
--   to_close     BIGINT   Closings of the same kind.
--   set_back     BIGINT   Openings put off or dropped, done by now none of them.
--   spared       BIGINT   Closings put off or dropped.
--   actors       BIGINT   Organisations and governments behind all of these.
--
-- A shift counts on the day on which it reached the stage where it stands now.
WITH asked AS (
    SELECT
        coalesce(getvariable('until')::DATE, current_date) AS last_day,
        coalesce(getvariable('days')::INTEGER, 90) AS days
), spans AS (
    SELECT last_day - days + 1 AS first_day, last_day FROM asked
    UNION ALL
    SELECT last_day - 2 * days + 1, last_day - days FROM asked
), counted AS (
    SELECT *
    FROM all_shifts
    WHERE actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
      AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
)
SELECT
    first_day,
    last_day,
    count(*) FILTER (WHERE direction = 'opening' AND stage = 'done') AS opened,
    count(*) FILTER (WHERE direction = 'closing' AND stage = 'done') AS closed,
    count(*) FILTER (WHERE direction = 'opening' AND stage IN ('rumoured', 'signalled', 'announced')) AS to_open,
    count(*) FILTER (WHERE direction = 'closing' AND stage IN ('rumoured', 'signalled', 'announced')) AS to_close,
    count(*) FILTER (WHERE direction = 'opening' AND stage IN ('delayed', 'denied')) AS set_back,
    count(*) FILTER (WHERE direction = 'closing' AND stage IN ('delayed', 'denied')) AS spared,
    count(DISTINCT actor) AS actors
FROM spans
LEFT JOIN counted ON stage_on BETWEEN first_day AND last_day
GROUP BY first_day, last_day
ORDER BY last_day DESC;
