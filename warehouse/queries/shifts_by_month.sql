-- How many shifts opened and how many closed, month by month?
--
-- Variables
--   since    DATE                     2019-01-01  First day counted.
--   until    DATE                     today       Last day counted.
--   every    week|month|quarter|year  month       Length of a period.
--   actor    VARCHAR                  any         Organisation or government; % stands for any letters.
--   history  BOOLEAN                  true        Count the cited shifts from before the first run too.
--
-- Gives one row per period and direction, newest first; periods without a shift are left out
--   period  DATE     First day of the period, UTC. A shift counts where it was first reported.
--   effect  VARCHAR  opening, closing or mixed; a promise put off or broken counts against its direction.
--   shifts  BIGINT   Shifts.
--   done    BIGINT   Of these, in force by now.
--   actors  BIGINT   Organisations and governments behind them.
SELECT
    CAST(date_trunc(coalesce(getvariable('every')::VARCHAR, 'month'), first_on) AS DATE) AS period,
    effect,
    count(*) AS shifts,
    count(*) FILTER (WHERE stage = 'done') AS done,
    count(DISTINCT actor) AS actors
FROM all_shifts
WHERE first_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND first_on <= coalesce(getvariable('until')::DATE, current_date)
  AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
  AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
GROUP BY period, effect
ORDER BY period DESC, effect DESC;
