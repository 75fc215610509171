-- Where do territory clauses shut people out, or let them in?
--
-- Variables
--   since    DATE     2019-01-01  First day counted.
--   until    DATE     today       Last day counted.
--   history  BOOLEAN  true        Count the cited shifts from before the first run too.
--
-- Gives one row per territory, most shifts first
--   territory  VARCHAR    A territory that a clause names or excludes.
--   shifts     BIGINT     Shifts with such a clause.
--   opening    BIGINT     Of these, opening (for the rest of the world, as a rule).
--   closing    BIGINT     Of these, closing.
--   actors     VARCHAR[]  Who is behind them.
--   last_on    DATE       Day of the newest.
--   newest     VARCHAR    Headline of the newest, or what happened.
WITH named AS (
    SELECT trim(unnest(string_split(territory, ','))) AS territory, effect, actor, first_on, what
    FROM all_shifts
    WHERE territory IS NOT NULL
      AND first_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
      AND first_on <= coalesce(getvariable('until')::DATE, current_date)
      AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
)
SELECT
    territory,
    count(*) AS shifts,
    count(*) FILTER (WHERE effect = 'opening') AS opening,
    count(*) FILTER (WHERE effect = 'closing') AS closing,
    list_sort(list(DISTINCT actor)) AS actors,
    max(first_on) AS last_on,
    arg_max(what, first_on) AS newest
FROM named
GROUP BY territory
ORDER BY shifts DESC, territory;
