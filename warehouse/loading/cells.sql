-- Actors and directions, numbered so that those of one batch have about `at_a_time` mentions together.
CREATE OR REPLACE TEMP TABLE cells AS
SELECT actor, direction, CAST(sum(mentions) OVER (ORDER BY actor, direction) // getvariable('at_a_time') AS INTEGER) AS batch
FROM (
    SELECT actor, direction, sum(mentions) AS mentions
    FROM (
        SELECT actor, direction, count(*) AS mentions FROM mentions WHERE current GROUP BY actor, direction
        UNION ALL
        -- Nobody may tell of a shift any longer.
        SELECT DISTINCT actor, direction, 0 FROM shifts
    )
    GROUP BY actor, direction
);
