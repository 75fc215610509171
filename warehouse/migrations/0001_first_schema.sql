-- Tables of the first release. Append-only from here on: a change is a new file with the next number.
-- Every timestamp is TIMESTAMP WITH TIME ZONE and means UTC. The views beside this folder complete the schema.

CREATE TABLE runs (
    run_id VARCHAR PRIMARY KEY,
    kind VARCHAR NOT NULL CHECK (kind IN ('pass', 'reread')),
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE NOT NULL,
    loaded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ruleset VARCHAR NOT NULL,
    fetches BIGINT NOT NULL,
    articles_new BIGINT NOT NULL,
    articles_updated BIGINT NOT NULL,
    mentions BIGINT NOT NULL,
    shifts_new BIGINT NOT NULL,
    shifts_advanced BIGINT NOT NULL,
    alerts_queued BIGINT NOT NULL
);
COMMENT ON TABLE runs IS 'One row per run whose staged rows were loaded. Grain: run.';
COMMENT ON COLUMN runs.run_id IS 'Id of the run, given when it started; a run is loaded once.';
COMMENT ON COLUMN runs.kind IS 'pass: fetched from the web; reread: stored articles read again, which never raises an alert.';
COMMENT ON COLUMN runs.started_at IS 'When the run began to fetch.';
COMMENT ON COLUMN runs.finished_at IS 'When the run had staged its rows.';
COMMENT ON COLUMN runs.loaded_at IS 'When its rows were loaded here.';
COMMENT ON COLUMN runs.ruleset IS 'Hash of the rules that tagged it.';
COMMENT ON COLUMN runs.fetches IS 'Requests to polled addresses.';
COMMENT ON COLUMN runs.articles_new IS 'Articles not known before.';
COMMENT ON COLUMN runs.articles_updated IS 'Known articles whose title or text was different this time.';
COMMENT ON COLUMN runs.mentions IS 'Mentions stored.';
COMMENT ON COLUMN runs.shifts_new IS 'Shifts first reported by this run.';
COMMENT ON COLUMN runs.shifts_advanced IS 'Known shifts that reached another stage.';
COMMENT ON COLUMN runs.alerts_queued IS 'Rows added to alerts with status pending.';

CREATE TABLE sources (
    source VARCHAR PRIMARY KEY,
    publisher VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    tier VARCHAR NOT NULL CHECK (tier IN ('official', 'press', 'community', 'policy')),
    actor VARCHAR,
    addresses VARCHAR[] NOT NULL,
    expect_min INTEGER,
    expect_max INTEGER,
    every_seconds BIGINT NOT NULL,
    first_imported_at TIMESTAMP WITH TIME ZONE,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL
);
COMMENT ON TABLE sources IS 'Publishers as the catalogue of the newest run describes them. Grain: source.';
COMMENT ON COLUMN sources.source IS 'Id of the source, as in its YAML file.';
COMMENT ON COLUMN sources.publisher IS 'Name of the publisher.';
COMMENT ON COLUMN sources.language IS 'ISO 639-1 code of the language it mostly writes in.';
COMMENT ON COLUMN sources.tier IS 'official, press, community or policy.';
COMMENT ON COLUMN sources.actor IS 'Organisation that speaks here; NULL unless the tier is official.';
COMMENT ON COLUMN sources.addresses IS 'Polled addresses: feeds, pages and licence files.';
COMMENT ON COLUMN sources.expect_min IS 'Fewest entries a healthy answer carries; NULL: no expectation.';
COMMENT ON COLUMN sources.expect_max IS 'Most entries a healthy answer carries; NULL: no expectation.';
COMMENT ON COLUMN sources.every_seconds IS 'Wanted time between two polls, in seconds.';
COMMENT ON COLUMN sources.first_imported_at IS 'Start of the run that first brought articles or read an address; NULL: never read.';
COMMENT ON COLUMN sources.updated_at IS 'Start of the newest run that knew this source.';

