-- The last stage of some shifts as far as deciding whom to tell of it, and when, needs it.
WITH latest AS (
    SELECT *
    FROM shift_stages
    WHERE list_contains($shifts, shift_id)
    QUALIFY row_number() OVER (PARTITION BY shift_id ORDER BY step DESC) = 1
)
SELECT
    shifts.shift_id,
    latest.stage,
    latest.occurrence,
    shifts.actor,
    shifts.kind,
    shifts.direction,
    shifts.level_from,
    coalesce(latest.level_to, shifts.level_to) AS level_to,
    shifts.outlets,
    list(DISTINCT facts.tier) AS tiers,
    list(DISTINCT facts.language) AS languages
FROM shifts
JOIN latest USING (shift_id)
JOIN mentions USING (shift_id)
JOIN article_facts AS facts ON facts.article_id = mentions.article_id
GROUP BY ALL
ORDER BY shifts.shift_id;
