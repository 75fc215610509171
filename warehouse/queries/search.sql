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
    SELECT list_distinct(list_transform(
        regexp_extract_all(
            lower(nfc_normalize(coalesce(getvariable('words')::VARCHAR, 'open weights'))), '"[^"]+"|[^\s"]+'
        ),
        lambda word: trim(word, '"')
    )) AS words
), held AS (
    SELECT
        article_id,
        list_filter(words, lambda word: contains(lower(nfc_normalize(title || ' ' || text)), word)) AS words_held,
        len(words_held) = len(words) AS all_held
    FROM articles
    CROSS JOIN asked
    WHERE coalesce(published_at, first_seen_at) >= coalesce(getvariable('since')::DATE, DATE '0001-01-01')
      AND language = coalesce(getvariable('language')::VARCHAR, language)
      AND source = coalesce(getvariable('source')::VARCHAR, source)
      AND words_held <> []
), rarities AS (
    SELECT word, ln(1 + (total - count(*) + 0.5) / (count(*) + 0.5)) AS rarity
    FROM (SELECT unnest(words_held) AS word FROM held)
    CROSS JOIN (SELECT count(*) AS total FROM article_facts)
    GROUP BY word, total
), chosen AS (
    SELECT
        article_id,
        lower(nfc_normalize(title)) AS title_found,
        lower(nfc_normalize(text)) AS text_found,
        length(text) / avg(length(text)) OVER () AS relative_length
    FROM articles
    WHERE article_id IN (SELECT article_id FROM held WHERE all_held)
), counted AS (
    SELECT
        article_id,
        relative_length,
        rarity,
        CASE WHEN regexp_matches(word, '^[a-z0-9]') THEN '\b' ELSE '' END || regexp_escape(word) AS pattern,
        len(regexp_extract_all(text_found, pattern)) + 5 * len(regexp_extract_all(title_found, pattern)) AS hits
    FROM chosen
    CROSS JOIN rarities
), ranked AS (
    SELECT
        article_id,
        sum(rarity * hits * 2.2 / (hits + 1.2 * (0.25 + 0.75 * coalesce(relative_length, 1)))) AS score
    FROM counted
    GROUP BY article_id
    HAVING min(hits) > 0
    ORDER BY score DESC, article_id
    LIMIT coalesce(getvariable('top')::INTEGER, 20)
)
SELECT
    round(score, 3) AS score,
    coalesce(published_at, first_seen_at) AS published_at,
    source,
    language,
    title,
    trim(regexp_replace(
        substr(text, greatest(1, strpos(lower(text), words[1]) - 60), 200), '\s+', ' ', 'g'
    )) AS excerpt,
    (SELECT count(*) FROM mentions WHERE mentions.article_id = articles.article_id AND mentions.current) AS shifts,
    url
FROM ranked
JOIN articles USING (article_id)
CROSS JOIN asked
ORDER BY score DESC, title, url;
