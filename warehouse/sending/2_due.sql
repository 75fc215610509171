-- The oldest alerts that are due.
CREATE OR REPLACE TEMP TABLE due_alerts AS
SELECT
    alerts.shift_id,
    alerts.stage,
    alerts.occurrence,
    alerts.channel,
    coalesce(shift_aliases.shift_id, alerts.shift_id) AS today
FROM alerts
LEFT JOIN shift_aliases ON shift_aliases.alias = alerts.shift_id
WHERE alerts.status IN ('pending', 'failed')
    AND alerts.next_attempt_at <= $now
    AND (alerts.digest_because IS NOT NULL) = $digest
    AND ($channels IS NULL OR list_contains($channels, alerts.channel))
ORDER BY alerts.queued_at, alerts.shift_id, alerts.stage, alerts.occurrence, alerts.channel
LIMIT $limit;
