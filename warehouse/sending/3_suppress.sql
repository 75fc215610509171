-- An alert whose stage no article reports any more is not sent.
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
