CREATE TABLE links (                         -- pages that editors asked for, until they are drafts
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    editor INTEGER NOT NULL,
    chat INTEGER NOT NULL,
    message INTEGER NOT NULL,                -- ours, which says how far it is
    address TEXT NOT NULL,
    again INTEGER NOT NULL DEFAULT 0,        -- whether it is read although it is here already
    waits INTEGER NOT NULL DEFAULT 1,        -- 0 while its editor decides about a page that is here already
    asked_at INTEGER NOT NULL
);
