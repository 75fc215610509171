-- What waits, was sent or was given up, with the shift each alert tells of; the newest first.
SELECT
    alerts.status,
    alerts.channel,
    shifts.actor,
    shifts.artefact,
    shifts.kind,
    shifts.direction,
    alerts.stage,
    alerts.attempts,
    alerts.queued_at,
    CASE WHEN alerts.status IN ('pending', 'failed') THEN alerts.next_attempt_at END AS next_attempt_at,
    alerts.sent_at,
    coalesce(alerts.error, 'digest: ' || alerts.digest_because) AS remark,
    alerts.shift_id
FROM alerts
LEFT JOIN shift_aliases ON shift_aliases.alias = alerts.shift_id
LEFT JOIN shifts ON shifts.shift_id = coalesce(shift_aliases.shift_id, alerts.shift_id)
WHERE len($statuses) = 0 OR list_contains($statuses, alerts.status)
ORDER BY alerts.queued_at DESC, alerts.shift_id, alerts.stage, alerts.occurrence, alerts.channel
LIMIT $limit;
