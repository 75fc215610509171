-- What polling must remember. It comes in the same transaction as the entries it vouches for.
INSERT INTO address_states BY NAME
SELECT staged.* EXCLUDE (number), getvariable('started_at') AS updated_at
FROM (
    SELECT *, row_number() OVER (PARTITION BY url ORDER BY next_due_at DESC) AS number
    FROM read_parquet(getvariable('staged') || '/addresses.parquet')
) AS staged
WHERE number = 1
ON CONFLICT (url) DO UPDATE SET
    source = excluded.source,
    next_due_at = excluded.next_due_at,
    state = excluded.state,
    updated_at = excluded.updated_at
-- A time still to come was written before the clock was put back.
WHERE excluded.updated_at >= address_states.updated_at
    OR address_states.updated_at > getvariable('loaded_at');
