-- What has shifted, as far as we know: the shifts we watch together with the cited ones of the history.
-- A cited shift that we also watched counts once, as the watched one: same actor, family and direction
-- (of a general line the same kind too), first reported within three days of a state it is cited in.
CREATE OR REPLACE VIEW all_shifts AS
WITH cited AS (
    SELECT
        shift_id,
        arg_max(actor, happened_on) AS actor,
        arg_max(artefact, happened_on) AS artefact,
        arg_max(family, happened_on) AS family,
        arg_max(kind, happened_on) AS kind,
        arg_max(direction, happened_on) AS direction,
        arg_max(stage, happened_on) AS stage,
        arg_max(due, happened_on) AS due,
        arg_max(licence_from, happened_on) AS licence_from,
        arg_max(licence_to, happened_on) AS licence_to,
        arg_max(level_from, happened_on) AS level_from,
        arg_max(level_to, happened_on) AS level_to,
        arg_max(territory, happened_on) AS territory,
        arg_max(compelled_by, happened_on) AS compelled_by,
        min(happened_on) AS first_on,
        max(happened_on) AS stage_on,
        arg_max(what, happened_on) AS what,
        arg_max(url, happened_on) AS url,
        arg_max(certainty, happened_on) AS certainty
    FROM history
    GROUP BY shift_id
), seen AS (
    -- A join by itself: as a correlated subquery it was planned as one of all shifts with all states.
    SELECT DISTINCT cited.shift_id
    FROM cited
    JOIN history ON history.shift_id = cited.shift_id
    JOIN shifts
        ON shifts.actor = cited.actor
        AND shifts.family = cited.family
        AND shifts.direction = cited.direction
    WHERE (shifts.family <> '' OR shifts.kind = cited.kind)
      AND abs(CAST(timezone('UTC', shifts.first_seen_at) AS DATE) - history.happened_on) <= 3
), known AS (
    SELECT
        'watched' AS origin, shift_id, actor, artefact, family, kind, direction, stage, due,
        licence_from, licence_to, level_from, level_to, territory, compelled_by,
        CAST(timezone('UTC', first_seen_at) AS DATE) AS first_on,
        CAST(timezone('UTC', stage_since) AS DATE) AS stage_on,
        official, outlets,
        CASE WHEN official THEN 'official' WHEN outlets > 1 THEN 'outlets' ELSE 'outlet' END AS grounds,
        confidence, headline AS what, evidence, url
    FROM shifts
    UNION ALL
    SELECT
        'cited', shift_id, actor, artefact, family, kind, direction, stage, due,
        licence_from, licence_to, level_from, level_to, territory, compelled_by,
        first_on, stage_on, NULL, NULL, certainty, NULL, what, NULL, url
    FROM cited
    ANTI JOIN seen USING (shift_id)
)
SELECT
    known.origin,
    known.shift_id,
    known.actor,
    organisations.country,
    known.artefact,
    known.family,
    known.kind,
    known.direction,
    known.stage,
    CASE
        WHEN known.stage NOT IN ('delayed', 'denied') THEN known.direction
        WHEN known.direction = 'opening' THEN 'closing'
        WHEN known.direction = 'closing' THEN 'opening'
        ELSE known.direction
    END AS effect,
    CASE
        WHEN known.direction = 'mixed' THEN 0
        WHEN known.stage = 'done' THEN 1
        WHEN known.stage = 'signalled' THEN 0.25
        WHEN known.stage = 'rumoured' THEN 0.1
        ELSE 0.5
    END::DOUBLE AS weight,
    known.due,
    known.licence_from,
    before.class AS class_from,
    known.licence_to,
    after.class AS class_to,
    known.level_from,
    known.level_to,
    known.territory,
    known.compelled_by,
    known.first_on,
    known.stage_on,
    known.official,
    known.outlets,
    known.grounds,
    known.confidence,
    known.what,
    known.evidence,
    known.url
FROM known
LEFT JOIN organisations USING (actor)
LEFT JOIN licences AS before ON before.licence = known.licence_from
LEFT JOIN licences AS after ON after.licence = known.licence_to;

COMMENT ON VIEW all_shifts IS 'Watched shifts and cited shifts of the history, each once. Grain: shift.';
COMMENT ON COLUMN all_shifts.origin IS 'watched: in the table shifts; cited: in the table history.';
COMMENT ON COLUMN all_shifts.shift_id IS 'Id in that table.';
COMMENT ON COLUMN all_shifts.actor IS 'Canonical name of the organisation or government.';
COMMENT ON COLUMN all_shifts.country IS 'Country of the actor, ISO 3166-1 alpha-2; NULL when it has none or is not in the registry.';
COMMENT ON COLUMN all_shifts.artefact IS 'Model, tool, dataset or specification; empty for a general line.';
COMMENT ON COLUMN all_shifts.family IS 'Id of the artefact''s family; empty with an empty artefact.';
COMMENT ON COLUMN all_shifts.kind IS 'weights, code, data, licence, access, strategy or policy.';
COMMENT ON COLUMN all_shifts.direction IS 'opening, closing or mixed.';
COMMENT ON COLUMN all_shifts.stage IS 'Stage reached: rumoured, signalled, announced, done, delayed or denied.';
COMMENT ON COLUMN all_shifts.effect IS 'opening, closing or mixed: the direction, turned round when the shift is delayed or denied.';
COMMENT ON COLUMN all_shifts.weight IS
    'What it counts in the index: done 1, announced, delayed or denied 0.5, signalled 0.25, rumoured 0.1; mixed 0.';
COMMENT ON COLUMN all_shifts.due IS 'Date last promised; NULL when none was named.';
COMMENT ON COLUMN all_shifts.licence_from IS 'Licence before; NULL when not told.';
COMMENT ON COLUMN all_shifts.class_from IS 'Its class, as in licences; NULL when not told or not in the registry.';
COMMENT ON COLUMN all_shifts.licence_to IS 'Licence after; NULL when not told.';
COMMENT ON COLUMN all_shifts.class_to IS 'Its class, as in licences; NULL when not told or not in the registry.';
COMMENT ON COLUMN all_shifts.level_from IS 'Level of openness before, 0 to 8; NULL when unknown.';
COMMENT ON COLUMN all_shifts.level_to IS 'Level of openness after, 0 to 8; NULL when unknown.';
COMMENT ON COLUMN all_shifts.territory IS 'Where it holds, when a clause names or excludes a territory.';
COMMENT ON COLUMN all_shifts.compelled_by IS 'Government or court that forced it.';
COMMENT ON COLUMN all_shifts.first_on IS 'Day of the first report, UTC; of a cited shift the day it happened.';
COMMENT ON COLUMN all_shifts.stage_on IS 'Day it reached its stage.';
COMMENT ON COLUMN all_shifts.official IS 'True when the actor itself reports it; NULL for a cited shift.';
COMMENT ON COLUMN all_shifts.outlets IS 'Independent outlets that report it; NULL for a cited shift.';
COMMENT ON COLUMN all_shifts.grounds IS
    'Watched: official, else outlets (several) or outlet (one). Cited: its certainty: confirmed, partly or memory.';
COMMENT ON COLUMN all_shifts.confidence IS 'Confidence of the tagger, 0 to 1; NULL for a cited shift.';
COMMENT ON COLUMN all_shifts.what IS 'Headline of the best report, or what happened in a few words.';
COMMENT ON COLUMN all_shifts.evidence IS 'The sentence of that report, verbatim; NULL for a cited shift.';
COMMENT ON COLUMN all_shifts.url IS 'Address of the report or of the source cited; NULL when from memory.';
