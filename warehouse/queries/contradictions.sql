-- Which claims do sources contradict?
--
-- Variables
--   since  DATE     2019-01-01  First day of the first report.
--   actor  VARCHAR  any         Organisation or government; % stands for any letters.
--   top    INTEGER  50          Most rows given.
--
-- Gives one row per shift and claim that is told in more than one way, most contradicting sources first
--   actor          VARCHAR    Organisation or government.
--   artefact       VARCHAR    Model, tool, dataset or specification; empty for a general line.
--   claim          VARCHAR    licence or level.
--   official       VARCHAR[]  What official sources say; empty when none says anything.
--   others         VARCHAR[]  What other sources say, the commonest first.
--   contradicting  BIGINT     Sources that differ from the official ones; with none, from the commonest.
--   sources        BIGINT     Sources that make the claim at all.
--   shift_id       VARCHAR    Id of the shift; the query `story` takes it.
WITH told AS (
    SELECT DISTINCT mentions.shift_id, article_facts.source, article_facts.tier, claim, said
    FROM mentions
    JOIN article_facts USING (article_id)
    CROSS JOIN LATERAL (VALUES
        ('licence', mentions.licence_to),
        ('level', CAST(mentions.level_to AS VARCHAR))
    ) AS claims (claim, said)
    WHERE mentions.shift_id IS NOT NULL AND said IS NOT NULL
), disputed AS (
    SELECT
        shift_id,
        claim,
        list_sort(list(DISTINCT said) FILTER (WHERE tier = 'official')) AS said_officially,
        mode(said) AS commonest,
        count(DISTINCT source) AS sources
    FROM told
    GROUP BY shift_id, claim
    HAVING count(DISTINCT said) > 1
), others AS (
    SELECT shift_id, claim, list(said ORDER BY sources DESC, said) AS said
    FROM (
        SELECT shift_id, claim, said, count(DISTINCT source) AS sources
        FROM told
        WHERE tier <> 'official'
        GROUP BY shift_id, claim, said
    )
    GROUP BY shift_id, claim
)
SELECT
    shifts.actor,
    shifts.artefact,
    claim,
    coalesce(said_officially, []) AS official,
    coalesce(others.said, []) AS others,
    (
        SELECT count(DISTINCT source)
        FROM told
        WHERE told.shift_id = disputed.shift_id
          AND told.claim = disputed.claim
          AND NOT list_contains(coalesce(said_officially, [commonest]), told.said)
    ) AS contradicting,
    sources,
    shift_id
FROM disputed
JOIN shifts USING (shift_id)
LEFT JOIN others USING (shift_id, claim)
WHERE shifts.first_seen_at >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND shifts.actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
ORDER BY contradicting DESC, sources DESC, actor, artefact, claim
LIMIT coalesce(getvariable('top')::INTEGER, 50);
