-- Replace the shifts whose reports are not what they were.
DELETE FROM shift_stages WHERE shift_id IN (SELECT shift_id FROM replaced);
DELETE FROM shifts WHERE shift_id IN (SELECT shift_id FROM replaced);
INSERT INTO shifts BY NAME SELECT * FROM new_shifts;
INSERT INTO shift_stages BY NAME SELECT * FROM new_stages;

-- Former ids lead to today's; an id that is in use again is no former one.
UPDATE shift_aliases
SET shift_id = renamed.shift_id, since = getvariable('renamed_at')
FROM renamed
WHERE shift_aliases.shift_id = renamed.alias;
INSERT OR REPLACE INTO shift_aliases
SELECT alias, shift_id, getvariable('renamed_at') FROM renamed;
DELETE FROM shift_aliases WHERE alias IN (SELECT shift_id FROM new_shifts);

-- Tell each mention which shift it reports.
UPDATE mentions
SET shift_id = joined.shift_id
FROM joined
WHERE mentions.article_id = joined.article_id
    AND mentions.position = joined.position
    AND mentions.shift_id IS DISTINCT FROM joined.shift_id;
