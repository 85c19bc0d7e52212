-- What /stats shows: counts by day, of nobody in particular.

CREATE TABLE usage (
    day INTEGER NOT NULL,                    -- whole days since 1970 (UTC)
    what TEXT NOT NULL,                      -- a name of `bot/usage.py`
    article INTEGER NOT NULL,                -- 0 for none in particular
    number INTEGER NOT NULL,
    PRIMARY KEY (day, what, article)
) WITHOUT ROWID;

CREATE TABLE daily_figures (
    day INTEGER PRIMARY KEY,                 -- as above
    readers INTEGER NOT NULL,                -- chats that use the bot
    subscribed INTEGER NOT NULL,
    bytes INTEGER NOT NULL,                  -- size of the database
    sent INTEGER NOT NULL DEFAULT 0,         -- messages of digests that were planned on it
    failed INTEGER NOT NULL DEFAULT 0,
    uncertain INTEGER NOT NULL DEFAULT 0,
    late INTEGER NOT NULL DEFAULT 0
);
