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
-- Words are found whatever the case: words of four letters and more at the start of a longer one too, and anywhere
-- in scripts that do not part words (Chinese, Japanese) or that put particles before and after them (Korean). A
-- phrase, a word with a sign in it (gpt-oss) and three or more such characters are looked for in the texts of the
-- 200 articles that rank best by their parts. Scores are BM25 with k1 = 1.2 and b = 0.75, a word in the title
-- weighing as five in the text.
WITH asked AS (
    SELECT list_distinct(list_transform(
        regexp_extract_all(
            lower(nfc_normalize(coalesce(getvariable('words')::VARCHAR, 'open weights'))), '"[^"]+"|[^\s"]+'
        ),
        lambda word: trim(word, '"')
    )) AS words
), wanted AS (
    SELECT
        row_number() OVER () AS number,
        term,
        -- A lone character of Chinese, Japanese or Korean begins or ends a pair.
        regexp_matches(term, '^[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]$') AS lone,
        length(term) >= 4 AS open_ended
    FROM (SELECT DISTINCT unnest(flatten(list_transform(words, lambda word: search_words(word)))) AS term FROM asked)
), terms AS (
    SELECT number, term_id
    FROM wanted
    JOIN search_terms
        ON search_terms.term = wanted.term
        OR (open_ended AND starts_with(search_terms.term, wanted.term))
        OR (lone AND contains(search_terms.term, wanted.term))
), places AS (
    SELECT number, document, sum(weight) AS weight
    FROM search_postings
    JOIN terms USING (term_id)
    GROUP BY number, document
), rarities AS (
    SELECT number, ln(1 + (total - count(*) + 0.5) / (count(*) + 0.5)) AS rarity
    FROM places
    CROSS JOIN (SELECT count(*) AS total FROM search_documents)
    GROUP BY number, total
), ranked AS (
    SELECT
        document,
        any_value(article_id) AS article_id,
        any_value(text_id) AS text_id,
        sum(rarity * weight * 2.2 / (weight + 1.2 * (0.25 + 0.75 * words / mean_words))) AS score
    FROM places
    JOIN rarities USING (number)
    JOIN search_documents USING (document)
    CROSS JOIN (SELECT greatest(avg(words), 1) AS mean_words FROM search_documents)
    WHERE timezone('UTC', told_at) >= coalesce(getvariable('since')::DATE, DATE '0001-01-01')
      AND language = coalesce(getvariable('language')::VARCHAR, language)
      AND source = coalesce(getvariable('source')::VARCHAR, source)
    GROUP BY document
    HAVING count(*) = (SELECT count(*) FROM wanted)
    ORDER BY score DESC, article_id
    LIMIT (SELECT CASE WHEN len(words) = (SELECT count(*) FROM wanted) THEN coalesce(getvariable('top')::INTEGER, 20) ELSE 200 END FROM asked)
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
    reports::BIGINT AS shifts,
    url
FROM ranked
JOIN article_texts USING (text_id)
JOIN article_facts ON article_facts.article_id = ranked.article_id
CROSS JOIN asked
WHERE len(list_filter(words, lambda word: NOT contains(lower(nfc_normalize(title || ' ' || text)), word))) = 0
ORDER BY score DESC, title, url
LIMIT coalesce(getvariable('top')::INTEGER, 20);
