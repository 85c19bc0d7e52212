CREATE TABLE feeds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    address TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,                -- what all addresses of it have in common
    title TEXT NOT NULL,
    minutes INTEGER NOT NULL DEFAULT 60,     -- between two looks
    is_straight INTEGER NOT NULL DEFAULT 0,  -- whether entries are published at once; else editors approve them
    is_paused INTEGER NOT NULL DEFAULT 0,
    tags TEXT NOT NULL DEFAULT '[]',         -- of each of its articles, JSON
    include TEXT NOT NULL DEFAULT '[]',      -- words of which an entry must have one, JSON
    exclude TEXT NOT NULL DEFAULT '[]',      -- words of which it must have none, JSON
    per_day INTEGER,                         -- most entries within 24 hours; NULL: all
    etag TEXT NOT NULL DEFAULT '',
    modified TEXT NOT NULL DEFAULT '',
    was_read INTEGER NOT NULL DEFAULT 0,     -- whether it was read once: what was in it then is old
    failures INTEGER NOT NULL DEFAULT 0,     -- in a row
    error TEXT,                              -- why, as a key of the catalogue and its values, JSON
    failing_since INTEGER,
    was_told INTEGER NOT NULL DEFAULT 0,     -- whether editors know that it fails
    read_at INTEGER,                         -- when it was last read well
    next_at INTEGER NOT NULL
);
CREATE INDEX feeds_next ON feeds (next_at);
CREATE TABLE entries (
    feed INTEGER NOT NULL REFERENCES feeds (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    address TEXT,                            -- what all addresses of its page have in common
    outcome TEXT NOT NULL,                   -- old, filtered, same, taken, empty
    sketch TEXT NOT NULL DEFAULT '[]',       -- of its text, JSON, while it is a draft
    draft INTEGER REFERENCES drafts (id) ON DELETE SET NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (feed, key)
) WITHOUT ROWID;
CREATE INDEX entries_address ON entries (address) WHERE address IS NOT NULL;
CREATE INDEX entries_draft ON entries (draft) WHERE draft IS NOT NULL;
