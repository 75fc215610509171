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
WITH turned_down AS (
    SELECT id, article_id, count(*) AS sentences, max(null_events.rowid) AS last_row
    FROM null_events
    GROUP BY id, article_id
), counted AS (
    SELECT
        id,
        sum(sentences)::BIGINT AS sentences,
        count(*) AS articles,
        count(DISTINCT source) AS sources,
        count(*) FILTER (WHERE reports = 0) AS no_shift,
        arg_max(last_row, (coalesce(published_at, first_seen_at), last_row)) AS newest
    FROM turned_down
    JOIN article_facts USING (article_id)
    WHERE timezone('UTC', coalesce(published_at, first_seen_at)) >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
      AND source = coalesce(getvariable('source')::VARCHAR, source)
    GROUP BY id
)
SELECT counted.id, sentences, articles, sources, no_shift, null_events.evidence AS example
FROM counted
JOIN null_events ON null_events.rowid = newest
ORDER BY sentences DESC, counted.id;
