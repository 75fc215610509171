-- What each source says of the shifts in `replaced`.
DELETE FROM shift_sources WHERE shift_id IN (SELECT shift_id FROM replaced);
INSERT INTO shift_sources BY NAME
SELECT
    mentions.shift_id,
    facts.source,
    mentions.stage,
    min(facts.tier) AS tier,
    bool_or(facts.tier = 'official' AND coalesce(sources.actor, mentions.actor) = mentions.actor) AS official,
    min(mentions.told_at) AS told_at,
    count(DISTINCT mentions.article_id) AS articles,
    coalesce(list_sort(list(DISTINCT mentions.licence_to) FILTER (WHERE mentions.licence_to IS NOT NULL)), []) AS licences,
    coalesce(list_sort(list(DISTINCT mentions.level_to) FILTER (WHERE mentions.level_to IS NOT NULL)), []) AS levels,
    list_sort(list(DISTINCT mentions.rule)) AS rules
FROM mentions
SEMI JOIN replaced USING (shift_id)
JOIN article_facts AS facts USING (article_id)
LEFT JOIN sources ON sources.source = facts.source
GROUP BY mentions.shift_id, facts.source, mentions.stage;
