-- What becomes of rumours, signals and announcements?
--
-- Variables
--   since    DATE     2019-01-01  First day on which the stage was reached.
--   until    DATE     today       Last day.
--   actor    VARCHAR  any         Organisation or government; % stands for any letters.
--   history  BOOLEAN  true        Count the cited shifts too.
--
-- Gives one row per stage, the earliest first
--   stage       VARCHAR  rumoured, signalled, announced or delayed.
--   shifts      BIGINT   Shifts that ever were at this stage.
--   done        BIGINT   Of these, done by now.
--   denied      BIGINT   Denied, reversed or ruled out by now.
--   delayed     BIGINT   Put off, at this stage or later, and not done or denied by now.
--   waiting     BIGINT   None of these.
--   share_done  DOUBLE   done / shifts, 0 to 1.
WITH reached AS (
    SELECT stages.stage, all_shifts.stage AS now_at
    FROM (SELECT DISTINCT origin, shift_id, stage, min(since) AS since FROM all_stages GROUP BY ALL) AS stages
    JOIN all_shifts USING (origin, shift_id)
    WHERE stages.stage IN ('rumoured', 'signalled', 'announced', 'delayed')
      AND CAST(timezone('UTC', since) AS DATE) >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
      AND CAST(timezone('UTC', since) AS DATE) <= coalesce(getvariable('until')::DATE, current_date)
      AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
      AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
)
SELECT
    stage,
    count(*) AS shifts,
    count(*) FILTER (WHERE now_at = 'done') AS done,
    count(*) FILTER (WHERE now_at = 'denied') AS denied,
    count(*) FILTER (WHERE now_at = 'delayed') AS delayed,
    count(*) FILTER (WHERE now_at NOT IN ('done', 'denied', 'delayed')) AS waiting,
    round(done / count(*), 3) AS share_done
FROM reached
GROUP BY stage
ORDER BY list_position(['rumoured', 'signalled', 'announced', 'delayed'], stage);
