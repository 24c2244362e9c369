ALTER TABLE waves DROP COLUMN imported;
