-- As for SQLite: draft and envelope of an invitation lie in its place, a random number made
-- of its random id, and are found by it alone.
ALTER TABLE invitations ADD COLUMN slot BIGINT NOT NULL DEFAULT 0;
-- The first 63 bits behind the sign of the id, which is 32 hexadecimal digits.
UPDATE invitations
    SET slot = ('x' || substr(id, 1, 16))::bit(64)::bigint & 9223372036854775807;
CREATE UNIQUE INDEX one_place ON invitations (slot);
DROP INDEX invitations_to_thank;

UPDATE drafts SET slot = invitations.slot FROM invitations WHERE invitations.id = invitation_id;
ALTER TABLE drafts DROP COLUMN invitation_id;
ALTER TABLE drafts ALTER COLUMN slot DROP DEFAULT;
ALTER TABLE drafts ADD PRIMARY KEY (slot);
ALTER TABLE drafts ADD FOREIGN KEY (slot) REFERENCES invitations (slot);

UPDATE envelopes SET slot = invitations.slot FROM invitations WHERE invitations.id = invitation_id;
ALTER TABLE envelopes DROP COLUMN invitation_id;
ALTER TABLE envelopes ALTER COLUMN slot DROP DEFAULT;
ALTER TABLE envelopes ADD PRIMARY KEY (slot);
ALTER TABLE envelopes ADD FOREIGN KEY (slot) REFERENCES invitations (slot);
