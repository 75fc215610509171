-- Who promised what for when, and what became of it?
-- Judged today, or on the day of the variable as_of: SET VARIABLE as_of = '2026-01-31'.
-- A day's grace covers time zones and the next morning's report; 90 days overdue is lapsed.
CREATE OR REPLACE VIEW all_promises AS
WITH promised AS (
    SELECT
        origin,
        shift_id,
        min(since) AS promised_at,
        arg_min(due, step) FILTER (WHERE due IS NOT NULL) AS due,
        arg_max(due, step) FILTER (WHERE due IS NOT NULL) AS due_now,
        arg_min(licence_to, step) FILTER (WHERE licence_to IS NOT NULL) AS licence_promised,
        count(*) FILTER (WHERE stage = 'delayed') AS delays
    FROM all_stages
    WHERE stage IN ('announced', 'delayed')
    GROUP BY origin, shift_id
), done AS (
    SELECT origin, shift_id, since, licence_to
    FROM all_stages
    WHERE stage = 'done'
    UNION ALL
    -- A promise from before the first run may be kept under our eyes.
    SELECT cited.origin, cited.shift_id, timezone('UTC', CAST(watched.stage_on AS TIMESTAMP)), watched.licence_to
    FROM all_shifts AS cited
    JOIN all_shifts AS watched USING (actor, family, direction)
    WHERE cited.origin = 'cited' AND cited.stage IN ('announced', 'delayed') AND cited.family <> ''
      AND watched.origin = 'watched' AND watched.stage = 'done' AND watched.stage_on >= cited.first_on
), kept AS (
    SELECT origin, shift_id, min(since) AS kept_at, arg_min(licence_to, since) AS licence_delivered
    FROM done
    GROUP BY origin, shift_id
), judged AS (
    SELECT
        *,
        CAST(timezone('UTC', kept_at) AS DATE) AS kept_on,
        coalesce(try_cast(getvariable('as_of') AS DATE), CAST(timezone('UTC', now()) AS DATE)) AS today
    FROM promised
    LEFT JOIN kept USING (origin, shift_id)
)
SELECT
    origin,
    shift_id,
    all_shifts.actor,
    all_shifts.artefact,
    all_shifts.kind,
    all_shifts.direction,
    promised_at,
    judged.due,
    due_now,
    CASE
        WHEN kept_at IS NOT NULL AND licence_promised <> licence_delivered THEN 'kept_with_other_licence'
        WHEN kept_at IS NOT NULL AND kept_on > judged.due + 1 THEN 'late'
        WHEN kept_at IS NOT NULL THEN 'kept'
        WHEN all_shifts.stage = 'denied' THEN 'lapsed'
        WHEN today > due_now + 90 THEN 'lapsed'
        WHEN today > judged.due + 1 THEN 'late'
        ELSE 'open'
    END AS status,
    kept_at,
    CASE WHEN judged.due IS NOT NULL THEN greatest(0, coalesce(kept_on, today) - judged.due) END AS days_late,
    delays,
    licence_promised,
    licence_delivered,
    all_shifts.what,
    all_shifts.url
FROM judged
JOIN all_shifts USING (origin, shift_id);

COMMENT ON VIEW all_promises IS
    'Shifts that were announced or put off before they came, watched and cited, and what became of them. Grain: shift.';
COMMENT ON COLUMN all_promises.origin IS 'watched: in the table shifts; cited: in the table history.';
COMMENT ON COLUMN all_promises.shift_id IS 'Id of the shift in all_shifts.';
COMMENT ON COLUMN all_promises.actor IS 'Who promised.';
COMMENT ON COLUMN all_promises.artefact IS 'What was promised; empty for a general line.';
COMMENT ON COLUMN all_promises.kind IS 'weights, code, data, licence, access, strategy or policy.';
COMMENT ON COLUMN all_promises.direction IS 'opening, closing or mixed.';
COMMENT ON COLUMN all_promises.promised_at IS 'First report of the promise.';
COMMENT ON COLUMN all_promises.due IS 'Date first promised; NULL when none was named.';
COMMENT ON COLUMN all_promises.due_now IS 'Date last promised, after delays; NULL when none was named.';
COMMENT ON COLUMN all_promises.status IS
    'open, kept, late (after the first date, or overdue), lapsed (denied, or 90 days overdue) or kept_with_other_licence.';
COMMENT ON COLUMN all_promises.kept_at IS 'First report that it is done; NULL: not yet.';
COMMENT ON COLUMN all_promises.days_late IS
    'Days after the date first promised, so far when not kept; NULL without a date.';
COMMENT ON COLUMN all_promises.delays IS 'Times it was put off.';
COMMENT ON COLUMN all_promises.licence_promised IS 'Licence named with the promise; NULL when none was.';
COMMENT ON COLUMN all_promises.licence_delivered IS 'Licence it came with; NULL when not kept or not told.';
COMMENT ON COLUMN all_promises.what IS 'Headline of the best report of the stage reached, or what happened.';
COMMENT ON COLUMN all_promises.url IS 'Its address; NULL when cited from memory.';

CREATE OR REPLACE VIEW promises AS
SELECT
    shift_id,
    all_promises.actor,
    all_promises.artefact,
    all_promises.kind,
    all_promises.direction,
    promised_at,
    all_promises.due,
    due_now,
    status,
    kept_at,
    days_late,
    delays,
    licence_promised,
    licence_delivered,
    shifts.headline,
    shifts.evidence,
    shifts.url
FROM all_promises
JOIN shifts USING (shift_id)
WHERE origin = 'watched';
COMMENT ON VIEW promises IS 'Shifts that were announced or put off before they came, and what became of them. Grain: shift.';
COMMENT ON COLUMN promises.shift_id IS 'Shift.';
COMMENT ON COLUMN promises.actor IS 'Who promised.';
COMMENT ON COLUMN promises.artefact IS 'What was promised; empty for a general line.';
COMMENT ON COLUMN promises.kind IS 'weights, code, data, licence, access, strategy or policy.';
COMMENT ON COLUMN promises.direction IS 'opening, closing or mixed.';
COMMENT ON COLUMN promises.promised_at IS 'First report of the promise.';
COMMENT ON COLUMN promises.due IS 'Date first promised; NULL when none was named.';
COMMENT ON COLUMN promises.due_now IS 'Date last promised, after delays; NULL when none was named.';
COMMENT ON COLUMN promises.status IS
    'open, kept, late (after the first date, or overdue), lapsed (denied, or 90 days overdue) or kept_with_other_licence.';
COMMENT ON COLUMN promises.kept_at IS 'First report that it is done; NULL: not yet.';
COMMENT ON COLUMN promises.days_late IS 'Days after the date first promised, so far when not kept; NULL without a date.';
COMMENT ON COLUMN promises.delays IS 'Times it was put off.';
COMMENT ON COLUMN promises.licence_promised IS 'Licence named with the promise; NULL when none was.';
COMMENT ON COLUMN promises.licence_delivered IS 'Licence it came with; NULL when not kept or not told.';
COMMENT ON COLUMN promises.headline IS 'Title of the best report of the stage reached.';
COMMENT ON COLUMN promises.evidence IS 'Its sentence, verbatim.';
COMMENT ON COLUMN promises.url IS 'Its address.';
