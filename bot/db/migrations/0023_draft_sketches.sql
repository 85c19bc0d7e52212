-- What the texts of waiting drafts of feeds are like, so that one story from several feeds is one draft.
ALTER TABLE entries DROP COLUMN sketch;
CREATE TABLE draft_sketches (
    hash INTEGER NOT NULL,
    draft INTEGER NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    PRIMARY KEY (hash, draft)
) WITHOUT ROWID;
CREATE INDEX draft_sketches_of_draft ON draft_sketches (draft);
