-- Which articles speak of these words?
--
-- Variables
--   words     VARCHAR  open weights  Words that must all occur; put a phrase in double quotes. Any script.
--   since     DATE     any           First day of publication, or of the first sight when undated.
--   language  VARCHAR  any           Language of the article, ISO 639-1.
--   source    VARCHAR  any           Id of the source.
--   top       INTEGER  20            Most rows given.
--
-- Gives one row per article, best first: rare words, words in the title and short texts count most
--   score         DOUBLE                    Relevance; compares rows of one search only.
--   published_at  TIMESTAMP WITH TIME ZONE  Date of publication, or of the first sight when undated.
--   source        VARCHAR                   Id of the source.
--   language      VARCHAR                   ISO 639-1.
--   title         VARCHAR                   Title.
--   excerpt       VARCHAR                   The text around the first place where the first word stands.
--   shifts        BIGINT                    Shifts the article reports as news.
--   url           VARCHAR                   Address.
--
-- Words are found whatever the case: at the start of a word, and anywhere in scripts that do not part words
-- (Chinese, Japanese) or that put particles before and after them (Korean). Scores are BM25 with k1 = 1.2
-- and b = 0.75, a word in the title weighing as five in the text.
WITH asked AS (
    SELECT
        word,
        position,
        CASE WHEN regexp_matches(word, '^[a-z0-9]') THEN '\b' ELSE '' END || regexp_escape(word) AS pattern
    FROM (
        SELECT trim(unnest(parts), '"') AS word, generate_subscripts(parts, 1) AS position
        FROM (
            SELECT regexp_extract_all(
                lower(nfc_normalize(coalesce(getvariable('words')::VARCHAR, 'open weights'))), '"[^"]+"|[^\s"]+'
            ) AS parts
        )
    )
), chosen AS (
    SELECT
        article_id,
        coalesce(published_at, first_seen_at) AS published_at,
        source, language, title, text, url,
        lower(nfc_normalize(title)) AS title_found,
        lower(nfc_normalize(text)) AS text_found
    FROM articles
    WHERE coalesce(published_at, first_seen_at) >= coalesce(getvariable('since')::DATE, DATE '0001-01-01')
      AND language = coalesce(getvariable('language')::VARCHAR, language)
      AND source = coalesce(getvariable('source')::VARCHAR, source)
), counted AS (
    SELECT
        chosen.article_id,
        asked.word,
        len(regexp_extract_all(text_found, pattern)) + 5 * len(regexp_extract_all(title_found, pattern)) AS hits
    FROM chosen
    JOIN asked ON contains(text_found, word) OR contains(title_found, word)
), weighed AS (
    SELECT
        article_id,
        hits,
        ln(1 + ((SELECT count(*) FROM chosen) - count(*) OVER same_word + 0.5) / (count(*) OVER same_word + 0.5))
            AS rarity
    FROM counted
    WHERE hits > 0
    WINDOW same_word AS (PARTITION BY word)
), ranked AS (
    SELECT
        article_id,
        sum(
            rarity * hits * 2.2
            / (hits + 1.2 * (0.25 + 0.75 * length(text) / (SELECT greatest(avg(length(text)), 1) FROM chosen)))
        ) AS score
    FROM weighed
    JOIN chosen USING (article_id)
    GROUP BY article_id
    HAVING count(*) = (SELECT count(DISTINCT word) FROM asked)
    ORDER BY score DESC, article_id
    LIMIT coalesce(getvariable('top')::INTEGER, 20)
)
SELECT
    round(score, 3) AS score,
    published_at,
    source,
    language,
    title,
    trim(regexp_replace(
        substr(text, greatest(1, strpos(text_found, (SELECT arg_min(word, position) FROM asked)) - 60), 200),
        '\s+', ' ', 'g'
    )) AS excerpt,
    (SELECT count(*) FROM mentions WHERE mentions.article_id = ranked.article_id AND mentions.current) AS shifts,
    url
FROM ranked
JOIN chosen USING (article_id)
ORDER BY score DESC, title;
