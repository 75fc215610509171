-- Which organisations open, and which close?
--
-- Variables
--   since    DATE                         2019-01-01  First day counted.
--   until    DATE                         today       Last day counted.
--   every    all|week|month|quarter|year  all         Length of a period; all: one since the first day.
--   country  VARCHAR                      any         Country of the organisation, two letters (ISO 3166-1).
--   history  BOOLEAN                      true        Count the cited shifts from before the first run too.
--   top      INTEGER                      50          Most rows given for a period.
--
-- Gives one row per period and organisation or government, newest period first, then most shifts
--   period    DATE     First day of the period, UTC.
--   actor     VARCHAR  Organisation or government.
--   country   VARCHAR  Its country; NULL when it has none or is not in the registry.
--   opening   BIGINT   Shifts first reported in the period that open.
--   closing   BIGINT   Shifts that close, promises put off or broken among them.
--   mixed     BIGINT   Shifts that do both.
--   balance   BIGINT   opening less closing.
--   first_on  DATE     Day of the first of these shifts.
--   last_on   DATE     Day of the newest.
--   newest    VARCHAR  What the newest is about: headline, or what happened.
SELECT
    CAST(coalesce(
        date_trunc(nullif(coalesce(getvariable('every')::VARCHAR, 'all'), 'all'), all_shifts.first_on),
        getvariable('since')::DATE,
        DATE '2019-01-01'
    ) AS DATE) AS period,
    actor,
    any_value(country) AS country,
    count(*) FILTER (WHERE effect = 'opening') AS opening,
    count(*) FILTER (WHERE effect = 'closing') AS closing,
    count(*) FILTER (WHERE effect = 'mixed') AS mixed,
    opening - closing AS balance,
    min(all_shifts.first_on) AS first_on,
    max(all_shifts.first_on) AS last_on,
    arg_max(what, (all_shifts.first_on, shift_id)) AS newest
FROM all_shifts
WHERE all_shifts.first_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND all_shifts.first_on <= coalesce(getvariable('until')::DATE, current_date)
  AND (getvariable('country') IS NULL OR country = upper(getvariable('country')::VARCHAR))
  AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
GROUP BY period, actor
QUALIFY row_number() OVER (PARTITION BY period ORDER BY count(*) DESC, actor)
    <= coalesce(getvariable('top')::INTEGER, 50)
ORDER BY period DESC, count(*) DESC, actor;
