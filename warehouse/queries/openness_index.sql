-- How open is the field becoming, on a scale from -100 to 100?
--
-- Variables
--   since    DATE     2019-01-01  First month given.
--   until    DATE     today       Last month given.
--   months   INTEGER  6           Months a value looks back on, its own included.
--   actor    VARCHAR  any         Organisation or government; % stands for any letters.
--   history  BOOLEAN  true        Count the cited shifts from before the first run too.
--
-- Gives one row per month, oldest first
--   month    DATE    First day of the month.
--   opening  DOUBLE  Weight of the shifts that open, over the months looked back on.
--   closing  DOUBLE  Weight of those that close.
--   index    DOUBLE  100 * (opening - closing) / (opening + closing); NULL when there is neither.
--
-- A shift weighs by its stage: done 1, announced, delayed or denied 0.5, signalled 0.25, rumoured 0.1;
-- a mixed one weighs nothing. It counts in the month in which it was first reported.
WITH months AS (
    SELECT CAST(unnest(generate_series(
        date_trunc('month', coalesce(getvariable('since')::DATE, DATE '2019-01-01')),
        date_trunc('month', coalesce(getvariable('until')::DATE, current_date)),
        INTERVAL 1 MONTH
    )) AS DATE) AS month
), weighed AS (
    SELECT
        CAST(date_trunc('month', first_on) AS DATE) AS month,
        effect,
        weight
    FROM all_shifts
    WHERE first_on <= coalesce(getvariable('until')::DATE, current_date)
      AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
      AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
), summed AS (
    SELECT
        months.month,
        coalesce(sum(weight) FILTER (WHERE effect = 'opening'), 0)::DOUBLE AS opening,
        coalesce(sum(weight) FILTER (WHERE effect = 'closing'), 0)::DOUBLE AS closing
    FROM months
    LEFT JOIN weighed
        ON weighed.month > months.month - to_months(coalesce(getvariable('months')::INTEGER, 6))
        AND weighed.month <= months.month
    GROUP BY months.month
)
SELECT
    month,
    round(opening, 2) AS opening,
    round(closing, 2) AS closing,
    round(100 * (opening - closing) / nullif(opening + closing, 0), 1) AS index
FROM summed
ORDER BY month;
