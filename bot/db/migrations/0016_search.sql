-- The words of each article (bot/search/columns.py): all of them in the one table, those that make a better hit in
-- the other, which is small. A row's id is that of the edition to which it belongs. It cannot be changed: the row of
-- an edition that is gone stays until the index is made anew.
CREATE VIRTUAL TABLE search USING fts5 (body, content = '', tokenize = 'ascii');
CREATE VIRTUAL TABLE search_names USING fts5 (title, headings, about, quotes, content = '', tokenize = 'ascii');
CREATE VIRTUAL TABLE search_words USING fts5vocab (search, row);
CREATE INDEX articles_edition ON articles (edition);
