-- What people sent and the bot has not dealt with yet; kept for a day, since the server may send it again.

CREATE TABLE inbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,   -- in the order in which it came; the server's ids may jump back
    update_id INTEGER NOT NULL UNIQUE,
    payload TEXT,                            -- as the server sent it; NULL once dealt with
    tries INTEGER NOT NULL DEFAULT 0,        -- starts of the program that have begun to deal with it
    effect INTEGER NOT NULL DEFAULT 0,       -- whether something was written for it
    done INTEGER NOT NULL DEFAULT 0,
    received_at INTEGER NOT NULL
);

CREATE INDEX inbox_open ON inbox (seq) WHERE done = 0;
CREATE INDEX inbox_done ON inbox (received_at) WHERE done = 1;
