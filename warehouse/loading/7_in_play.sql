-- Shifts that a mention from `since` on can be part of: the others were over by then (see warehouse/stories.py).
-- Without a `since`, all of the actor and direction.
CREATE OR REPLACE TEMP TABLE in_play AS
SELECT shifts.shift_id
FROM shifts
JOIN touched USING (actor, direction)
LEFT JOIN (SELECT shift_id, max(due) AS due FROM shift_stages GROUP BY shift_id) AS promised USING (shift_id)
WHERE touched.since IS NULL
    OR shifts.last_seen_at >= touched.since - getvariable('promise_window')
    OR shifts.stage IN ('announced', 'delayed')
    OR promised.due + getvariable('story_window') >= timezone('UTC', touched.since);

CREATE OR REPLACE TEMP TABLE former_reports AS
SELECT article_id, shift_id
FROM mentions
WHERE shift_id IN (SELECT shift_id FROM in_play);
