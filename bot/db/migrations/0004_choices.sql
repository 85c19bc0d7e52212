-- What readers choose beyond the time, and who set up a group or channel.

ALTER TABLE readers ADD COLUMN parts TEXT NOT NULL DEFAULT 'news,leads,quote';  -- what a digest holds
ALTER TABLE readers ADD COLUMN only_new INTEGER NOT NULL DEFAULT 0;   -- no digest without a new article
ALTER TABLE readers ADD COLUMN paused_until TEXT;                     -- the first day, in their clock, with digests again
ALTER TABLE readers ADD COLUMN language_chosen INTEGER NOT NULL DEFAULT 0;  -- else it is their client's
ALTER TABLE readers ADD COLUMN set_up_by INTEGER;                     -- user id of who is told when it stops
ALTER TABLE readers ADD COLUMN forgotten_at INTEGER;                  -- only the anonymous ledger is left
