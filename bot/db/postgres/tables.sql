-- The full-text index (bot/db/postgres/search.py). What is gone with its edition is gone from it, too.

CREATE TABLE IF NOT EXISTS search_pieces (
    edition BIGINT NOT NULL REFERENCES editions (id) ON DELETE CASCADE,
    rank BIGINT NOT NULL,                    -- the column, by its place in COLUMNS of bot/search/columns.py
    nth BIGINT NOT NULL,
    words TSVECTOR NOT NULL,
    PRIMARY KEY (edition, rank, nth)
);

CREATE INDEX IF NOT EXISTS search_pieces_words ON search_pieces USING gin (words) WITH (fastupdate = off);

CREATE TABLE IF NOT EXISTS search_terms (
    term TEXT COLLATE "C" PRIMARY KEY,
    editions BIGINT NOT NULL                 -- how many had it when they were written
);
