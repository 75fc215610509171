-- How long does it take from one stage to the next?
--
-- Variables
--   since    DATE     2019-01-01  First day on which the later stage was reached.
--   until    DATE     today       Last day.
--   actor    VARCHAR  any         Organisation or government; % stands for any letters.
--   history  BOOLEAN  true        Count the cited shifts too.
--
-- Gives one row per pair of stages that followed one another, in the order of the life cycle
--   from_stage   VARCHAR  Stage before.
--   to_stage     VARCHAR  Stage after.
--   changes      BIGINT   Times one followed the other.
--   median_days  DOUBLE   Median of the days between.
--   p90_days     DOUBLE   Nine in ten took no longer, in days.
--   longest      VARCHAR  Actor and artefact of the longest.
WITH steps AS (
    SELECT
        previous_stage,
        all_stages.stage,
        since,
        actor || CASE artefact WHEN '' THEN '' ELSE ': ' || artefact END AS name,
        date_diff('day', lag(since) OVER (PARTITION BY origin, shift_id ORDER BY step), since) AS days
    FROM all_stages
    JOIN all_shifts USING (origin, shift_id)
    WHERE actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
      AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
)
SELECT
    previous_stage AS from_stage,
    stage AS to_stage,
    count(*) AS changes,
    median(days) AS median_days,
    round(quantile_cont(days, 0.9), 1) AS p90_days,
    arg_max(name, days) AS longest
FROM steps
WHERE previous_stage IS NOT NULL
  AND CAST(timezone('UTC', since) AS DATE) >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND CAST(timezone('UTC', since) AS DATE) <= coalesce(getvariable('until')::DATE, current_date)
GROUP BY previous_stage, stage
ORDER BY
    list_position(['rumoured', 'signalled', 'announced', 'delayed', 'denied', 'done'], previous_stage),
    list_position(['rumoured', 'signalled', 'announced', 'delayed', 'denied', 'done'], stage);