CREATE TABLE address_states (
    url VARCHAR PRIMARY KEY,
    source VARCHAR NOT NULL,
    next_due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state JSON NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL
);
COMMENT ON TABLE address_states IS 'What polling must remember of an address between two runs. Grain: address.';
COMMENT ON COLUMN address_states.url IS 'Polled address.';
COMMENT ON COLUMN address_states.source IS 'Source it belongs to.';
COMMENT ON COLUMN address_states.next_due_at IS 'When it is asked next.';
COMMENT ON COLUMN address_states.state IS 'Validators, hashes, failures: JSON that only the scheduler reads.';
COMMENT ON COLUMN address_states.updated_at IS 'Start of the run that wrote it.';

CREATE TABLE fetches (
    source VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    "at" TIMESTAMP WITH TIME ZONE NOT NULL,
    outcome VARCHAR NOT NULL CHECK (outcome IN ('read', 'unchanged', 'failed', 'skipped')),
    status INTEGER,
    reason VARCHAR,
    bytes BIGINT NOT NULL,
    seconds DOUBLE NOT NULL,
    entries INTEGER,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (source, url, "at")
);
COMMENT ON TABLE fetches IS 'One row per request to a polled address. Grain: source, url, at.';
COMMENT ON COLUMN fetches.source IS 'Source asked for.';
COMMENT ON COLUMN fetches.url IS 'Address asked for.';
COMMENT ON COLUMN fetches."at" IS 'When it was asked. Write "at": AT is a word of SQL.';
COMMENT ON COLUMN fetches.outcome IS 'read, unchanged, failed or skipped.';
COMMENT ON COLUMN fetches.status IS 'HTTP status; NULL when no answer came.';
COMMENT ON COLUMN fetches.reason IS 'Why it failed or was skipped, in a sentence; NULL when all went well.';
COMMENT ON COLUMN fetches.bytes IS 'Bytes of the body after decompression.';
COMMENT ON COLUMN fetches.seconds IS 'Duration of the request.';
COMMENT ON COLUMN fetches.entries IS 'Entries in the answer; NULL when it was not read as a feed or page.';
COMMENT ON COLUMN fetches.run_id IS 'Run that asked.';

-- Narrow and mutable; the texts are kept apart because updating a wide table rewrites it.
CREATE TABLE article_facts (
    article_id VARCHAR PRIMARY KEY,
    url VARCHAR NOT NULL,
    canonical_url VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    guid VARCHAR,
    tier VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    author VARCHAR,
    published_at TIMESTAMP WITH TIME ZONE,
    first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE,
    language VARCHAR NOT NULL,
    text_hash VARCHAR NOT NULL,
    entry_hash VARCHAR NOT NULL,
    extracted_by VARCHAR NOT NULL,
    without_text VARCHAR,
    attempts INTEGER NOT NULL,
    retry_at TIMESTAMP WITH TIME ZONE,
    ruleset VARCHAR NOT NULL
);
COMMENT ON TABLE article_facts IS 'All of an article but its text, as last read; read the view articles instead. Grain: article.';
COMMENT ON COLUMN article_facts.article_id IS 'Sixteen hexadecimal digits made from canonical_url.';
COMMENT ON COLUMN article_facts.url IS 'Address the source links to.';
COMMENT ON COLUMN article_facts.canonical_url IS 'Key that copies of one article share.';
COMMENT ON COLUMN article_facts.source IS 'Source that brought it: the first one, unless one of a better tier followed.';
COMMENT ON COLUMN article_facts.guid IS 'Id the feed gives it, as written; NULL when it gives none.';
COMMENT ON COLUMN article_facts.tier IS 'Tier of that source.';
COMMENT ON COLUMN article_facts.title IS 'Title as last read.';
COMMENT ON COLUMN article_facts.author IS 'Author; NULL when none is stated.';
COMMENT ON COLUMN article_facts.published_at IS 'Stated date of publication; NULL when none is stated, never the fetch time.';
COMMENT ON COLUMN article_facts.first_seen_at IS 'Run that first saw it.';
COMMENT ON COLUMN article_facts.seen_at IS 'Run that read the version kept here.';
COMMENT ON COLUMN article_facts.updated_at IS 'Run that last found another title or text; NULL: never changed.';
COMMENT ON COLUMN article_facts.language IS 'ISO 639-1 code; und when it cannot be told.';
COMMENT ON COLUMN article_facts.text_hash IS 'Hash of the text; the key into article_texts.';
COMMENT ON COLUMN article_facts.entry_hash IS 'Hash of the feed entry.';
COMMENT ON COLUMN article_facts.extracted_by IS 'Extractor and version.';
COMMENT ON COLUMN article_facts.without_text IS 'Why the text of the page is missing; NULL: the text is whole.';
COMMENT ON COLUMN article_facts.attempts IS 'Requests made for the page so far.';
COMMENT ON COLUMN article_facts.retry_at IS 'When the page is tried again; NULL: not any more.';
COMMENT ON COLUMN article_facts.ruleset IS 'Rules that last tagged it.';

