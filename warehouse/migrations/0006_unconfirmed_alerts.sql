-- An alert that was sent twice without an answer is neither known lost nor known delivered: a status of its own.
-- DuckDB cannot change a CHECK, so the table is made anew.
ALTER TABLE alerts RENAME TO alerts_before;
CREATE TABLE alerts (
    shift_id VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    occurrence INTEGER NOT NULL,
    channel VARCHAR NOT NULL,
    status VARCHAR NOT NULL CHECK (
        status IN ('pending', 'sending', 'sent', 'unconfirmed', 'failed', 'dead', 'suppressed')
    ),
    attempts INTEGER NOT NULL DEFAULT 0,
    unknown_outcomes INTEGER NOT NULL DEFAULT 0,
    queued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    next_attempt_at TIMESTAMP WITH TIME ZONE,
    claimed_at TIMESTAMP WITH TIME ZONE,
    sent_at TIMESTAMP WITH TIME ZONE,
    error VARCHAR,
    run_id VARCHAR NOT NULL,
    digest_because VARCHAR,
    PRIMARY KEY (shift_id, stage, occurrence, channel)
);
INSERT INTO alerts BY NAME
SELECT * REPLACE (
    CASE WHEN status = 'dead' AND unknown_outcomes >= 2 THEN 'unconfirmed' ELSE status END AS status
)
FROM alerts_before;
DROP TABLE alerts_before;

COMMENT ON TABLE alerts IS 'Outbox: written with the shift, sent later. Grain: shift_id, stage, occurrence, channel.';
COMMENT ON COLUMN alerts.shift_id IS 'Shift as it was named then; look in shift_aliases too.';
COMMENT ON COLUMN alerts.stage IS 'Stage it tells of.';
COMMENT ON COLUMN alerts.occurrence IS '1, or 2 for a second delay, and so on.';
COMMENT ON COLUMN alerts.channel IS 'Where it is sent: console, slack, email ...';
COMMENT ON COLUMN alerts.status IS 'pending, sending (claimed), sent, unconfirmed (sent twice, and neither time an answer), failed (tried again later), dead (given up) or suppressed (never to be sent).';
COMMENT ON COLUMN alerts.attempts IS 'Times it was claimed for sending.';
COMMENT ON COLUMN alerts.unknown_outcomes IS 'Attempts whose outcome nobody knows; after one it is sent once more, labelled as a repeat.';
COMMENT ON COLUMN alerts.queued_at IS 'When it was put here.';
COMMENT ON COLUMN alerts.next_attempt_at IS 'Not before this time; NULL: never again.';
COMMENT ON COLUMN alerts.claimed_at IS 'When a sender last took it; NULL: never.';
COMMENT ON COLUMN alerts.sent_at IS 'When the channel accepted it; NULL: not yet, or nobody knows.';
COMMENT ON COLUMN alerts.error IS 'Why the last attempt failed or it was suppressed; NULL when nothing went wrong.';
COMMENT ON COLUMN alerts.run_id IS 'Run that queued it.';
COMMENT ON COLUMN alerts.digest_because IS 'Why it waits for a digest; NULL: it is told on its own.';
