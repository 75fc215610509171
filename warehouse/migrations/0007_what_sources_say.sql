-- What questions would otherwise have to put together from every mention, each time they are asked.

CREATE TABLE shift_sources (
    shift_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    tier VARCHAR NOT NULL,
    official BOOLEAN NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE NOT NULL,
    articles INTEGER NOT NULL,
    licences VARCHAR[] NOT NULL,
    levels TINYINT[] NOT NULL,
    rules VARCHAR[] NOT NULL
);
COMMENT ON TABLE shift_sources IS 'What each source says of each shift it reports. Grain: shift_id, source, stage.';
COMMENT ON COLUMN shift_sources.shift_id IS 'Shift.';
COMMENT ON COLUMN shift_sources.source IS 'Source.';
COMMENT ON COLUMN shift_sources.stage IS 'Stage it reports.';
COMMENT ON COLUMN shift_sources.tier IS 'Tier of its articles.';
COMMENT ON COLUMN shift_sources.official IS 'True when the actor itself speaks here.';
COMMENT ON COLUMN shift_sources.told_at IS 'Publication of its first report of this stage; the first sight when undated or dated in the future.';
COMMENT ON COLUMN shift_sources.articles IS 'Articles of it that report this stage of the shift.';
COMMENT ON COLUMN shift_sources.licences IS 'Licences it tells, sorted; empty when it tells none.';
COMMENT ON COLUMN shift_sources.levels IS 'Levels it tells, sorted; empty when it tells none.';
COMMENT ON COLUMN shift_sources.rules IS 'Rules that found the reports, sorted.';

INSERT INTO shift_sources
SELECT
    mentions.shift_id,
    facts.source,
    mentions.stage,
    min(facts.tier),
    bool_or(facts.tier = 'official' AND coalesce(sources.actor, mentions.actor) = mentions.actor),
    min(least(facts.published_at, facts.first_seen_at)),
    count(DISTINCT mentions.article_id),
    list_sort(coalesce(list(DISTINCT mentions.licence_to) FILTER (WHERE mentions.licence_to IS NOT NULL), [])),
    list_sort(coalesce(list(DISTINCT mentions.level_to) FILTER (WHERE mentions.level_to IS NOT NULL), [])),
    list_sort(list(DISTINCT mentions.rule))
FROM mentions
JOIN article_facts AS facts USING (article_id)
LEFT JOIN sources ON sources.source = facts.source
WHERE mentions.shift_id IS NOT NULL
GROUP BY mentions.shift_id, facts.source, mentions.stage;

ALTER TABLE mentions ADD COLUMN told_at TIMESTAMP WITH TIME ZONE;
COMMENT ON COLUMN mentions.told_at IS
    'Publication of the article; its first sight when it is undated or dated in the future.';
UPDATE mentions
SET told_at = least(facts.published_at, facts.first_seen_at)
FROM article_facts AS facts
WHERE facts.article_id = mentions.article_id;

ALTER TABLE article_facts ADD COLUMN reports INTEGER DEFAULT 0;
COMMENT ON COLUMN article_facts.reports IS 'Shifts it reports as news: its current mentions.';
UPDATE article_facts
SET reports = counted.reports
FROM (SELECT article_id, count(*) AS reports FROM mentions WHERE current GROUP BY article_id) AS counted
WHERE counted.article_id = article_facts.article_id;
