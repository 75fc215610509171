-- Are licences drifting towards open or towards restricted ones?
--
-- Variables
--   since    DATE                2019-01-01  First day counted.
--   until    DATE                today       Last day counted.
--   every    month|quarter|year  year        Length of a period.
--   history  BOOLEAN             true        Count the cited shifts from before the first run too.
--
-- Gives one row per period and class of licence, newest period first, then the largest share
--   period  DATE     First day of the period, UTC.
--   class   VARCHAR  Class of the licence moved to or promised; unknown when it is not in the registry.
--   shifts  BIGINT   Shifts first reported in the period that name such a licence.
--   share   DOUBLE   Their share of all that name a licence, 0 to 1.
--   change  DOUBLE   share less that of the period before that had any; NULL for the first period.
WITH chosen AS (
    SELECT
        CAST(date_trunc(coalesce(getvariable('every')::VARCHAR, 'year'), first_on) AS DATE) AS period,
        coalesce(class_to, 'unknown') AS class
    FROM all_shifts
    WHERE licence_to IS NOT NULL
      AND first_on >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
      AND first_on <= coalesce(getvariable('until')::DATE, current_date)
      AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
), counted AS (
    SELECT periods.period, classes.class, count(chosen.class) AS shifts
    FROM (SELECT DISTINCT period FROM chosen) AS periods
    CROSS JOIN (SELECT DISTINCT class FROM chosen) AS classes
    LEFT JOIN chosen ON chosen.period = periods.period AND chosen.class = classes.class
    GROUP BY periods.period, classes.class
), shared AS (
    SELECT *, shifts / sum(shifts) OVER (PARTITION BY period) AS share
    FROM counted
)
SELECT
    period,
    class,
    shifts,
    round(share, 3) AS share,
    round(share - lag(share) OVER (PARTITION BY class ORDER BY period), 3) AS change
FROM shared
QUALIFY shifts > 0 OR change <> 0
ORDER BY period DESC, share DESC, class;
