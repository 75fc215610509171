-- The catalogue as the newest run knows it.
INSERT INTO sources BY NAME
SELECT staged.* EXCLUDE (number), NULL AS first_imported_at, getvariable('started_at') AS updated_at
FROM (
    SELECT *, row_number() OVER (PARTITION BY source) AS number
    FROM read_parquet(getvariable('staged') || '/sources.parquet')
) AS staged
WHERE number = 1
ON CONFLICT (source) DO UPDATE SET
    publisher = excluded.publisher,
    language = excluded.language,
    tier = excluded.tier,
    actor = excluded.actor,
    addresses = excluded.addresses,
    expect_min = excluded.expect_min,
    expect_max = excluded.expect_max,
    every_seconds = excluded.every_seconds,
    updated_at = excluded.updated_at
-- A time still to come was written before the clock was put back.
WHERE excluded.updated_at >= sources.updated_at OR sources.updated_at > getvariable('loaded_at');

-- A source counts as imported from the first run that read one of its addresses or brought an article of it.
UPDATE sources
SET first_imported_at = least(first_imported_at, getvariable('started_at'))
WHERE source IN (
    SELECT source FROM read_parquet(getvariable('staged') || '/fetches.parquet') WHERE outcome = 'read'
    UNION ALL
    SELECT source FROM read_parquet(getvariable('staged') || '/articles.parquet')
);
