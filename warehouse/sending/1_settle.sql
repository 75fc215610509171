-- Alerts nobody can send any more: given up after a second unknown outcome, or their report is gone.
UPDATE alerts
SET
    status = CASE WHEN unknown_outcomes >= 1 THEN 'dead' ELSE 'failed' END,
    unknown_outcomes = unknown_outcomes + 1,
    next_attempt_at = CASE WHEN unknown_outcomes >= 1 THEN NULL ELSE $now END,
    error = 'the sender was stopped; the message may have gone out'
WHERE status = 'sending';
