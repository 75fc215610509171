-- Is the field opening or closing on balance?
--
-- Variables
--   since    DATE                     2019-01-01  First day counted.
--   until    DATE                     today       Last day counted.
--   every    week|month|quarter|year  quarter     Length of a period.
--   actor    VARCHAR                  any         Organisation or government; % stands for any letters.
--   history  BOOLEAN                  true        Count the cited shifts from before the first run too.
--
-- Gives one row per period, oldest first; periods without a shift are left out
--   period           DATE    First day of the period, UTC.
--   opening          BIGINT  Shifts first reported in it that open.
--   closing          BIGINT  Shifts that close, promises put off or broken among them.
--   balance          BIGINT  opening less closing.
--   running_balance  BIGINT  Sum of the balances since the first period.
--   share_opening    DOUBLE  opening / (opening + closing), 0 to 1; NULL when there is neither.
WITH counted AS (
    SELECT
        CAST(date_trunc(coalesce(getvariable('every')::VARCHAR, 'quarter'), first_on) AS DATE) AS period,
        count(*) FILTER (WHERE effect = 'opening') AS opening,
        count(*) FILTER (WHERE effect = 'closing') AS closing
    FROM all_shifts
    WHERE first_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
      AND first_on <= coalesce(getvariable('until')::DATE, current_date)
      AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
      AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
    GROUP BY period
)
SELECT
    period,
    opening,
    closing,
    opening - closing AS balance,
    CAST(sum(opening - closing) OVER (ORDER BY period) AS BIGINT) AS running_balance,
    round(opening / nullif(opening + closing, 0), 3) AS share_opening
FROM counted
ORDER BY period;
