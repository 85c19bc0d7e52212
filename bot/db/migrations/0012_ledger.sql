-- Messages stand in a table of their own and are deleted when a delivery is final, so that their room is used again;
-- articles in one that is searched by article; and a counter says how many deliveries were ever planned.

CREATE TABLE compact (
    id INTEGER PRIMARY KEY,
    reader INTEGER NOT NULL REFERENCES readers (id),
    kind TEXT NOT NULL,                      -- digest, notice, campaign
    occasion TEXT NOT NULL,                  -- for a digest the slot, in the reader's own clock
    part INTEGER NOT NULL,                   -- from 1
    parts INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'sending', 'sent', 'failed', 'uncertain', 'excluded')),
    reason TEXT,                             -- a code of `bot/delivery/reasons.py`
    detail TEXT,                             -- Telegram's own words, or a fault's name
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,                 -- not to be sent before
    expires_at INTEGER NOT NULL,             -- nor after
    quote TEXT,
    upto INTEGER NOT NULL,                   -- watermark reached when all parts are sent
    message_id INTEGER,
    planned_at INTEGER NOT NULL,
    finished_at INTEGER,
    settled INTEGER NOT NULL DEFAULT 0,      -- whether a refusal had its consequences
    campaign INTEGER REFERENCES campaigns (id),
    UNIQUE (reader, kind, occasion, part)
);

CREATE TABLE payloads (                      -- messages that are not final yet
    delivery INTEGER PRIMARY KEY,
    body TEXT NOT NULL
);

CREATE TABLE delivery_articles (             -- what a digest tells of, by its first part
    delivery INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (delivery, article)
) WITHOUT ROWID;

INSERT INTO payloads (delivery, body) SELECT id, payload FROM deliveries WHERE payload IS NOT NULL;

INSERT OR IGNORE INTO delivery_articles (delivery, article)
    SELECT d.id, about.value FROM deliveries AS d, json_each(d.articles) AS about WHERE d.part = 1;

INSERT INTO compact (id, reader, kind, occasion, part, parts, state, reason, detail, attempts, due_at, expires_at,
        quote, upto, message_id, planned_at, finished_at, settled, campaign)
    SELECT id, reader, kind, occasion, part, parts, state, reason, detail, attempts, due_at, expires_at,
        quote, upto, message_id, planned_at, finished_at, settled, campaign FROM deliveries;

INSERT INTO facts (name, value) SELECT 'planned', max(id) FROM deliveries HAVING max(id) IS NOT NULL;

DROP TABLE deliveries;
ALTER TABLE compact RENAME TO deliveries;

CREATE INDEX delivery_articles_by_article ON delivery_articles (article);
CREATE INDEX deliveries_waiting ON deliveries (due_at, id) WHERE state = 'planned';
CREATE INDEX deliveries_sending ON deliveries (reader) WHERE state = 'sending';
CREATE INDEX deliveries_refused ON deliveries (id) WHERE state = 'failed' AND settled = 0;
CREATE INDEX deliveries_of_reader ON deliveries (reader, planned_at) WHERE state = 'planned';
