-- Where texts came from: {"kind": "link", "address": "https://…", "name": ""} (bot/sources/model.py).
ALTER TABLE drafts ADD COLUMN origin TEXT NOT NULL DEFAULT '{"kind": "chat"}';
UPDATE drafts SET origin = '{"kind": "folder"}' WHERE editor IS NULL;
ALTER TABLE articles ADD COLUMN origin TEXT NOT NULL DEFAULT '{"kind": "chat"}';
UPDATE articles SET origin = '{"kind": "folder"}' WHERE id IN (SELECT article FROM files);
-- What all addresses of the article's page have in common (bot/sources/addresses.py): its own page is known again.
ALTER TABLE articles ADD COLUMN address TEXT;
CREATE INDEX articles_address ON articles (address) WHERE address IS NOT NULL;
CREATE TABLE sketches (                      -- of articles: two that share most of these numbers are nearly the same
    hash INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (hash, article)
) WITHOUT ROWID;
CREATE INDEX sketches_of_article ON sketches (article);
