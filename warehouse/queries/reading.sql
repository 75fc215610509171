-- What was read, and what came of it?
--
-- Variables
--   since  DATE  2019-01-01  First day of the first sight of an article.
--   until  DATE  today       Last day.
--
-- Gives one row per language, most articles first
--   language      VARCHAR  ISO 639-1 code; und when it cannot be told.
--   articles      BIGINT   Articles first seen on these days.
--   without_text  BIGINT   Of these, articles whose page could not be read.
--   with_shift    BIGINT   Articles that report a shift as news.
--   mentions      BIGINT   Shifts they report, each as often as it is reported.
--   background    BIGINT   Shifts they look back on.
--   nulls         BIGINT   Sentences that look like a shift and are none.
WITH read AS (
    SELECT article_id, language, without_text
    FROM article_facts
    WHERE CAST(timezone('UTC', first_seen_at) AS DATE) >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
      AND CAST(timezone('UTC', first_seen_at) AS DATE) <= coalesce(getvariable('until')::DATE, current_date)
), told AS (
    SELECT article_id, count(*) FILTER (WHERE current) AS mentions, count(*) FILTER (WHERE NOT current) AS background
    FROM mentions
    GROUP BY article_id
), refused AS (
    SELECT article_id, count(*) AS nulls
    FROM null_events
    GROUP BY article_id
)
SELECT
    language,
    count(*) AS articles,
    count(without_text) AS without_text,
    count(*) FILTER (WHERE mentions > 0) AS with_shift,
    CAST(coalesce(sum(mentions), 0) AS BIGINT) AS mentions,
    CAST(coalesce(sum(background), 0) AS BIGINT) AS background,
    CAST(coalesce(sum(nulls), 0) AS BIGINT) AS nulls
FROM read
LEFT JOIN told USING (article_id)
LEFT JOIN refused USING (article_id)
GROUP BY language
ORDER BY articles DESC, language;
