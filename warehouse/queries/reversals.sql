-- Which doors were opened and then closed, or closed and then opened?
--
-- Variables
--   since    DATE     2019-01-01  First day of the reversal.
--   actor    VARCHAR  any         Organisation or government; % stands for any letters.
--   history  BOOLEAN  true        Count the cited shifts from before the first run too.
--
-- Gives one row per reversal, newest first
--   reversed_on  DATE     Day on which it was done, UTC.
--   actor        VARCHAR  Organisation or government.
--   family       VARCHAR  Id of the family.
--   from_effect  VARCHAR  opening or closing: what was done before.
--   to_effect    VARCHAR  closing or opening: what was done now.
--   days         BIGINT   Days between.
--   before       VARCHAR  Headline of the former, or what happened.
--   after        VARCHAR  Headline of the latter, or what happened.
--   url          VARCHAR  Its address; NULL when cited from memory.
WITH acts AS (
    SELECT
        actor, family, effect, stage_on, shift_id, what, url,
        lag(effect) OVER line AS effect_before,
        lag(stage_on) OVER line AS stage_on_before,
        lag(what) OVER line AS what_before
    FROM all_shifts
    WHERE stage = 'done' AND effect <> 'mixed' AND family <> ''
      AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
      AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
    WINDOW line AS (PARTITION BY actor, family ORDER BY stage_on, shift_id)
)
SELECT
    stage_on AS reversed_on,
    actor,
    family,
    effect_before AS from_effect,
    effect AS to_effect,
    stage_on - stage_on_before AS days,
    what_before AS before,
    what AS after,
    url
FROM acts
WHERE effect_before <> effect
  AND stage_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
ORDER BY reversed_on DESC, actor, family;
