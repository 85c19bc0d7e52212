-- What every editor sees of a draft: its title, who opened it last, when it is to be published, by whom and how.
ALTER TABLE drafts ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE drafts ADD COLUMN opened_by INTEGER;
ALTER TABLE drafts ADD COLUMN opened_at INTEGER;
ALTER TABLE drafts ADD COLUMN publish_at INTEGER;
ALTER TABLE drafts ADD COLUMN publish_by INTEGER;
ALTER TABLE drafts ADD COLUMN publish_as TEXT;
CREATE INDEX drafts_to_publish ON drafts (publish_at) WHERE publish_at IS NOT NULL;
-- The article that a draft was made of, and which version of it, by an editor who changes an article.
ALTER TABLE drafts ADD COLUMN edits INTEGER;
ALTER TABLE drafts ADD COLUMN edits_version INTEGER;
