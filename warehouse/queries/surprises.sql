-- Which weeks or months were out of the ordinary?
--
-- Variables
--   since    DATE                2019-01-01  First period given.
--   until    DATE                today       Last day counted.
--   every    week|month|quarter  month       Length of a period.
--   periods  INTEGER             12          Periods before that make up the ordinary.
--   least    INTEGER             2           Least score given.
--   actor    VARCHAR             any         Organisation or government; % stands for any letters.
--   history  BOOLEAN             true        Count the cited shifts from before the first run too.
--
-- Gives one row per period and effect, newest first
--   period    DATE       First day of the period, UTC.
--   effect    VARCHAR    opening, closing or mixed.
--   shifts    BIGINT     Shifts first reported in it.
--   ordinary  DOUBLE     Mean of the periods before.
--   score     DOUBLE     Distance from that mean in standard deviations of the periods before.
--   actors    VARCHAR[]  Who was behind them.
--
-- A standard deviation is taken as at least the square root of the mean (Poisson) and at least 0.5.
WITH chosen AS (
    SELECT
        CAST(date_trunc(coalesce(getvariable('every')::VARCHAR, 'month'), first_on) AS DATE) AS period, effect, actor
    FROM all_shifts
    WHERE first_on <= coalesce(getvariable('until')::DATE, current_date)
      AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
      AND (origin = 'watched' OR coalesce(getvariable('history')::BOOLEAN, true))
), calendar AS (
    SELECT CAST(unnest(generate_series(
        (SELECT min(period) FROM chosen),
        date_trunc(
            coalesce(getvariable('every')::VARCHAR, 'month'), coalesce(getvariable('until')::DATE, current_date)
        ),
        CASE coalesce(getvariable('every')::VARCHAR, 'month')
            WHEN 'week' THEN INTERVAL 7 DAY
            WHEN 'quarter' THEN INTERVAL 3 MONTH
            ELSE INTERVAL 1 MONTH
        END
    )) AS DATE) AS period
), counted AS (
    SELECT
        calendar.period,
        effects.effect,
        count(chosen.actor) AS shifts,
        coalesce(list_sort(list(DISTINCT chosen.actor) FILTER (WHERE chosen.actor IS NOT NULL)), []) AS actors
    FROM calendar
    CROSS JOIN (VALUES ('opening'), ('closing'), ('mixed')) AS effects (effect)
    LEFT JOIN chosen ON chosen.period = calendar.period AND chosen.effect = effects.effect
    GROUP BY calendar.period, effects.effect
), measured AS (
    SELECT
        *,
        avg(shifts) OVER ordinary AS mean,
        greatest(stddev_samp(shifts) OVER ordinary, sqrt(mean), 0.5) AS spread,
        count(*) OVER ordinary AS known
    FROM counted
    WINDOW ordinary AS (
        PARTITION BY effect
        ORDER BY period
        ROWS BETWEEN coalesce(getvariable('periods')::INTEGER, 12) PRECEDING AND 1 PRECEDING
    )
)
SELECT
    period,
    effect,
    shifts,
    round(mean, 2) AS ordinary,
    round((shifts - mean) / spread, 2) AS score,
    actors
FROM measured
WHERE known = coalesce(getvariable('periods')::INTEGER, 12)
  AND abs(shifts - mean) / spread >= coalesce(getvariable('least')::INTEGER, 2)
  AND period >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
ORDER BY period DESC, effect DESC;
