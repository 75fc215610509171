-- What is being opened and closed: weights, code, data, terms, access, lines?
--
-- Variables
--   since    DATE                         2019-01-01  First day counted.
--   until    DATE                         today       Last day counted.
--   every    all|week|month|quarter|year  all         Length of a period; all: one since the first day.
--   actor    VARCHAR                      any         Organisation or government; % stands for any letters.
--   history  BOOLEAN                      true        Count the cited shifts from before the first run too.
--
-- Gives one row per period and kind, newest period first, then most shifts
--   period   DATE     First day of the period, UTC.
--   kind     VARCHAR  weights, code, data, licence, access, strategy or policy.
--   opening  BIGINT   Shifts first reported in it that open.
--   closing  BIGINT   Shifts that close, promises put off or broken among them.
--   mixed    BIGINT   Shifts that do both.
--   balance  BIGINT   opening less closing.
--   actors   BIGINT   Organisations and governments behind them.
SELECT
    CAST(coalesce(
        date_trunc(nullif(coalesce(getvariable('every')::VARCHAR, 'all'), 'all'), first_on),
        getvariable('since')::DATE,
        DATE '2019-01-01'
    ) AS DATE) AS period,
    kind,
    count(*) FILTER (WHERE effect = 'opening') AS opening,
    count(*) FILTER (WHERE effect = 'closing') AS closing,
    count(*) FILTER (WHERE effect = 'mixed') AS mixed,
    opening - closing AS balance,
    count(DISTINCT actor) AS actors
FROM all_shifts
WHERE first_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND first_on <= coalesce(getvariable('until')::DATE, current_date)
  AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
  AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
GROUP BY ALL
ORDER BY period DESC, count(*) DESC, kind;
