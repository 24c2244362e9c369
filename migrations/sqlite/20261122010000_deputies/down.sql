ALTER TABLE outbox DROP COLUMN generation;
DROP INDEX invitations_by_address;
ALTER TABLE invitations DROP COLUMN email_key;
ALTER TABLE invitations DROP COLUMN last_generation;
DROP TABLE spent_links;
DROP TABLE deputies;