CREATE SEQUENCE text_ids;
CREATE TABLE article_texts (
    text_id BIGINT NOT NULL DEFAULT nextval('text_ids'),
    article_id VARCHAR NOT NULL,
    text_hash VARCHAR NOT NULL,
    text VARCHAR NOT NULL USING COMPRESSION zstd,
    sketch UBIGINT[],
    extracted_by VARCHAR NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL
);
COMMENT ON TABLE article_texts IS 'Every version of every text, appended and never changed. Grain: article, text_hash.';
COMMENT ON COLUMN article_texts.text_id IS 'Running number of the version.';
COMMENT ON COLUMN article_texts.article_id IS 'Article.';
COMMENT ON COLUMN article_texts.text_hash IS 'Hash of the text.';
COMMENT ON COLUMN article_texts.text IS 'The body without the title, or the feed''s summary when the page could not be read.';
COMMENT ON COLUMN article_texts.sketch IS 'Smallest hashes of its word trigrams, to find copies; NULL for articles without mentions.';
COMMENT ON COLUMN article_texts.extracted_by IS 'Extractor and version.';
COMMENT ON COLUMN article_texts.seen_at IS 'Run that first read this version.';

CREATE TABLE mentions (
    article_id VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    actor VARCHAR NOT NULL,
    artefact VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('weights', 'code', 'data', 'licence', 'access', 'strategy', 'policy')),
    direction VARCHAR NOT NULL CHECK (direction IN ('opening', 'closing', 'mixed')),
    stage VARCHAR NOT NULL
        CHECK (stage IN ('rumoured', 'signalled', 'announced', 'done', 'delayed', 'denied')),
    due DATE,
    licence_from VARCHAR,
    licence_to VARCHAR,
    level_from TINYINT CHECK (level_from BETWEEN 0 AND 8),
    level_to TINYINT CHECK (level_to BETWEEN 0 AND 8),
    current BOOLEAN NOT NULL,
    confidence DOUBLE NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    evidence VARCHAR NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    "where" VARCHAR NOT NULL CHECK ("where" IN ('title', 'text')),
    rule VARCHAR NOT NULL,
    ruleset VARCHAR NOT NULL,
    territory VARCHAR,
    compelled_by VARCHAR,
    shift_id VARCHAR
);
COMMENT ON TABLE mentions IS 'Openness shifts as single articles report them. Grain: article_id, position.';
COMMENT ON COLUMN mentions.article_id IS 'Article that reports it.';
COMMENT ON COLUMN mentions.position IS 'Number of the mention within the article, from 0.';
COMMENT ON COLUMN mentions.actor IS 'Canonical name of the organisation or government.';
COMMENT ON COLUMN mentions.artefact IS 'Model, tool, dataset or specification; empty for a general line.';
COMMENT ON COLUMN mentions.family IS 'Id of the artefact''s family; empty with an empty artefact.';
COMMENT ON COLUMN mentions.kind IS 'weights, code, data, licence, access, strategy or policy.';
COMMENT ON COLUMN mentions.direction IS 'opening, closing or mixed.';
COMMENT ON COLUMN mentions.stage IS 'rumoured, signalled, announced, done, delayed or denied.';
COMMENT ON COLUMN mentions.due IS 'Date promised; NULL when none is named.';
COMMENT ON COLUMN mentions.licence_from IS 'Licence before; NULL when not told.';
COMMENT ON COLUMN mentions.licence_to IS 'Licence after; NULL when not told.';
COMMENT ON COLUMN mentions.level_from IS 'Level of openness before, 0 to 8; NULL when unknown.';
COMMENT ON COLUMN mentions.level_to IS 'Level of openness after, 0 to 8; NULL when unknown.';
COMMENT ON COLUMN mentions.current IS 'False for history, comparison and background.';
COMMENT ON COLUMN mentions.confidence IS '0 to 1.';
COMMENT ON COLUMN mentions.evidence IS 'The sentence, verbatim.';
COMMENT ON COLUMN mentions.start IS 'First character of the evidence, from 0, in the title or text of the article.';
COMMENT ON COLUMN mentions."end" IS 'Character after the evidence. Write "end": END is a word of SQL.';
COMMENT ON COLUMN mentions."where" IS 'title or text: what the offsets count in. Write "where".';
COMMENT ON COLUMN mentions.rule IS 'Id of the rule.';
COMMENT ON COLUMN mentions.ruleset IS 'Hash of the rules in force.';
COMMENT ON COLUMN mentions.territory IS 'Where it holds, when a clause names or excludes a territory.';
COMMENT ON COLUMN mentions.compelled_by IS 'Government or court that forced it.';
COMMENT ON COLUMN mentions.shift_id IS 'Shift it reports; NULL when not current.';

