-- How did one shift unfold, report by report?
--
-- Variables
--   shift  VARCHAR  newest  Id of the shift, as newest_shifts gives it; former ids are understood.
--
-- Gives one row per report, oldest first; a cited shift has one row per state
--   told_at     TIMESTAMP WITH TIME ZONE  Publication; the first sight when undated or dated in the future.
--   stage       VARCHAR                   Stage it reports.
--   source      VARCHAR                   Id of the source; history for a cited shift.
--   tier        VARCHAR                   Tier of the source; NULL for a cited shift.
--   licence     VARCHAR                   Licence it tells; NULL when it tells none.
--   due         DATE                      Date it promises; NULL when it names none.
--   confidence  DOUBLE                    0 to 1; NULL for a cited shift.
--   evidence    VARCHAR                   The sentence, verbatim, or what happened.
--   rule        VARCHAR                   Id of the rule that found it; NULL for a cited shift.
--   url         VARCHAR                   Address; NULL when cited from memory.
--
-- With nothing set it is the shift that last reached a stage: a watched one if there is any.
WITH chosen AS (
    SELECT coalesce(
        (SELECT shift_id FROM shift_aliases WHERE alias = getvariable('shift')::VARCHAR),
        getvariable('shift')::VARCHAR,
        (SELECT arg_max(shift_id, (stage_since, shift_id)) FROM shifts),
        (SELECT arg_max(shift_id, (stage_on, shift_id)) FROM all_shifts)
    ) AS shift_id
)
SELECT
    least(coalesce(published_at, first_seen_at), first_seen_at) AS told_at,
    mentions.stage,
    article_facts.source,
    article_facts.tier,
    mentions.licence_to AS licence,
    mentions.due,
    mentions.confidence,
    mentions.evidence,
    mentions.rule,
    article_facts.url
FROM mentions
JOIN chosen USING (shift_id)
JOIN article_facts USING (article_id)
UNION ALL
SELECT
    timezone('UTC', CAST(happened_on AS TIMESTAMP)), stage, 'history', NULL, licence_to, due, NULL, what, NULL, url
FROM history
JOIN chosen USING (shift_id)
ORDER BY told_at, source, evidence;
