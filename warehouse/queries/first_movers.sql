-- Who was first at each level of openness, and how long did the others take?
--
-- Variables
--   since    DATE     2019-01-01  First day counted.
--   until    DATE     today       Last day counted.
--   country  VARCHAR  any         Country of the organisation, two letters (ISO 3166-1).
--   history  BOOLEAN  true        Count the cited shifts from before the first run too.
--   top      INTEGER  5           Most rows for each level.
--
-- Gives one row per level and organisation, the highest level first, then in the order in which they came
--   level       TINYINT  Level of openness, 0 to 8.
--   place       BIGINT   1 for the first mover, 2 for the first follower and so on.
--   actor       VARCHAR  Organisation.
--   country     VARCHAR  Its country; NULL when it has none or is not in the registry.
--   first_on    DATE     Day of its first opening to this level that is done.
--   days_after  BIGINT   Days after the first mover.
--   artefact    VARCHAR  What it opened.
WITH firsts AS (
    SELECT
        level_to AS level,
        actor,
        any_value(country) AS country,
        min(stage_on) AS first_on,
        arg_min(artefact, stage_on) AS artefact
    FROM all_shifts
    WHERE stage = 'done' AND direction = 'opening' AND level_to IS NOT NULL
      AND stage_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
      AND stage_on <= coalesce(getvariable('until')::DATE, current_date)
      AND (getvariable('country') IS NULL OR country = upper(getvariable('country')::VARCHAR))
      AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
    GROUP BY level_to, actor
)
SELECT
    level,
    row_number() OVER (PARTITION BY level ORDER BY first_on, actor) AS place,
    actor,
    country,
    first_on,
    first_on - min(first_on) OVER (PARTITION BY level) AS days_after,
    artefact
FROM firsts
QUALIFY place <= coalesce(getvariable('top')::INTEGER, 5)
ORDER BY level DESC, place;
