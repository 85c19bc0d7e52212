-- A draft's number is never used again: a button of an old message must not publish another text.

CREATE TABLE numbered_drafts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    editor INTEGER,                          -- user id; NULL when the content folder proposes it
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    article INTEGER REFERENCES articles (id),-- the article that has its name, and that it may replace
    saved_at INTEGER NOT NULL
);

INSERT INTO numbered_drafts SELECT id, editor, name, text, article, saved_at FROM drafts;
DROP TABLE drafts;
ALTER TABLE numbered_drafts RENAME TO drafts;
