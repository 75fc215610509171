-- Claimed by a sender that died, and nobody knows whether they went out: once more, but only once.
UPDATE alerts
SET
    status = CASE WHEN unknown_outcomes >= 1 THEN 'unconfirmed' ELSE 'failed' END,
    unknown_outcomes = unknown_outcomes + 1,
    next_attempt_at = CASE WHEN unknown_outcomes >= 1 THEN NULL ELSE $now END,
    error = 'the sender was stopped; the message may have gone out'
WHERE status = 'sending';
