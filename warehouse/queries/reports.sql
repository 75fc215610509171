-- Who reports the newest shifts, and in which words?
--
-- Variables
--   until    DATE     today  Last day of the first report of a shift.
--   shifts   INTEGER  100    Newest shifts whose reports are given.
--   each     INTEGER  8      Most reports given for a shift.
--
-- Gives one row per shift and outlet, newest shift first, then official reports, then the earliest
--   shift_id    VARCHAR  Id of the shift; the query `story` takes it.
--   publisher   VARCHAR  Name of the outlet.
--   tier        VARCHAR  official, press, community or policy.
--   told_on     DATE     Day of its report, UTC; the first sight when undated or dated in the future.
--   stage       VARCHAR  Stage it reports.
--   evidence    VARCHAR  The sentence, verbatim.
--   url         VARCHAR  Address of the report.
--
-- Of several reports of an outlet its newest stands.
WITH newest AS (
    SELECT shift_id, stage_since
    FROM shifts
    WHERE CAST(timezone('UTC', first_seen_at) AS DATE) <= coalesce(getvariable('until')::DATE, current_date)
    ORDER BY stage_since DESC, shift_id
    LIMIT coalesce(getvariable('shifts')::INTEGER, 100)
), told AS (
    SELECT
        mentions.shift_id,
        stage_since,
        coalesce(sources.publisher, article_facts.source) AS publisher,
        article_facts.tier,
        CAST(timezone('UTC', least(coalesce(published_at, first_seen_at), first_seen_at)) AS DATE) AS told_on,
        mentions.stage,
        mentions.evidence,
        article_facts.url
    FROM newest
    JOIN mentions USING (shift_id)
    JOIN article_facts USING (article_id)
    LEFT JOIN sources ON sources.source = article_facts.source
    QUALIFY row_number() OVER (
        PARTITION BY mentions.shift_id, article_facts.source ORDER BY told_on DESC, confidence DESC, url, position
    ) = 1
)
SELECT shift_id, publisher, tier, told_on, stage, evidence, url
FROM told
QUALIFY row_number() OVER (PARTITION BY shift_id ORDER BY tier <> 'official', told_on, publisher, url)
    <= coalesce(getvariable('each')::INTEGER, 8)
ORDER BY stage_since DESC, shift_id, tier <> 'official', told_on, publisher, url;
