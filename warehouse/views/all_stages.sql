-- How each known shift came about, step by step: the life cycles we watch and the cited ones.
CREATE OR REPLACE VIEW all_stages AS
WITH steps AS (
    SELECT 'watched' AS origin, shift_id, step, stage, previous_stage, since, due, licence_to, level_to
    FROM shift_stages
    UNION ALL
    SELECT
        'cited',
        shift_id,
        CAST(row_number() OVER life AS INTEGER),
        stage,
        lag(stage) OVER life,
        timezone('UTC', CAST(happened_on AS TIMESTAMP)),
        due,
        licence_to,
        level_to
    FROM history
    WINDOW life AS (PARTITION BY shift_id ORDER BY happened_on, event_id)
)
SELECT steps.*
FROM steps
JOIN all_shifts USING (origin, shift_id);

COMMENT ON VIEW all_stages IS 'Life cycles of the shifts in all_shifts, one row per change of stage. Grain: origin, shift_id, step.';
COMMENT ON COLUMN all_stages.origin IS 'watched: in the table shift_stages; cited: in the table history.';
COMMENT ON COLUMN all_stages.shift_id IS 'Id of the shift in all_shifts.';
COMMENT ON COLUMN all_stages.step IS 'Number of the change, from 1.';
COMMENT ON COLUMN all_stages.stage IS 'Stage reached: rumoured, signalled, announced, done, delayed or denied.';
COMMENT ON COLUMN all_stages.previous_stage IS 'Stage before; NULL for the first.';
COMMENT ON COLUMN all_stages.since IS 'First report of this stage; of a cited one the day it happened, at 00:00 UTC.';
COMMENT ON COLUMN all_stages.due IS 'Date promised at this stage; NULL when none was named.';
COMMENT ON COLUMN all_stages.licence_to IS 'Licence told at this stage; NULL when none was.';
COMMENT ON COLUMN all_stages.level_to IS 'Level told at this stage; NULL when none was.';
