-- Shifts whose stage is not the last step of their life cycle, and life cycles of no shift.
SELECT coalesce(shifts.shift_id, last.shift_id) AS shift_id, shifts.stage, last.stage AS last_stage
FROM shifts
FULL JOIN (
    SELECT shift_id, arg_max(stage, step) AS stage, arg_max(since, step) AS since
    FROM shift_stages
    GROUP BY shift_id
) AS last USING (shift_id)
WHERE shifts.stage IS DISTINCT FROM last.stage OR shifts.stage_since IS DISTINCT FROM last.since;
