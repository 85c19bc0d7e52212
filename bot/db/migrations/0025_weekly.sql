-- When a reader wants the digest of the week: `7 18:00` is Sunday evening. `times` may be empty beside it.
ALTER TABLE readers ADD COLUMN weekly TEXT;
