-- The newest changes of stage, with the columns of a claimed alert.
SELECT
    shifts.shift_id,
    stages.stage,
    stages.occurrence,
    'feed' AS channel,
    1 AS attempts,
    FALSE AS repeat,
    shifts.actor,
    shifts.artefact,
    shifts.kind,
    shifts.direction,
    stages.previous_stage,
    stages.since,
    coalesce(stages.due, shifts.due) AS due,
    shifts.licence_from,
    coalesce(stages.licence_to, shifts.licence_to) AS licence_to,
    shifts.level_from,
    coalesce(stages.level_to, shifts.level_to) AS level_to,
    shifts.territory,
    shifts.compelled_by,
    stages.official,
    stages.confidence,
    shifts.articles,
    shifts.outlets,
    stages.headline,
    stages.evidence,
    stages.url,
    coalesce((
        SELECT min(mentions.rule)
        FROM mentions
        WHERE mentions.shift_id = shifts.shift_id
            AND mentions.article_id = stages.article_id
            AND mentions.evidence = stages.evidence
    ), '') AS rule,
    [{
        source: stages.source,
        publisher: coalesce(sources.publisher, stages.source),
        tier: coalesce(facts.tier, sources.tier),
        url: stages.url,
        title: stages.headline
    }] AS sources,
    NULL AS earlier,
    shifts.shift_id AS thread
FROM shift_stages AS stages
JOIN shifts USING (shift_id)
LEFT JOIN sources ON sources.source = stages.source
LEFT JOIN article_facts AS facts ON facts.article_id = stages.article_id
ORDER BY stages.since DESC, shifts.shift_id, stages.step DESC
LIMIT $limit;
