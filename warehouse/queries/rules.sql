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
--   articles    BIGINT   Articles they stand in.
--   shifts      BIGINT   Shifts they belong to.
--   only_rule   BIGINT   Of these, shifts that no other rule found.
--   confidence  DOUBLE   Mean confidence of its mentions, 0 to 1.
--   example     VARCHAR  The newest sentence it found, verbatim.
WITH found AS (
    SELECT mentions.*, coalesce(published_at, first_seen_at) AS told_at
    FROM mentions
    JOIN article_facts USING (article_id)
    WHERE coalesce(published_at, first_seen_at) >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
      AND kind = coalesce(getvariable('kind')::VARCHAR, kind)
), shared AS (
    SELECT shift_id, count(DISTINCT rule) AS rules
    FROM found
    WHERE shift_id IS NOT NULL
    GROUP BY shift_id
)
SELECT
    rule,
    count(*) AS mentions,
    count(*) FILTER (WHERE current) AS current,
    count(DISTINCT article_id) AS articles,
    count(DISTINCT shift_id) AS shifts,
    count(DISTINCT shift_id) FILTER (WHERE rules = 1) AS only_rule,
    round(avg(confidence), 3) AS confidence,
    arg_max(evidence, told_at) AS example
FROM found
LEFT JOIN shared USING (shift_id)
GROUP BY rule
ORDER BY mentions DESC, rule;
