-- Waits that Telegram has asked for, over a restart.

CREATE TABLE holds (
    chat INTEGER PRIMARY KEY,                -- 0: the digests of everybody
    until INTEGER NOT NULL
);
