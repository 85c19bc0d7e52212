CREATE TABLE alerts (                        -- what owners are told of, from its beginning until it is over
    cause TEXT PRIMARY KEY,
    since INTEGER,                           -- NULL when it does not show and is only muted
    told_at INTEGER,                         -- NULL until an owner was reached
    calm_since INTEGER,                      -- since when it no longer shows; NULL while it does
    muted_until INTEGER                      -- until when an owner wants to hear nothing of it
);
ALTER TABLE readers ADD COLUMN daily_line INTEGER NOT NULL DEFAULT 0;  -- whether an owner wants figures each day
CREATE INDEX readers_daily_line ON readers (id) WHERE daily_line = 1;
