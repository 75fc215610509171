-- Which families stood how open, and since when?
--
-- Variables
--   actor    VARCHAR  any    Organisation; % stands for any letters.
--   family   VARCHAR  any    Id of the family.
--   as_of    DATE     today  Day up to which shifts count.
--   history  BOOLEAN  true   Count the cited shifts from before the first run too.
--
-- Gives one row per family and level it moved to, by organisation and family, oldest first
--   actor     VARCHAR  Organisation.
--   family    VARCHAR  Id of the family.
--   artefact  VARCHAR  What reached the level.
--   since     DATE     Day on which it did.
--   until     DATE     Day on which the family reached another level; NULL: it still stands there.
--   level     TINYINT  Level, 0 to 8; of several artefacts of one day the most open.
--   before    TINYINT  Level of the row before, or as told by the shift; NULL when unknown.
--   licence   VARCHAR  Licence; NULL when not told.
--   url       VARCHAR  Where it was told; NULL when cited from memory.
--   shift_id  VARCHAR  Id of that shift; the query `story` takes it.
WITH reached AS (
    SELECT
        actor,
        family,
        stage_on,
        max(level_to) AS level,
        arg_max(artefact, level_to) AS artefact,
        arg_max(level_from, level_to) AS level_from,
        arg_max(licence_to, level_to) AS licence,
        arg_max(url, level_to) AS url,
        arg_max(shift_id, level_to) AS shift_id
    FROM all_shifts
    WHERE stage = 'done' AND level_to IS NOT NULL AND family <> ''
      AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
      AND family = coalesce(getvariable('family')::VARCHAR, family)
      AND stage_on <= coalesce(getvariable('as_of')::DATE, current_date)
      AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
    GROUP BY actor, family, stage_on
), changed AS (
    SELECT *, lag(level) OVER (PARTITION BY actor, family ORDER BY stage_on) AS level_before
    FROM reached
    QUALIFY level_before IS DISTINCT FROM level
)
SELECT
    actor,
    family,
    artefact,
    stage_on AS since,
    lead(stage_on) OVER (PARTITION BY actor, family ORDER BY stage_on) AS until,
    level,
    coalesce(level_before, level_from) AS before,
    licence,
    url,
    shift_id
FROM changed
ORDER BY actor, family, since;
