-- Who promised what for when, and what became of it?
-- Judged today, or on the day of the variable as_of: SET VARIABLE as_of = '2026-01-31'.
-- A day's grace covers time zones and the next morning's report; 90 days overdue is lapsed.
CREATE OR REPLACE VIEW promises AS
WITH promised AS (
    SELECT
        shift_id,
        min(since) AS promised_at,
        arg_min(due, step) FILTER (WHERE due IS NOT NULL) AS due,
        arg_max(due, step) FILTER (WHERE due IS NOT NULL) AS due_now,
        arg_min(licence_to, step) FILTER (WHERE licence_to IS NOT NULL) AS licence_promised,
        count(*) FILTER (WHERE stage = 'delayed') AS delays
    FROM shift_stages
    WHERE stage IN ('announced', 'delayed')
    GROUP BY shift_id
), kept AS (
    SELECT shift_id, since AS kept_at, licence_to AS licence_delivered
    FROM shift_stages
    WHERE stage = 'done'
), judged AS (
    SELECT
        shifts.shift_id,
        shifts.actor,
        shifts.artefact,
        shifts.kind,
        shifts.direction,
        shifts.stage,
        promised.promised_at,
        promised.due,
        promised.due_now,
        promised.delays,
        kept.kept_at,
        promised.licence_promised,
        kept.licence_delivered,
        shifts.headline,
        shifts.evidence,
        shifts.url,
        coalesce(try_cast(getvariable('as_of') AS TIMESTAMP WITH TIME ZONE), now()) AS as_of,
        CAST(timezone('UTC', kept.kept_at) AS DATE) AS kept_on
    FROM promised
    JOIN shifts USING (shift_id)
    LEFT JOIN kept USING (shift_id)
)
SELECT
    shift_id,
    actor,
    artefact,
    kind,
    direction,
    promised_at,
    due,
    due_now,
    CASE
        WHEN kept_at IS NOT NULL AND licence_promised <> licence_delivered THEN 'kept_with_other_licence'
        WHEN kept_at IS NOT NULL AND kept_on > due + 1 THEN 'late'
        WHEN kept_at IS NOT NULL THEN 'kept'
        WHEN stage = 'denied' THEN 'lapsed'
        WHEN CAST(timezone('UTC', as_of) AS DATE) > due_now + 90 THEN 'lapsed'
        WHEN CAST(timezone('UTC', as_of) AS DATE) > due + 1 THEN 'late'
        ELSE 'open'
    END AS status,
    kept_at,
    CASE
        WHEN due IS NULL THEN NULL
        ELSE greatest(0, coalesce(kept_on, CAST(timezone('UTC', as_of) AS DATE)) - due)
    END AS days_late,
    delays,
    licence_promised,
    licence_delivered,
    headline,
    evidence,
    url
FROM judged;

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