CREATE TABLE null_events (
    article_id VARCHAR NOT NULL,
    id VARCHAR NOT NULL,
    evidence VARCHAR NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    "where" VARCHAR NOT NULL CHECK ("where" IN ('title', 'text')),
    ruleset VARCHAR NOT NULL
);
COMMENT ON TABLE null_events IS 'Sentences that look like a shift and are none. Grain: article, sentence, id.';
COMMENT ON COLUMN null_events.article_id IS 'Article.';
COMMENT ON COLUMN null_events.id IS 'Id of the reason why it is no shift.';
COMMENT ON COLUMN null_events.evidence IS 'The sentence, verbatim.';
COMMENT ON COLUMN null_events.start IS 'First character of the evidence, from 0.';
COMMENT ON COLUMN null_events."end" IS 'Character after the evidence.';
COMMENT ON COLUMN null_events."where" IS 'title or text: what the offsets count in.';
COMMENT ON COLUMN null_events.ruleset IS 'Hash of the rules in force.';

-- shifts and shift_stages are made from mentions alone and can be rebuilt from them.
CREATE TABLE shifts (
    shift_id VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,
    artefact VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    direction VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    due DATE,
    licence_from VARCHAR,
    licence_to VARCHAR,
    level_from TINYINT,
    level_to TINYINT,
    territory VARCHAR,
    compelled_by VARCHAR,
    first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    stage_since TIMESTAMP WITH TIME ZONE NOT NULL,
    articles INTEGER NOT NULL,
    outlets INTEGER NOT NULL,
    official BOOLEAN NOT NULL,
    confidence DOUBLE NOT NULL,
    headline VARCHAR NOT NULL,
    evidence VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL
);
COMMENT ON TABLE shifts IS 'Openness shifts of the real world, each once however many articles report it. Grain: shift.';
COMMENT ON COLUMN shifts.shift_id IS 'Sixteen hexadecimal digits made from the first mention that arrived; see shift_aliases.';
COMMENT ON COLUMN shifts.actor IS 'Canonical name of the organisation or government.';
COMMENT ON COLUMN shifts.artefact IS 'Model, tool, dataset or specification; empty for a general line.';
COMMENT ON COLUMN shifts.family IS 'Id of the artefact''s family; empty with an empty artefact.';
COMMENT ON COLUMN shifts.kind IS 'Strongest kind reported: weights, code, data, licence, access, strategy or policy.';
COMMENT ON COLUMN shifts.direction IS 'opening, closing or mixed.';
COMMENT ON COLUMN shifts.stage IS 'Stage reached: rumoured, signalled, announced, done, delayed or denied.';
COMMENT ON COLUMN shifts.due IS 'Date last promised; NULL when none was named.';
COMMENT ON COLUMN shifts.licence_from IS 'Licence before; NULL when not told.';
COMMENT ON COLUMN shifts.licence_to IS 'Licence after; NULL when not told.';
COMMENT ON COLUMN shifts.level_from IS 'Level of openness before, 0 to 8; NULL when unknown.';
COMMENT ON COLUMN shifts.level_to IS 'Level of openness after, 0 to 8; NULL when unknown.';
COMMENT ON COLUMN shifts.territory IS 'Where it holds, when a clause names or excludes a territory.';
COMMENT ON COLUMN shifts.compelled_by IS 'Government or court that forced it.';
COMMENT ON COLUMN shifts.first_seen_at IS 'Publication of the first report; for an undated report, when it was fetched.';
COMMENT ON COLUMN shifts.last_seen_at IS 'Publication of the newest report; for an undated report, when it was fetched.';
COMMENT ON COLUMN shifts.stage_since IS 'Publication of the first report of the stage reached.';
COMMENT ON COLUMN shifts.articles IS 'Articles that report it as news.';
COMMENT ON COLUMN shifts.outlets IS 'Independent outlets: sources, where copies of one text count once.';
COMMENT ON COLUMN shifts.official IS 'True when the actor itself reports it.';
COMMENT ON COLUMN shifts.confidence IS 'Highest confidence of a mention of the stage reached, 0 to 1.';
COMMENT ON COLUMN shifts.headline IS 'Title of the best report of the stage reached: official over press over policy over community, then earliest.';
COMMENT ON COLUMN shifts.evidence IS 'Its sentence, verbatim.';
COMMENT ON COLUMN shifts.url IS 'Its address.';
COMMENT ON COLUMN shifts.source IS 'Its source.';
COMMENT ON COLUMN shifts.article_id IS 'Its article.';

