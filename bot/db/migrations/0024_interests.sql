-- What a reader wants to hear of, as JSON; empty means everything.
ALTER TABLE readers ADD COLUMN interests TEXT NOT NULL DEFAULT '';
