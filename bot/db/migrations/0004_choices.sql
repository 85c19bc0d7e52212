-- What readers choose beyond the time, and who set up a group or channel.

ALTER TABLE readers ADD COLUMN parts TEXT NOT NULL DEFAULT 'news,leads,quote';  -- what a digest holds
ALTER TABLE readers ADD COLUMN only_new INTEGER NOT NULL DEFAULT 0;   -- no digest without a new article
ALTER TABLE readers ADD COLUMN paused_until TEXT;                     -- the first day, in their clock, with digests again
ALTER TABLE readers ADD COLUMN language_chosen INTEGER NOT NULL DEFAULT 0;  -- else it is their client's
ALTER TABLE readers ADD COLUMN set_up_by INTEGER;                     -- user id of who is told when it stops
ALTER TABLE readers ADD COLUMN forgotten_at INTEGER;                  -- only the anonymous ledger is left
ALTER TABLE readers ADD COLUMN title TEXT NOT NULL DEFAULT '';         -- of a group or channel, as it was last seen
ALTER TABLE readers ADD COLUMN suspension_told INTEGER NOT NULL DEFAULT 0;  -- whether `set_up_by` has heard of it

CREATE INDEX readers_untold ON readers (id)
WHERE suspended IS NOT NULL AND set_up_by IS NOT NULL AND suspension_told = 0;
CREATE INDEX readers_set_up ON readers (set_up_by) WHERE set_up_by IS NOT NULL;
