-- A heading that is a link leads where its author meant it to.

ALTER TABLE sections ADD COLUMN url TEXT;
