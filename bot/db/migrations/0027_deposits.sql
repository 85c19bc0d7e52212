-- What was handed in from the command line, until whoever did so has read what became of it.
CREATE TABLE deposits (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,                      -- of the file
    address TEXT NOT NULL,                   -- of the page, or empty
    data BLOB NOT NULL,
    is_quiet INTEGER NOT NULL,               -- no digest tells of it
    replaces INTEGER NOT NULL,               -- it may be a new version of an article that is here already
    draft INTEGER,                           -- what it became
    result TEXT,                             -- what became of it in the end, as JSON
    deposited_at INTEGER NOT NULL
);
