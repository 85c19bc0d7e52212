-- When a reader was suspended and an article quarantined, so that a minute of refusals can be undone; and the
-- reasons of suspensions as codes instead of the server's words.

ALTER TABLE readers ADD COLUMN suspended_at INTEGER;      -- NULL where it was before this was written down
ALTER TABLE articles ADD COLUMN quarantined_at INTEGER;   -- the same

UPDATE readers SET suspended = CASE
    WHEN lower(suspended) LIKE '%blocked%' OR lower(suspended) LIKE '%initiate%' THEN 'blocked'
    WHEN lower(suspended) LIKE '%kicked%' OR lower(suspended) LIKE '%not a member%' THEN 'removed'
    WHEN lower(suspended) LIKE '%topic%' OR lower(suspended) LIKE '%thread%' THEN 'topic'
    WHEN lower(suspended) LIKE '%right%' OR lower(suspended) LIKE '%write%' THEN 'rights'
    ELSE 'gone'
END WHERE suspended IS NOT NULL AND suspended NOT IN ('blocked', 'removed', 'rights', 'topic', 'gone');
