-- What SQLite has and our statements use; each time the database is opened, they are made as they are here.

CREATE OR REPLACE FUNCTION max(BIGINT, BIGINT) RETURNS BIGINT LANGUAGE sql IMMUTABLE
    AS 'SELECT CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN greatest($1, $2) END';

CREATE OR REPLACE FUNCTION min(BIGINT, BIGINT) RETURNS BIGINT LANGUAGE sql IMMUTABLE
    AS 'SELECT CASE WHEN $1 IS NOT NULL AND $2 IS NOT NULL THEN least($1, $2) END';

CREATE OR REPLACE FUNCTION json_extract(document TEXT, path TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE
    AS 'SELECT CAST(document AS jsonb) ->> substr(path, 3)';

CREATE OR REPLACE FUNCTION json_text(ANYARRAY) RETURNS TEXT LANGUAGE sql IMMUTABLE
    AS 'SELECT CAST(array_to_json($1) AS TEXT)';

CREATE OR REPLACE AGGREGATE json_group_array(BIGINT)
    (SFUNC = array_append, STYPE = BIGINT[], INITCOND = '{}', FINALFUNC = json_text);

CREATE OR REPLACE AGGREGATE json_group_array(TEXT)
    (SFUNC = array_append, STYPE = TEXT[], INITCOND = '{}', FINALFUNC = json_text);
