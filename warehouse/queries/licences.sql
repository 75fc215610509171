-- Under which licences do things come out, and which are gaining?
--
-- Variables
--   since    DATE     2019-01-01  First day counted.
--   until    DATE     today       Last day counted.
--   recent   INTEGER  180         Days before `until` that count as recent.
--   history  BOOLEAN  true        Count the cited shifts from before the first run too.
--   top      INTEGER  50          Most rows given.
--
-- Gives one row per licence, most used first
--   licence  VARCHAR  SPDX id or the registry's id of the licence something moved to or was promised under.
--   class    VARCHAR  Class of the licence; NULL when it is not in the registry.
--   shifts   BIGINT   Shifts that name it as the licence from now on.
--   actors   BIGINT   Organisations behind them.
--   recent   BIGINT   Of these shifts, first reported in the recent days.
--   share    DOUBLE   Its share of all shifts that name a licence, 0 to 1.
--   left_it  BIGINT   Shifts that leave it for another one.
--   last_on  DATE     Day of the newest shift to it; NULL when there are only moves away.
WITH chosen AS (
    SELECT *
    FROM all_shifts
    WHERE first_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
      AND first_on <= coalesce(getvariable('until')::DATE, current_date)
      AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
), moves AS (
    SELECT licence_to AS licence, class_to AS class, actor, first_on, true AS arrives
    FROM chosen
    WHERE licence_to IS NOT NULL
    UNION ALL
    SELECT licence_from, class_from, actor, first_on, false
    FROM chosen
    WHERE licence_from <> licence_to
)
SELECT
    licence,
    any_value(class) AS class,
    count(*) FILTER (WHERE arrives) AS shifts,
    count(DISTINCT actor) FILTER (WHERE arrives) AS actors,
    count(*) FILTER (
        WHERE arrives
          AND first_on > coalesce(getvariable('until')::DATE, current_date)
              - coalesce(getvariable('recent')::INTEGER, 180)
    ) AS recent,
    round(shifts / nullif(sum(shifts) OVER (), 0), 3) AS share,
    count(*) FILTER (WHERE NOT arrives) AS left_it,
    max(first_on) FILTER (WHERE arrives) AS last_on
FROM moves
GROUP BY licence
ORDER BY shifts DESC, licence
LIMIT coalesce(getvariable('top')::INTEGER, 50);
