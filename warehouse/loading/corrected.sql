-- The actors and directions of the reports that the corrections before and after a change concern.
CREATE OR REPLACE TEMP TABLE touched AS
SELECT DISTINCT mentions.actor, mentions.direction, NULL::TIMESTAMP WITH TIME ZONE AS since
FROM mentions
JOIN article_facts USING (article_id)
WHERE mentions.current
    AND (
        article_facts.url IN (SELECT report FROM concerned UNION ALL SELECT report FROM corrections)
        OR article_facts.canonical_url IN (SELECT report FROM concerned UNION ALL SELECT report FROM corrections)
    );
