-- Through which stages did the shifts go, and when?
--
-- Variables
--   since    DATE     2019-01-01  First day of the stage.
--   until    DATE     today       Last day of the stage.
--   actor    VARCHAR  any         Organisation or government; % stands for any letters.
--   history  BOOLEAN  true        Give the cited shifts from before the first run too.
--
-- Gives one row per change of stage, by shift, oldest first
--   shift_id  VARCHAR  Id of the shift; the query `story` takes it.
--   step      INTEGER  Number of the change, from 1.
--   stage     VARCHAR  Stage reached: rumoured, signalled, announced, done, delayed or denied.
--   since     DATE     Day of the first report of this stage, UTC.
--   due       DATE     Date promised at this stage; NULL when none was named.
SELECT shift_id, step, all_stages.stage, CAST(timezone('UTC', since) AS DATE) AS since, all_stages.due
FROM all_stages
JOIN all_shifts USING (origin, shift_id)
WHERE CAST(timezone('UTC', since) AS DATE) >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND CAST(timezone('UTC', since) AS DATE) <= coalesce(getvariable('until')::DATE, current_date)
  AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
  AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
ORDER BY shift_id, step;
