-- Who comes back after a month begins with the newest articles, as who comes for the first time.
ALTER TABLE readers ADD COLUMN unsubscribed_at INTEGER;  -- NULL for who never was, or before this was written down
