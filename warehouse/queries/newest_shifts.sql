-- What has shifted lately?
--
-- Variables
--   since      DATE                   2019-01-01  First day of the stage reached.
--   actor      VARCHAR                any         Organisation or government; % stands for any letters.
--   direction  opening|closing|mixed  any         Only shifts of this direction.
--   history    BOOLEAN                true        Give the cited shifts from before the first run too.
--   top        INTEGER                20          Most rows given.
--
-- Gives one row per shift, newest change first
--   stage_on   DATE     Day the shift reached its stage, UTC.
--   actor      VARCHAR  Organisation or government.
--   artefact   VARCHAR  Model, tool, dataset or specification; empty for a general line.
--   kind       VARCHAR  weights, code, data, licence, access, strategy or policy.
--   direction  VARCHAR  opening, closing or mixed.
--   stage      VARCHAR  rumoured, signalled, announced, done, delayed or denied.
--   licence    VARCHAR  Licence from now on; NULL when not told.
--   level      TINYINT  Level of openness reached or promised, 0 to 8; NULL when unknown.
--   official   BOOLEAN  True when the actor itself reports it; NULL for a cited shift.
--   outlets    INTEGER  Independent outlets that report it; NULL for a cited shift.
--   what       VARCHAR  Headline of the best report, or what happened.
--   url        VARCHAR  Its address; NULL when cited from memory.
--   shift_id   VARCHAR  Id of the shift; the query `story` takes it.
SELECT
    stage_on, actor, artefact, kind, direction, stage, licence_to AS licence, level_to AS level,
    official, outlets, what, url, shift_id
FROM all_shifts
WHERE stage_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
  AND direction = coalesce(getvariable('direction')::VARCHAR, direction)
  AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
ORDER BY stage_on DESC, actor, artefact, shift_id
LIMIT coalesce(getvariable('top')::INTEGER, 20);
