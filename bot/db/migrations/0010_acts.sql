-- What people with rights did: who, what, about what.

CREATE TABLE acts (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    "user" INTEGER NOT NULL,                 -- 0 once they wished to be forgotten
    act TEXT NOT NULL,
    about TEXT NOT NULL                      -- an article's name, a person's number; '' for nothing in particular
);

UPDATE readers SET title = '', suspension_told = 0 WHERE forgotten_at IS NOT NULL;
