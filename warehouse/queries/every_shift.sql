-- What is known of every shift, and in which words?
--
-- Variables
--   since    DATE     2019-01-01  First day of the first report.
--   until    DATE     today       Last day of the stage reached.
--   history  BOOLEAN  true        Give the cited shifts from before the first run too.
--
-- Gives one row per shift, newest change first
--   stage_on      DATE     Day the shift reached its stage, UTC.
--   first_on      DATE     Day of the first report, UTC; of a cited shift the day it happened.
--   actor         VARCHAR  Organisation or government.
--   artefact      VARCHAR  Model, tool, dataset or specification; empty for a general line.
--   kind          VARCHAR  weights, code, data, licence, access, strategy or policy.
--   direction     VARCHAR  opening, closing or mixed.
--   stage         VARCHAR  rumoured, signalled, announced, done, delayed or denied.
--   effect        VARCHAR  The direction, turned round when the shift is delayed or denied.
--   weight        DOUBLE   What it counts in the index, 0 to 1.
--   due           DATE     Date last promised; NULL when none was named.
--   licence_from  VARCHAR  Licence before; NULL when not told.
--   licence       VARCHAR  Licence from now on; NULL when not told.
--   class         VARCHAR  Class of that licence; NULL when not told or not in the registry.
--   level_from    TINYINT  Level of openness before, 0 to 8; NULL when unknown.
--   level         TINYINT  Level reached or promised, 0 to 8; NULL when unknown.
--   territory     VARCHAR  Where it holds, when a clause names or excludes a territory.
--   compelled_by  VARCHAR  Government or court that forced it.
--   grounds       VARCHAR  official, outlets, outlet, confirmed, partly or memory, as in the query `grounds`.
--   outlets       INTEGER  Independent outlets that report it; NULL for a cited shift.
--   confidence    DOUBLE   0 to 1; NULL for a cited shift.
--   what          VARCHAR  Headline of the best report, or what happened.
--   evidence      VARCHAR  The sentence that proves it, verbatim; NULL for a cited shift.
--   url           VARCHAR  Address of the report or of the source cited; NULL when cited from memory.
--   shift_id      VARCHAR  Id of the shift; the query `story` takes it.
SELECT
    stage_on, first_on, actor, artefact, kind, direction, stage, effect, weight, due,
    licence_from, licence_to AS licence, class_to AS class, level_from, level_to AS level, territory, compelled_by,
    grounds, outlets, confidence, what, evidence, url, shift_id
FROM all_shifts
WHERE first_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND stage_on <= coalesce(getvariable('until')::DATE, current_date)
  AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
ORDER BY stage_on DESC, actor, artefact, shift_id;
