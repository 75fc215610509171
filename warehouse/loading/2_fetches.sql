-- Requests are only ever added; the key makes a second load of the same one harmless.
INSERT INTO fetches BY NAME
SELECT staged.* EXCLUDE (number), getvariable('run_id') AS run_id
FROM (
    SELECT *, row_number() OVER (PARTITION BY source, url, "at") AS number
    FROM read_parquet(getvariable('staged') || '/fetches.parquet')
) AS staged
WHERE number = 1
ON CONFLICT (source, url, "at") DO NOTHING;
