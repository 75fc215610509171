-- Is more opening and closing going on than a year before?
--
-- Variables
--   since    DATE           2020-01-01  First period given.
--   until    DATE           today       Last day counted.
--   every    month|quarter  quarter     Length of a period.
--   actor    VARCHAR        any         Organisation or government; % stands for any letters.
--   history  BOOLEAN        true        Count the cited shifts from before the first run too.
--
-- Gives one row per period, newest first; periods without a shift in both years are left out
--   period          DATE    First day of the period, UTC.
--   opening         BIGINT  Shifts first reported in it that open.
--   opening_before  BIGINT  The same, a year before.
--   closing         BIGINT  Shifts that close, promises put off or broken among them.
--   closing_before  BIGINT  The same, a year before.
--   growth          DOUBLE  Change of both together: 0.5 is half as many again; NULL when either year had none.
WITH counted AS (
    SELECT
        CAST(date_trunc(coalesce(getvariable('every')::VARCHAR, 'quarter'), first_on) AS DATE) AS period,
        count(*) FILTER (WHERE effect = 'opening') AS opening,
        count(*) FILTER (WHERE effect = 'closing') AS closing
    FROM all_shifts
    WHERE first_on <= coalesce(getvariable('until')::DATE, current_date)
      AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
      AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
    GROUP BY period
)
SELECT
    coalesce(now.period, CAST(before.period + INTERVAL 1 YEAR AS DATE)) AS period,
    coalesce(now.opening, 0) AS opening,
    coalesce(before.opening, 0) AS opening_before,
    coalesce(now.closing, 0) AS closing,
    coalesce(before.closing, 0) AS closing_before,
    round((now.opening + now.closing) / nullif(before.opening + before.closing, 0) - 1, 3) AS growth
FROM counted AS now
FULL JOIN counted AS before ON before.period = now.period - INTERVAL 1 YEAR
WHERE coalesce(now.period, CAST(before.period + INTERVAL 1 YEAR AS DATE))
    BETWEEN coalesce(getvariable('since')::DATE, DATE '2020-01-01')
    AND coalesce(getvariable('until')::DATE, current_date)
ORDER BY period DESC;
