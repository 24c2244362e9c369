DROP INDEX invitations_to_thank;
ALTER TABLE invitations DROP COLUMN thanks_due;
