-- What was opened or closed because a government or court forced it?
--
-- Variables
--   since    DATE     2019-01-01  First day counted.
--   history  BOOLEAN  true        Give the cited shifts from before the first run too.
--
-- Gives one row per shift, newest first
--   first_on      DATE     Day of the first report, UTC.
--   compelled_by  VARCHAR  Who forced it.
--   actor         VARCHAR  Who had to act.
--   artefact      VARCHAR  What was opened or closed; empty for a general line.
--   kind          VARCHAR  weights, code, data, licence, access, strategy or policy.
--   effect        VARCHAR  opening, closing or mixed.
--   stage         VARCHAR  rumoured, signalled, announced, done, delayed or denied.
--   territory     VARCHAR  Where it holds, when a clause names or excludes a territory.
--   what          VARCHAR  Headline of the best report, or what happened.
--   url           VARCHAR  Its address; NULL when cited from memory.
SELECT first_on, compelled_by, actor, artefact, kind, effect, stage, territory, what, url
FROM all_shifts
WHERE compelled_by IS NOT NULL
  AND first_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
ORDER BY first_on DESC, actor, artefact;
