CREATE TABLE paragraphs (                    -- of articles: what stands in three or more, each piece of a series has
    fingerprint INTEGER NOT NULL,            -- a hash of its letters
    article INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    used INTEGER NOT NULL,                   -- whether the article shows it as its summary or a quote
    PRIMARY KEY (fingerprint, article)
) WITHOUT ROWID;
CREATE INDEX paragraphs_of_article ON paragraphs (article);
