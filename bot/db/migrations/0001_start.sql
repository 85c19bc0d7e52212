-- Times are whole milliseconds since 1970 (UTC); lists, texts with spans and messages are JSON.

CREATE TABLE editions (                      -- an article's text, rendered; written in pieces, then pointed at
    id INTEGER PRIMARY KEY
);

CREATE TABLE sections (
    edition INTEGER NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,                 -- in reading order, from 0
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    depth INTEGER NOT NULL,
    path TEXT NOT NULL,
    below TEXT NOT NULL,
    pages INTEGER NOT NULL,
    PRIMARY KEY (edition, number),
    UNIQUE (edition, id)
) WITHOUT ROWID;

CREATE TABLE pages (
    edition INTEGER NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    section INTEGER NOT NULL,
    number INTEGER NOT NULL,                 -- within the section, from 0
    body TEXT NOT NULL,
    PRIMARY KEY (edition, section, number)
) WITHOUT ROWID;

CREATE TABLE quotes (
    edition INTEGER NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    id TEXT NOT NULL,                        -- a hash of its words: the same in every article
    text TEXT NOT NULL,
    body TEXT NOT NULL,
    speaker TEXT,
    url TEXT,
    section TEXT NOT NULL,
    PRIMARY KEY (edition, id)
) WITHOUT ROWID;

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    news INTEGER NOT NULL UNIQUE,            -- number of its announcement; a reader's watermark points here
    version INTEGER NOT NULL,
    edition INTEGER NOT NULL REFERENCES editions (id),
    card TEXT NOT NULL,                      -- what lists show without reading the text
    summary TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    removed_at INTEGER,                      -- a tombstone: the next start does not bring it back
    quarantine TEXT                          -- why Telegram refuses it: it is announced to nobody
);

CREATE TABLE versions (
    article INTEGER NOT NULL REFERENCES articles (id),
    number INTEGER NOT NULL,                 -- from 1
    text TEXT NOT NULL,                      -- the Markdown document, whole
    hash TEXT NOT NULL,
    editor INTEGER,                          -- user id; NULL for the content folder
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (article, number)
);

CREATE TABLE files (                         -- the content folder, as it was last read
    path TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    article INTEGER REFERENCES articles (id)
);

CREATE TABLE drafts (
    id INTEGER PRIMARY KEY,
    editor INTEGER,                          -- user id; NULL when the content folder proposes it
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    article INTEGER REFERENCES articles (id),-- the article that has its name, and that it may replace
    saved_at INTEGER NOT NULL
);

CREATE TABLE readers (
    id INTEGER PRIMARY KEY,
    chat INTEGER NOT NULL,
    topic INTEGER NOT NULL DEFAULT 0,        -- 0 outside topics
    kind TEXT NOT NULL,                      -- private, group, channel
    language TEXT NOT NULL,
    zone TEXT,                               -- IANA; NULL until the reader has said
    times TEXT NOT NULL,                     -- '08:00,20:30'
    days TEXT NOT NULL,                      -- ISO weekdays, '12345'
    subscribed INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER,                         -- due; NULL unless subscribed and not suspended
    suspended TEXT,                          -- why nothing is sent
    watermark INTEGER NOT NULL,              -- the highest `news` they have been told of
    news_limit INTEGER,                      -- articles in their next digest, while a refused one is looked for
    quote_round INTEGER NOT NULL DEFAULT 0,
    quote_place TEXT NOT NULL DEFAULT '',
    listed TEXT NOT NULL DEFAULT '{}',       -- what each number means in the list last shown
    awaiting TEXT,                           -- what the next words of this chat answer
    met_at INTEGER NOT NULL,
    UNIQUE (chat, topic)
);

CREATE INDEX readers_due ON readers (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    reader INTEGER NOT NULL REFERENCES readers (id),
    kind TEXT NOT NULL,                      -- digest, notice
    occasion TEXT NOT NULL,                  -- for a digest the slot, in the reader's own clock
    part INTEGER NOT NULL,                   -- from 1
    parts INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'sending', 'sent', 'failed', 'uncertain', 'excluded')),
    reason TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,                 -- not to be sent before
    expires_at INTEGER NOT NULL,             -- nor after
    payload TEXT,                            -- the message; NULL once final
    articles TEXT NOT NULL,                  -- ids of those in it
    quote TEXT,
    upto INTEGER NOT NULL,                   -- watermark reached when all parts are sent
    message_id INTEGER,
    planned_at INTEGER NOT NULL,
    finished_at INTEGER,
    settled INTEGER NOT NULL DEFAULT 0,      -- whether a refusal had its consequences
    UNIQUE (reader, kind, occasion, part)
);

CREATE INDEX deliveries_waiting ON deliveries (due_at, id) WHERE state = 'planned';
CREATE INDEX deliveries_sending ON deliveries (reader) WHERE state = 'sending';
CREATE INDEX deliveries_refused ON deliveries (id) WHERE state = 'failed' AND settled = 0;
CREATE INDEX deliveries_of_reader ON deliveries (reader, planned_at) WHERE state = 'planned';

CREATE TABLE people (
    "user" INTEGER PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('owner', 'editor')),
    name TEXT NOT NULL,
    since INTEGER NOT NULL
);

CREATE TABLE facts (
    name TEXT PRIMARY KEY,                   -- single values that must survive a restart
    value TEXT NOT NULL
);
