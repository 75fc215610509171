-- The claimed alerts with all a message needs: the stage as it was reported, the shift as it is today.
WITH told AS (
    SELECT
        alerts.shift_id,
        coalesce(shift_aliases.shift_id, alerts.shift_id) AS today,
        alerts.channel,
        alerts.stage,
        alerts.sent_at,
        stages.step,
        stages.due,
        stages.licence_to,
        stages.level_to
    FROM alerts
    LEFT JOIN shift_aliases ON shift_aliases.alias = alerts.shift_id
    JOIN shifts ON shifts.shift_id = coalesce(shift_aliases.shift_id, alerts.shift_id)
    JOIN shift_stages AS stages
        ON stages.shift_id = shifts.shift_id
        AND stages.stage = alerts.stage
        AND stages.occurrence = alerts.occurrence
    WHERE alerts.status = 'sent'
)
SELECT
    alerts.shift_id,
    alerts.stage,
    alerts.occurrence,
    alerts.channel,
    alerts.attempts,
    alerts.unknown_outcomes > 0 AS repeat,
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
        WHERE mentions.shift_id = due_alerts.today
            AND mentions.article_id = stages.article_id
            AND mentions.evidence = stages.evidence
    ), '') AS rule,
    (
        SELECT list({source: source, publisher: publisher, tier: tier, url: url, title: title}
            ORDER BY rank, reported_at, source)[:10]
        FROM (
            SELECT
                facts.source,
                any_value(coalesce(sources.publisher, facts.source)) AS publisher,
                any_value(facts.tier) AS tier,
                arg_min(facts.url, least(facts.published_at, facts.first_seen_at)) AS url,
                arg_min(facts.title, least(facts.published_at, facts.first_seen_at)) AS title,
                min(least(facts.published_at, facts.first_seen_at)) AS reported_at,
                min(list_position(['official', 'press', 'policy', 'community'], facts.tier)) AS rank
            FROM mentions
            JOIN article_facts AS facts USING (article_id)
            LEFT JOIN sources ON sources.source = facts.source
            WHERE mentions.shift_id = due_alerts.today
            GROUP BY facts.source
        )
    ) AS sources,
    (
        SELECT arg_max(
            {
                stage: told.stage, due: told.due, licence_to: told.licence_to, level_to: told.level_to,
                sent_at: told.sent_at
            },
            (told.sent_at, told.step)
        )
        FROM told
        WHERE told.today = due_alerts.today AND told.channel = alerts.channel
    ) AS earlier,
    coalesce((
        SELECT arg_min(told.shift_id, (told.sent_at, told.step))
        FROM told
        WHERE told.today = due_alerts.today AND told.channel = alerts.channel
    ), '') AS thread
FROM due_alerts
JOIN alerts USING (shift_id, stage, occurrence, channel)
JOIN shifts ON shifts.shift_id = due_alerts.today
JOIN shift_stages AS stages
    ON stages.shift_id = due_alerts.today
    AND stages.stage = alerts.stage
    AND stages.occurrence = alerts.occurrence
WHERE alerts.status = 'sending'
ORDER BY alerts.queued_at, alerts.shift_id, alerts.stage, alerts.occurrence, alerts.channel;
