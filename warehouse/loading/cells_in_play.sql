-- All stories of the actors and directions of one batch, from their first report on.
CREATE OR REPLACE TEMP TABLE touched AS
SELECT actor, direction, NULL::TIMESTAMP WITH TIME ZONE AS since FROM cells WHERE batch = getvariable('batch');

CREATE OR REPLACE TEMP TABLE in_play AS
SELECT shift_id FROM shifts SEMI JOIN touched USING (actor, direction);

CREATE OR REPLACE TEMP TABLE former_reports AS
SELECT article_id, shift_id FROM mentions SEMI JOIN in_play USING (shift_id);
