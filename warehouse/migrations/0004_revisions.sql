-- How often a publisher has edited an entry, so that one who edits without end is not read without end.
ALTER TABLE article_facts ADD COLUMN revisions INTEGER DEFAULT 0;
COMMENT ON COLUMN article_facts.revisions IS 'Times its feed entry was found edited.';
