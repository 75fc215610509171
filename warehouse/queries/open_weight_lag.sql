-- How long after a model can be called do its weights follow?
--
-- Variables
--   since    DATE     2019-01-01  First day on which it could be called, or its weights were promised.
--   as_of    DATE     today       Day on which waiting is measured.
--   actor    VARCHAR  any         Organisation; % stands for any letters.
--   history  BOOLEAN  true        Count the cited shifts too.
--
-- Gives one row per family of models, the longest lag first
--   actor      VARCHAR  Organisation.
--   family     VARCHAR  Id of the family of models.
--   closed_on  DATE     First day on which it could be called, or its weights were promised.
--   opened_on  DATE     First day after that on which weights could be downloaded; NULL: not yet.
--   lag_days   BIGINT   Days between, so far when there are no weights yet.
--   level      TINYINT  Level its weights reached, 4 to 8; NULL: not yet.
--   licence    VARCHAR  Their licence; NULL when not yet or not told.
WITH chosen AS (
    SELECT *
    FROM all_shifts
    WHERE family <> ''
      AND kind IN ('weights', 'access')
      AND first_on <= coalesce(getvariable('as_of')::DATE, current_date)
      AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
      AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
), closed AS (
    SELECT actor, family, min(first_on) AS closed_on
    FROM chosen
    WHERE (stage = 'done' AND level_to BETWEEN 1 AND 3)
       OR (direction = 'opening' AND level_from BETWEEN 1 AND 3 AND (stage <> 'done' OR first_on < stage_on))
    GROUP BY actor, family
)
SELECT
    closed.actor,
    closed.family,
    closed_on,
    min(opened.stage_on) AS opened_on,
    coalesce(opened_on, any_value(coalesce(getvariable('as_of')::DATE, current_date))) - closed_on AS lag_days,
    arg_min(opened.level_to, opened.stage_on) AS level,
    arg_min(opened.licence_to, opened.stage_on) AS licence
FROM closed
LEFT JOIN chosen AS opened
    ON opened.actor = closed.actor
    AND opened.family = closed.family
    AND opened.stage_on >= closed_on
    AND opened.stage = 'done'
    AND opened.level_to >= 4
    AND opened.direction <> 'closing'
WHERE closed_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
GROUP BY closed.actor, closed.family, closed_on
ORDER BY lag_days DESC, closed.actor, closed.family;
