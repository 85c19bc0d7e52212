-- All chats are no chat with the number 0 any more.

CREATE TABLE cooldowns (                     -- what takes no digest for a while, as Telegram asked
    chat INTEGER UNIQUE,                     -- NULL: the digests of all chats
    until INTEGER NOT NULL
);

INSERT INTO cooldowns (chat, until) SELECT nullif(chat, 0), until FROM holds;
DROP TABLE holds;
