-- The shifts last reported, each with its life cycle.
SELECT
    shifts.* EXCLUDE (article_id),
    (
        SELECT list(
            {stage: stage, since: since, due: due, licence_to: licence_to, level_to: level_to, url: url}
            ORDER BY step
        )
        FROM shift_stages
        WHERE shift_stages.shift_id = shifts.shift_id
    ) AS stages
FROM shifts
ORDER BY last_seen_at DESC, shift_id
LIMIT $limit;
