-- Which rules find what, and how sure are they?
--
-- Variables
--   since  DATE     2019-01-01  First day of publication, or of the first sight when undated.
--   kind   VARCHAR  any         Only mentions of this kind.
--
-- Gives one row per rule, most mentions first
--   rule        VARCHAR  Id of the rule.
--   mentions    BIGINT   Mentions it made.
--   current     BIGINT   Of these, reported as news rather than background.
--   only_rule   BIGINT   Shifts that no other rule found.
--   confidence  DOUBLE   Mean confidence of its mentions, 0 to 1.
--   example     VARCHAR  The newest sentence it found, verbatim.
WITH found AS (
    SELECT
        rule,
        count(*) AS mentions,
        count(*) FILTER (WHERE current) AS current,
        avg(confidence) AS confidence,
        arg_max(rowid, (told_at, rowid)) AS newest
    FROM mentions
    WHERE timezone('UTC', told_at) >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
      AND kind = coalesce(getvariable('kind')::VARCHAR, kind)
    GROUP BY rule
), alone AS (
    SELECT rule, count(*) AS shifts
    FROM (
        SELECT min(rules[1]) AS rule
        FROM shift_sources
        GROUP BY shift_id
        HAVING min(rules[1]) = max(rules[-1])
    )
    GROUP BY rule
)
SELECT
    found.rule,
    found.mentions,
    found.current,
    coalesce(alone.shifts, 0) AS only_rule,
    round(found.confidence, 3) AS confidence,
    mentions.evidence AS example
FROM found
LEFT JOIN alone USING (rule)
JOIN mentions ON mentions.rowid = found.newest
ORDER BY found.mentions DESC, found.rule;
