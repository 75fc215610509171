-- Changes of stage that are not allowed (see warehouse/life_cycle.py), or not in order of time.
SELECT shift_id, step, previous_stage, stage
FROM (
    SELECT
        *,
        lag(stage) OVER steps AS before,
        lag(since) OVER steps AS since_before,
        row_number() OVER steps AS number
    FROM shift_stages
    WINDOW steps AS (PARTITION BY shift_id ORDER BY step)
)
WHERE step <> number
    OR previous_stage IS DISTINCT FROM before
    OR since < since_before
    OR (before = 'rumoured' AND stage = 'rumoured')
    OR (before = 'signalled' AND stage IN ('rumoured', 'signalled'))
    OR (before = 'announced' AND stage NOT IN ('done', 'delayed', 'denied'))
    OR (before = 'delayed' AND stage NOT IN ('done', 'delayed', 'denied'))
    OR (before = 'denied' AND stage NOT IN ('announced', 'done'))
    OR before = 'done';
