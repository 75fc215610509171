-- When did the pace turn?
--
-- Variables
--   since    DATE                            2019-01-01  First month looked at.
--   until    DATE                            today       Last day counted.
--   measure  balance|opening|closing|shifts  balance     What is counted; balance: opening less closing.
--   months   INTEGER                         6           Months compared before and after.
--   actor    VARCHAR                         any         Organisation or government; % stands for any.
--   history  BOOLEAN                         true        Count the cited shifts of before the first run too.
--
-- Gives one row per turn, strongest first
--   month        DATE    First month of the new pace.
--   mean_before  DOUBLE  Mean a month over the months before.
--   mean_after   DOUBLE  Mean a month over the months from this one on.
--   change       DOUBLE  mean_after less mean_before.
--   strength     DOUBLE  The change in units of its standard error (Welch's t); from 2 on it is given.
--
-- A month is a turn when the change there is stronger than at any other month as near as the months compared.
WITH months AS (
    SELECT CAST(unnest(generate_series(
        date_trunc('month', coalesce(getvariable('since')::DATE, DATE '2019-01-01')),
        date_trunc('month', coalesce(getvariable('until')::DATE, current_date)),
        INTERVAL 1 MONTH
    )) AS DATE) AS month
), asked AS (
    SELECT coalesce(getvariable('months')::INTEGER, 6) AS width
), counted AS (
    SELECT
        months.month,
        CASE coalesce(getvariable('measure')::VARCHAR, 'balance')
            WHEN 'shifts' THEN count(effect)
            WHEN 'opening' THEN count(effect) FILTER (WHERE effect = 'opening')
            WHEN 'closing' THEN count(effect) FILTER (WHERE effect = 'closing')
            ELSE count(effect) FILTER (WHERE effect = 'opening') - count(effect) FILTER (WHERE effect = 'closing')
        END AS value
    FROM months
    LEFT JOIN all_shifts
        ON date_trunc('month', first_on) = months.month
        AND first_on <= coalesce(getvariable('until')::DATE, current_date)
        AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
        AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
    GROUP BY months.month
), compared AS (
    SELECT
        here.month,
        avg(near.value) FILTER (WHERE near.month < here.month) AS mean_before,
        avg(near.value) FILTER (WHERE near.month >= here.month) AS mean_after,
        var_samp(near.value) FILTER (WHERE near.month < here.month) AS spread_before,
        var_samp(near.value) FILTER (WHERE near.month >= here.month) AS spread_after
    FROM counted AS here
    CROSS JOIN asked
    JOIN counted AS near
        ON near.month >= here.month - to_months(width) AND near.month < here.month + to_months(width)
    GROUP BY here.month
    HAVING count(*) = 2 * any_value(width)
), tested AS (
    SELECT
        month,
        mean_before,
        mean_after,
        mean_after - mean_before AS change,
        -- A quiet year before a single shift is no proof: counts vary by at least their mean (Poisson).
        abs(change) / sqrt(
            greatest(spread_before + spread_after, abs(mean_before) + abs(mean_after), 0.01)
            / (SELECT width FROM asked)
        ) AS strength
    FROM compared
)
SELECT
    month,
    round(mean_before, 2) AS mean_before,
    round(mean_after, 2) AS mean_after,
    round(change, 2) AS change,
    round(strength, 2) AS strength
FROM tested
WHERE strength >= 2
  AND NOT EXISTS (
      FROM tested AS rival
      CROSS JOIN asked
      WHERE rival.month <> tested.month
        AND rival.month > tested.month - to_months(width) AND rival.month < tested.month + to_months(width)
        AND (rival.strength, tested.month) > (tested.strength, rival.month)
  )
ORDER BY strength DESC, month;
