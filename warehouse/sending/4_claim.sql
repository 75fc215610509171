-- The others are taken for sending.
UPDATE alerts
SET status = 'sending', attempts = attempts + 1, claimed_at = $now
FROM due_alerts
WHERE alerts.shift_id = due_alerts.shift_id AND alerts.stage = due_alerts.stage
    AND alerts.occurrence = due_alerts.occurrence AND alerts.channel = due_alerts.channel
    AND alerts.status <> 'suppressed';
