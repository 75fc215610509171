-- Take the oldest alerts that are due. One whose stage no article reports any more is suppressed instead.
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
    AND ($channels IS NULL OR list_contains($channels, alerts.channel))
ORDER BY alerts.queued_at, alerts.shift_id, alerts.stage, alerts.occurrence, alerts.channel
LIMIT $limit;

UPDATE alerts
SET status = 'suppressed', next_attempt_at = NULL, error = 'no article reports it any more'
FROM (
    SELECT due_alerts.*
    FROM due_alerts
    ANTI JOIN shift_stages
        ON shift_stages.shift_id = due_alerts.today
        AND shift_stages.stage = due_alerts.stage
        AND shift_stages.occurrence = due_alerts.occurrence
) AS gone
WHERE alerts.shift_id = gone.shift_id AND alerts.stage = gone.stage
    AND alerts.occurrence = gone.occurrence AND alerts.channel = gone.channel;

UPDATE alerts
SET status = 'sending', attempts = attempts + 1, claimed_at = $now
FROM due_alerts
WHERE alerts.shift_id = due_alerts.shift_id AND alerts.stage = due_alerts.stage
    AND alerts.occurrence = due_alerts.occurrence AND alerts.channel = due_alerts.channel
    AND alerts.status <> 'suppressed';
