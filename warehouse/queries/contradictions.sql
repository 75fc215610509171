-- Which claims do sources contradict?
--
-- Variables
--   since  DATE     2019-01-01  First day of the first report.
--   actor  VARCHAR  any         Organisation or government; % stands for any letters.
--   top    INTEGER  50          Most rows given.
--
-- Gives one row per shift, stage and claim that is told in more than one way, most contradicting sources first
--   actor          VARCHAR    Organisation or government.
--   artefact       VARCHAR    Model, tool, dataset or specification; empty for a general line.
--   stage          VARCHAR    Stage of which it is told: a promise and its keeping are no contradiction.
--   claim          VARCHAR    licence or level.
--   official       VARCHAR[]  What the actor itself says; empty when it says nothing.
--   others         VARCHAR[]  What other sources say, the commonest first.
--   contradicting  BIGINT     Sources that differ from the actor; when it says nothing, from the commonest.
--   sources        BIGINT     Sources that make the claim at all.
--   shift_id       VARCHAR    Id of the shift; the query `story` takes it.
WITH disputed AS (
    SELECT shift_id, stage
    FROM shift_sources
    GROUP BY shift_id, stage
    HAVING min(licences[1]) <> max(licences[-1]) OR min(levels[1]) <> max(levels[-1])
), told AS (
    SELECT shift_id, stage, source, official, claim, unnest(saying) AS said
    FROM shift_sources
    SEMI JOIN disputed USING (shift_id, stage)
    CROSS JOIN LATERAL (VALUES ('licence', licences), ('level', CAST(levels AS VARCHAR[]))) AS claims (claim, saying)
), versions AS (
    SELECT
        shift_id,
        stage,
        claim,
        said,
        bool_or(official) AS official,
        bool_or(NOT official) AS elsewhere,
        count(DISTINCT source) FILTER (WHERE NOT official) AS others,
        list(DISTINCT source) AS sources
    FROM told
    GROUP BY shift_id, stage, claim, said
), compared AS (
    SELECT
        shift_id,
        stage,
        claim,
        list_sort(coalesce(list(said) FILTER (WHERE official), [])) AS said_officially,
        coalesce(list(said ORDER BY others DESC, said) FILTER (WHERE elsewhere), []) AS said_elsewhere
    FROM versions
    GROUP BY shift_id, stage, claim
    HAVING count(*) > 1
), measured AS (
    SELECT
        shift_id,
        stage,
        claim,
        any_value(said_officially) AS official,
        any_value(said_elsewhere) AS others,
        len(list_distinct(flatten(list(sources) FILTER (
            WHERE NOT list_contains(said_officially, said) AND (said_officially <> [] OR said <> said_elsewhere[1])
        )))) AS contradicting,
        len(list_distinct(flatten(list(sources)))) AS sources
    FROM compared
    JOIN versions USING (shift_id, stage, claim)
    GROUP BY shift_id, stage, claim
)
SELECT
    shifts.actor,
    shifts.artefact,
    measured.stage,
    claim,
    measured.official,
    others,
    contradicting,
    sources,
    shift_id
FROM measured
JOIN shifts USING (shift_id)
WHERE timezone('UTC', shifts.first_seen_at) >= coalesce(getvariable('since')::DATE, DATE '2019-01-01')
  AND shifts.actor ILIKE coalesce(getvariable('actor')::VARCHAR, '%')
ORDER BY contradicting DESC, sources DESC, actor, artefact, shift_id, measured.stage, claim
LIMIT coalesce(getvariable('top')::INTEGER, 50);
