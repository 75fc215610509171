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
WITH disputed AS (
    SELECT shift_id
    FROM mentions
    WHERE shift_id IS NOT NULL
    GROUP BY shift_id
    HAVING min(licence_to) <> max(licence_to) OR min(level_to) <> max(level_to)
), told AS (
    SELECT DISTINCT mentions.shift_id, article_facts.source, article_facts.tier, claim, said
    FROM mentions
    JOIN disputed USING (shift_id)
    JOIN article_facts USING (article_id)
    CROSS JOIN LATERAL (VALUES
        ('licence', mentions.licence_to),
        ('level', CAST(mentions.level_to AS VARCHAR))
    ) AS claims (claim, said)
    WHERE said IS NOT NULL
), versions AS (
    SELECT
        shift_id,
        claim,
        said,
        bool_or(tier = 'official') AS official,
        bool_or(tier <> 'official') AS elsewhere,
        count(DISTINCT source) FILTER (WHERE tier <> 'official') AS others,
        list(DISTINCT source) AS sources
    FROM told
    GROUP BY shift_id, claim, said
), compared AS (
    SELECT
        shift_id,
        claim,
        list_sort(coalesce(list(said) FILTER (WHERE official), [])) AS said_officially,
        coalesce(list(said ORDER BY others DESC, said) FILTER (WHERE elsewhere), []) AS said_elsewhere
    FROM versions
    GROUP BY shift_id, claim
    HAVING count(*) > 1
), measured AS (
    SELECT
        shift_id,
        claim,
        any_value(said_officially) AS official,
        any_value(said_elsewhere) AS others,
        len(list_distinct(flatten(list(sources) FILTER (
            WHERE NOT list_contains(said_officially, said) AND (said_officially <> [] OR said <> said_elsewhere[1])
        )))) AS contradicting,
        len(list_distinct(flatten(list(sources)))) AS sources
    FROM compared
    JOIN versions USING (shift_id, claim)
    GROUP BY shift_id, claim
)
SELECT
    shifts.actor,
    shifts.artefact,
    claim,
    measured.official,
    others,
    contradicting,
    sources,
    shift_id
FROM measured
JOIN shifts USING (shift_id)
WHERE shifts.first_seen_at >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND shifts.actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
ORDER BY contradicting DESC, sources DESC, actor, artefact, claim
LIMIT coalesce(getvariable('top')::INTEGER, 50);
