-- Who has answered is thanked in the evening: until then that is noted here, where a reply
-- changes a row anyway, and not in the ledger of mails. The same hour for everybody who
-- answers on a day; none once the mail is in the ledger, and for everybody at closing.
ALTER TABLE invitations ADD COLUMN thanks_due TIMESTAMP;
CREATE INDEX invitations_to_thank ON invitations (thanks_due) WHERE thanks_due IS NOT NULL;
