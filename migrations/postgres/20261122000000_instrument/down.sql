DROP TABLE numbers;
ALTER TABLE waves DROP COLUMN modules;