CREATE TABLE shift_stages (
    shift_id VARCHAR NOT NULL,
    step INTEGER NOT NULL,
    stage VARCHAR NOT NULL,
    occurrence INTEGER NOT NULL,
    previous_stage VARCHAR,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    due DATE,
    licence_to VARCHAR,
    level_to TINYINT,
    confidence DOUBLE NOT NULL,
    official BOOLEAN NOT NULL,
    headline VARCHAR NOT NULL,
    evidence VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    article_id VARCHAR NOT NULL
);
COMMENT ON TABLE shift_stages IS 'Life cycle of each shift, one row per change. Grain: shift_id, step.';
COMMENT ON COLUMN shift_stages.shift_id IS 'Shift.';
COMMENT ON COLUMN shift_stages.step IS 'Number of the change, from 1.';
COMMENT ON COLUMN shift_stages.stage IS 'Stage reached: rumoured, signalled, announced, done, delayed or denied.';
COMMENT ON COLUMN shift_stages.occurrence IS 'How often this stage was reached so far: 2 for a second delay.';
COMMENT ON COLUMN shift_stages.previous_stage IS 'Stage before; NULL for the first.';
COMMENT ON COLUMN shift_stages.since IS 'Publication of the first report of this stage.';
COMMENT ON COLUMN shift_stages.due IS 'Date promised at this stage; NULL when none was named.';
COMMENT ON COLUMN shift_stages.licence_to IS 'Licence told at this stage; NULL when none was.';
COMMENT ON COLUMN shift_stages.level_to IS 'Level told at this stage; NULL when none was.';
COMMENT ON COLUMN shift_stages.confidence IS 'Highest confidence of its mentions, 0 to 1.';
COMMENT ON COLUMN shift_stages.official IS 'True when the actor itself reports this stage.';
COMMENT ON COLUMN shift_stages.headline IS 'Title of the best report of this stage.';
COMMENT ON COLUMN shift_stages.evidence IS 'Its sentence, verbatim.';
COMMENT ON COLUMN shift_stages.url IS 'Its address.';
COMMENT ON COLUMN shift_stages.source IS 'Its source.';
COMMENT ON COLUMN shift_stages.article_id IS 'Its article.';

