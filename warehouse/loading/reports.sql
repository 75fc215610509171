-- The current mentions in play, with what joining needs of article and source.
SELECT
    mentions.article_id,
    mentions.position,
    mentions.actor,
    mentions.artefact,
    mentions.family,
    mentions.kind,
    mentions.direction,
    mentions.stage,
    mentions.due,
    mentions.licence_from,
    mentions.licence_to,
    mentions.level_from,
    mentions.level_to,
    mentions.territory,
    mentions.compelled_by,
    mentions.confidence,
    mentions.evidence,
    mentions.told_at AS "at",
    facts.first_seen_at AS arrived,
    facts.source,
    CASE
        WHEN facts.tier = 'official' AND coalesce(sources.actor, mentions.actor) = mentions.actor THEN 0
        WHEN facts.tier IN ('official', 'press') THEN 1
        WHEN facts.tier = 'policy' THEN 2
        ELSE 3
    END AS rank,
    facts.title,
    facts.url,
    mentions.shift_id AS known_as,
    "at" < touched.since AS settled,
    mentions.twin,
    coalesce(by_url.story, by_key.story) AS corrected
FROM (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY article_id, actor, direction, family, kind ORDER BY position
        ) - 1 AS twin
    FROM mentions
    SEMI JOIN touched USING (actor, direction)
    WHERE current
) AS mentions
JOIN touched ON touched.actor = mentions.actor AND touched.direction = mentions.direction
JOIN article_facts AS facts ON facts.article_id = mentions.article_id
LEFT JOIN sources ON sources.source = facts.source
LEFT JOIN corrections AS by_url ON by_url.report = facts.url
LEFT JOIN corrections AS by_key ON by_key.report = facts.canonical_url
WHERE touched.since IS NULL
    OR mentions.shift_id IS NULL
    OR mentions.shift_id IN (SELECT shift_id FROM in_play);
