-- Shifts whose first report is not the first of what their sources say, and sources that speak of no shift.
SELECT coalesce(shifts.shift_id, told.shift_id) AS shift_id, shifts.first_seen_at, told.first_told_at
FROM shifts
FULL JOIN (
    SELECT shift_id, min(told_at) AS first_told_at FROM shift_sources GROUP BY shift_id
) AS told USING (shift_id)
WHERE shifts.first_seen_at IS DISTINCT FROM told.first_told_at;
