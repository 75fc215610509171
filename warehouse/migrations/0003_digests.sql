-- What is not worth an interruption waits for a digest instead.
ALTER TABLE alerts ADD COLUMN digest_because VARCHAR;
COMMENT ON COLUMN alerts.digest_because IS 'Why it waits for a digest; NULL: it is told on its own.';
