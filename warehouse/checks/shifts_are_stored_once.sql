-- Shift ids used twice.
SELECT shift_id, count(*) AS times
FROM shifts
GROUP BY shift_id
HAVING count(*) > 1;
