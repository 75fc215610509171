-- What looked like a shift and was none, and why?
--
-- Variables
--   since   DATE     2019-01-01  First day of publication, or of the first sight when undated.
--   source  VARCHAR  any         Id of the source.
--
-- Gives one row per reason, the commonest first
--   id         VARCHAR  Id of the reason.
--   sentences  BIGINT   Sentences that were turned down for it.
--   articles   BIGINT   Articles they stand in.
--   sources    BIGINT   Sources that brought these.
--   no_shift   BIGINT   Of the articles, those that report no shift at all.
--   example    VARCHAR  The newest of the sentences, verbatim.
SELECT
    null_events.id,
    count(*) AS sentences,
    count(DISTINCT null_events.article_id) AS articles,
    count(DISTINCT article_facts.source) AS sources,
    count(DISTINCT null_events.article_id) FILTER (WHERE reporting.article_id IS NULL) AS no_shift,
    arg_max(null_events.evidence, coalesce(published_at, first_seen_at)) AS example
FROM null_events
JOIN article_facts USING (article_id)
LEFT JOIN (SELECT DISTINCT article_id FROM mentions WHERE current) AS reporting USING (article_id)
WHERE coalesce(published_at, first_seen_at) >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND article_facts.source = coalesce(getvariable('source')::VARCHAR, article_facts.source)
GROUP BY null_events.id
ORDER BY sentences DESC, null_events.id;
