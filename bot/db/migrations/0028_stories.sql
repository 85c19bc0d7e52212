ALTER TABLE entries ADD COLUMN story TEXT;  -- the page that tells the same already; NULL: the entry's own
CREATE INDEX entries_story ON entries (story) WHERE story IS NOT NULL;
