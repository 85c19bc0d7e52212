CREATE TABLE gatherings (                    -- messages of editors that become one draft
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    editor INTEGER NOT NULL,
    chat INTEGER NOT NULL,
    message INTEGER NOT NULL,                -- ours, in which the draft appears
    draft INTEGER REFERENCES drafts (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL DEFAULT 0,     -- counts changes: a draft is never made of what has changed since
    is_open INTEGER NOT NULL DEFAULT 0,      -- whether more is to come, until the editor says that this is all
    due_at INTEGER                           -- when a draft is made of it; NULL once nothing has changed since
);
CREATE INDEX gatherings_of_draft ON gatherings (draft) WHERE draft IS NOT NULL;
CREATE TABLE pieces (
    gathering INTEGER NOT NULL REFERENCES gatherings (id) ON DELETE CASCADE,
    message INTEGER NOT NULL,                -- the editor's
    body TEXT NOT NULL,                      -- what it says (bot/editing/pieces.py), as JSON
    PRIMARY KEY (gathering, message)
) WITHOUT ROWID;
