ALTER TABLE drafts ADD COLUMN invitation_id TEXT REFERENCES invitations (id);
UPDATE drafts SET invitation_id = id FROM invitations WHERE invitations.slot = drafts.slot;
ALTER TABLE drafts DROP CONSTRAINT drafts_pkey;
ALTER TABLE drafts DROP CONSTRAINT drafts_slot_fkey;
ALTER TABLE drafts ALTER COLUMN slot SET DEFAULT 0;
ALTER TABLE drafts ADD PRIMARY KEY (invitation_id);

ALTER TABLE envelopes ADD COLUMN invitation_id TEXT REFERENCES invitations (id);
UPDATE envelopes SET invitation_id = id FROM invitations WHERE invitations.slot = envelopes.slot;
ALTER TABLE envelopes DROP CONSTRAINT envelopes_pkey;
ALTER TABLE envelopes DROP CONSTRAINT envelopes_slot_fkey;
ALTER TABLE envelopes ALTER COLUMN slot SET DEFAULT 0;
ALTER TABLE envelopes ADD PRIMARY KEY (invitation_id);

CREATE INDEX invitations_to_thank ON invitations (thanks_due) WHERE thanks_due IS NOT NULL;
DROP INDEX one_place;
ALTER TABLE invitations DROP COLUMN slot;
