ALTER TABLE outbox DROP COLUMN settled;