CREATE TABLE shift_aliases (
    alias VARCHAR PRIMARY KEY,
    shift_id VARCHAR NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL
);
COMMENT ON TABLE shift_aliases IS 'Former ids of shifts, after two stories turned out to be one or a first report was withdrawn. Grain: alias.';
COMMENT ON COLUMN shift_aliases.alias IS 'Former shift_id.';
COMMENT ON COLUMN shift_aliases.shift_id IS 'Id of the shift that holds its reports today.';
COMMENT ON COLUMN shift_aliases.since IS 'When it was renamed.';

CREATE TABLE alerts (
    shift_id VARCHAR NOT NULL,
    stage VARCHAR NOT NULL,
    occurrence INTEGER NOT NULL,
    channel VARCHAR NOT NULL,
    status VARCHAR NOT NULL CHECK (status IN ('pending', 'sending', 'sent', 'failed', 'dead', 'suppressed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    unknown_outcomes INTEGER NOT NULL DEFAULT 0,
    queued_at TIMESTAMP WITH TIME ZONE NOT NULL,
    next_attempt_at TIMESTAMP WITH TIME ZONE,
    claimed_at TIMESTAMP WITH TIME ZONE,
    sent_at TIMESTAMP WITH TIME ZONE,
    error VARCHAR,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (shift_id, stage, occurrence, channel)
);
COMMENT ON TABLE alerts IS 'Outbox: written with the shift, sent later. Grain: shift_id, stage, occurrence, channel.';
COMMENT ON COLUMN alerts.shift_id IS 'Shift as it was named then; look in shift_aliases too.';
COMMENT ON COLUMN alerts.stage IS 'Stage it tells of.';
COMMENT ON COLUMN alerts.occurrence IS '1, or 2 for a second delay, and so on.';
COMMENT ON COLUMN alerts.channel IS 'Where it is sent: console, slack, email ...';
COMMENT ON COLUMN alerts.status IS 'pending, sending (claimed), sent, failed (tried again later), dead (given up) or suppressed (never to be sent).';
COMMENT ON COLUMN alerts.attempts IS 'Times it was claimed for sending.';
COMMENT ON COLUMN alerts.unknown_outcomes IS 'Attempts whose outcome nobody knows; after one it is sent once more, labelled as a repeat.';
COMMENT ON COLUMN alerts.queued_at IS 'When it was put here.';
COMMENT ON COLUMN alerts.next_attempt_at IS 'Not before this time; NULL: never again.';
COMMENT ON COLUMN alerts.claimed_at IS 'When a sender last took it; NULL: never.';
COMMENT ON COLUMN alerts.sent_at IS 'When the channel accepted it; NULL: not yet.';
COMMENT ON COLUMN alerts.error IS 'Why the last attempt failed or it was suppressed; NULL when nothing went wrong.';
COMMENT ON COLUMN alerts.run_id IS 'Run that queued it.';

CREATE TABLE history (
    event_id VARCHAR PRIMARY KEY,
    happened_on DATE NOT NULL,
    actor VARCHAR NOT NULL,
    artefact VARCHAR NOT NULL,
    family VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN ('weights', 'code', 'data', 'licence', 'access', 'strategy', 'policy')),
    direction VARCHAR NOT NULL CHECK (direction IN ('opening', 'closing', 'mixed')),
    stage VARCHAR NOT NULL
        CHECK (stage IN ('rumoured', 'signalled', 'announced', 'done', 'delayed', 'denied')),
    due DATE,
    licence_from VARCHAR,
    licence_to VARCHAR,
    level_from TINYINT CHECK (level_from BETWEEN 0 AND 8),
    level_to TINYINT CHECK (level_to BETWEEN 0 AND 8),
    territory VARCHAR,
    compelled_by VARCHAR,
    what VARCHAR NOT NULL,
    certainty VARCHAR NOT NULL CHECK (certainty IN ('confirmed', 'partly', 'memory')),
    url VARCHAR
);
COMMENT ON TABLE history IS 'Cited shifts from before the first run, from the files in warehouse/history. Grain: event.';
COMMENT ON COLUMN history.event_id IS 'Id of the event in the file.';
COMMENT ON COLUMN history.happened_on IS 'Day it happened.';
COMMENT ON COLUMN history.actor IS 'Canonical name of the organisation or government.';
COMMENT ON COLUMN history.artefact IS 'Model, tool, dataset or specification; empty for a general line.';
COMMENT ON COLUMN history.family IS 'Id of the artefact''s family; empty with an empty artefact.';
COMMENT ON COLUMN history.kind IS 'weights, code, data, licence, access, strategy or policy.';
COMMENT ON COLUMN history.direction IS 'opening, closing or mixed.';
COMMENT ON COLUMN history.stage IS 'rumoured, signalled, announced, done, delayed or denied.';
COMMENT ON COLUMN history.due IS 'Date promised; NULL when none was named.';
COMMENT ON COLUMN history.licence_from IS 'Licence before; NULL when not known.';
COMMENT ON COLUMN history.licence_to IS 'Licence after; NULL when not known.';
COMMENT ON COLUMN history.level_from IS 'Level of openness before, 0 to 8; NULL when unknown.';
COMMENT ON COLUMN history.level_to IS 'Level of openness after, 0 to 8; NULL when unknown.';
COMMENT ON COLUMN history.territory IS 'Where it holds, when a clause names or excludes a territory.';
COMMENT ON COLUMN history.compelled_by IS 'Government or court that forced it.';
COMMENT ON COLUMN history.what IS 'What happened, in a few words.';
COMMENT ON COLUMN history.certainty IS 'confirmed by the source cited, partly confirmed, or written from memory.';
COMMENT ON COLUMN history.url IS 'Source cited; NULL when written from memory.';

CREATE TABLE load_failures (
    folder VARCHAR PRIMARY KEY,
    set_aside_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason VARCHAR NOT NULL
);
COMMENT ON TABLE load_failures IS 'Staged folders that could not be read; they lie beside the others with .broken after their name. Grain: folder.';
COMMENT ON COLUMN load_failures.folder IS 'Name of the folder, with .broken.';
COMMENT ON COLUMN load_failures.set_aside_at IS 'When it was set aside.';
COMMENT ON COLUMN load_failures.reason IS 'What was wrong with it.';

CREATE TABLE bundled_files (
    folder VARCHAR PRIMARY KEY,
    sha256 VARCHAR NOT NULL
);
COMMENT ON TABLE bundled_files IS 'Which state of the views and of the history this warehouse holds. Grain: folder.';
COMMENT ON COLUMN bundled_files.folder IS 'views or history.';
COMMENT ON COLUMN bundled_files.sha256 IS 'Hash over the names and contents of its files.';
