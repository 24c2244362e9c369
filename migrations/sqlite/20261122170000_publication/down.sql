DROP TABLE early_access;
DROP TABLE showings;
ALTER TABLE releases DROP COLUMN due_at;
