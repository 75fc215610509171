-- A cited shift has states as a watched one has, and trends are grouped by country and by class of licence.

ALTER TABLE history ADD COLUMN shift_id VARCHAR;
COMMENT ON COLUMN history.shift_id IS
    'Event that began the shift this row is a state of: its own event_id for the first state.';

CREATE TABLE organisations (
    actor VARCHAR PRIMARY KEY,
    country VARCHAR,
    type VARCHAR NOT NULL
);
COMMENT ON TABLE organisations IS 'Organisations and governments of the registry. Grain: actor.';
COMMENT ON COLUMN organisations.actor IS 'Canonical name, as in shifts.actor.';
COMMENT ON COLUMN organisations.country IS 'ISO 3166-1 alpha-2; NULL when it has none or several.';
COMMENT ON COLUMN organisations.type IS 'lab, company, nonprofit, university, government ...';

CREATE TABLE licences (
    licence VARCHAR PRIMARY KEY,
    name VARCHAR NOT NULL,
    class VARCHAR NOT NULL
);
COMMENT ON TABLE licences IS 'Licences and terms of the registry. Grain: licence.';
COMMENT ON COLUMN licences.licence IS 'SPDX id or the registry''s id, as in shifts.licence_to.';
COMMENT ON COLUMN licences.name IS 'Name for people.';
COMMENT ON COLUMN licences.class IS
    'osi_open_source, open_weights_permissive_custom, use_restricted, source_available, non_commercial, research_only or proprietary.';
