-- What an editor has changed in a draft's metadata: {"title": "…", "tags": ["…"]}.
ALTER TABLE drafts ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
CREATE TABLE channel_tags (                  -- what every post gets that is forwarded from a channel
    channel INTEGER PRIMARY KEY,
    tags TEXT NOT NULL                       -- JSON
);
