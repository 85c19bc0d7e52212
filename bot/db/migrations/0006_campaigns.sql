-- An owner's message to many; its rows in the outbox point here instead of each carrying a text.

CREATE TABLE campaigns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner INTEGER NOT NULL,                  -- user id
    source_chat INTEGER NOT NULL,            -- where the message is that is copied
    source_message INTEGER NOT NULL,
    segment TEXT NOT NULL,                   -- JSON
    state TEXT NOT NULL CHECK (state IN ('draft', 'tried', 'running', 'paused', 'done', 'cancelled')),
    reason TEXT,                             -- why it is paused or cancelled, where nobody chose it
    total INTEGER NOT NULL DEFAULT 0,        -- readers when it was started
    reached INTEGER NOT NULL DEFAULT 0,      -- readers up to this id have their row
    rows_after INTEGER NOT NULL,             -- all its rows in the outbox come after this one
    panel_chat INTEGER,                      -- the message that shows how far it has come
    panel_message INTEGER,
    made_at INTEGER NOT NULL
);

-- One at a time.
CREATE UNIQUE INDEX campaigns_open ON campaigns ((1)) WHERE state NOT IN ('done', 'cancelled');

ALTER TABLE deliveries ADD COLUMN campaign INTEGER REFERENCES campaigns (id);
ALTER TABLE readers ADD COLUMN active_at INTEGER NOT NULL DEFAULT 0;  -- when somebody last wrote or pressed, to a day
UPDATE readers SET active_at = met_at;
