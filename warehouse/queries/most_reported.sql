-- Which shifts made the most noise?
--
-- Variables
--   since  DATE     2019-01-01  First day of the first report.
--   until  DATE     today       Last day.
--   actor  VARCHAR  any         Organisation or government; % stands for any letters.
--   top    INTEGER  20          Most rows given.
--
-- Gives one row per watched shift, most outlets first
--   actor      VARCHAR    Organisation or government.
--   artefact   VARCHAR    Model, tool, dataset or specification; empty for a general line.
--   direction  VARCHAR    opening, closing or mixed.
--   stage      VARCHAR    rumoured, signalled, announced, done, delayed or denied.
--   outlets    INTEGER    Independent outlets; copies of one text count once.
--   articles   INTEGER    Articles.
--   languages  VARCHAR[]  Languages it was told in.
--   hours      DOUBLE     Hours between the first report and the newest.
--   headline   VARCHAR    Title of the best report of the stage reached.
--   shift_id   VARCHAR    Id of the shift; the query `story` takes it.
WITH loudest AS (
    SELECT *
    FROM shifts
    WHERE timezone('UTC', first_seen_at) >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
      AND timezone('UTC', first_seen_at) < coalesce(getvariable('until')::DATE, current_date) + 1
      AND actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
    ORDER BY outlets DESC, articles DESC, shift_id
    LIMIT coalesce(getvariable('top')::INTEGER, 20)
), told AS (
    SELECT mentions.shift_id, list_sort(list(DISTINCT article_facts.language)) AS languages
    FROM mentions
    JOIN article_facts USING (article_id)
    WHERE mentions.shift_id IN (SELECT shift_id FROM loudest)
    GROUP BY mentions.shift_id
)
SELECT
    actor,
    artefact,
    direction,
    stage,
    outlets,
    articles,
    coalesce(languages, []) AS languages,
    round(date_diff('minute', first_seen_at, last_seen_at) / 60, 1) AS hours,
    headline,
    shift_id
FROM loudest
LEFT JOIN told USING (shift_id)
ORDER BY outlets DESC, articles DESC, shift_id;
