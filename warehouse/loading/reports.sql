-- What the articles in play say, with what joining needs of article and source. Mentions of one article that say the
-- same of the same artefact are one report: what the first of them leaves open is told by the next.
SELECT
    said.article_id,
    said.positions,
    said.actor,
    said.artefact,
    said.family,
    said.kind,
    said.direction,
    said.stage,
    said.due,
    said.licence_from,
    said.licence_to,
    said.level_from,
    said.level_to,
    said.territory,
    said.compelled_by,
    said.confidence,
    said.evidence,
    said."at",
    facts.first_seen_at AS arrived,
    facts.source,
    CASE
        WHEN facts.tier = 'official' AND coalesce(sources.actor, said.actor) = said.actor THEN 0
        WHEN facts.tier IN ('official', 'press') THEN 1
        WHEN facts.tier = 'policy' THEN 2
        ELSE 3
    END AS rank,
    facts.title,
    facts.url,
    said.known_as,
    said."at" < said.since AS settled,
    said.twin,
    coalesce(by_url.story, by_key.story) AS corrected
FROM (
    SELECT
        article_id,
        list(position ORDER BY position) AS positions,
        actor,
        artefact,
        family,
        kind,
        direction,
        stage,
        due,
        arg_min(licence_from, position) AS licence_from,
        arg_min(licence_to, position) AS licence_to,
        arg_min(level_from, position) AS level_from,
        arg_min(level_to, position) AS level_to,
        arg_min(territory, position) AS territory,
        arg_min(compelled_by, position) AS compelled_by,
        max(confidence) AS confidence,
        arg_min(evidence, position) AS evidence,
        min(told_at) AS "at",
        CASE WHEN count(shift_id) = count(*) AND min(shift_id) = max(shift_id) THEN min(shift_id) END AS known_as,
        min(twin) AS twin,
        min(since) AS since
    FROM (
        SELECT
            mentions.*,
            touched.since,
            row_number() OVER (
                PARTITION BY article_id, actor, direction, family, kind ORDER BY position
            ) - 1 AS twin,
            -- Sizes listed beside each other belong together, so each such list is read for itself.
            CASE
                WHEN regexp_matches(artefact, '(?i)\d[bmt]') AND regexp_matches(evidence, '(?i)\d[bmt].*\d[bmt]')
                    THEN evidence
            END AS list_of_sizes
        FROM mentions
        JOIN touched USING (actor, direction)
        WHERE current
    )
    WHERE since IS NULL
        OR shift_id IS NULL
        OR shift_id IN (SELECT shift_id FROM in_play)
    GROUP BY article_id, actor, artefact, family, kind, direction, stage, due, list_of_sizes
) AS said
JOIN article_facts AS facts USING (article_id)
LEFT JOIN sources ON sources.source = facts.source
LEFT JOIN corrections AS by_url ON by_url.report = facts.url
LEFT JOIN corrections AS by_key ON by_key.report = facts.canonical_url;
