CREATE TABLE named_drafts (
    slot INTEGER NOT NULL PRIMARY KEY,
    invitation_id TEXT NOT NULL UNIQUE REFERENCES invitations (id),
    sealed BLOB NOT NULL,
    good_until TEXT NOT NULL DEFAULT '9999-12-31'
);
INSERT INTO named_drafts
    SELECT drafts.slot, id, sealed, good_until FROM drafts
    JOIN invitations ON invitations.slot = drafts.slot;
DROP TABLE drafts;
ALTER TABLE named_drafts RENAME TO drafts;

CREATE TABLE named_envelopes (
    slot INTEGER NOT NULL PRIMARY KEY,
    invitation_id TEXT NOT NULL UNIQUE REFERENCES invitations (id),
    version INTEGER NOT NULL,
    sealed BLOB NOT NULL
);
INSERT INTO named_envelopes
    SELECT envelopes.slot, id, version, sealed FROM envelopes
    JOIN invitations ON invitations.slot = envelopes.slot;
DROP TABLE envelopes;
ALTER TABLE named_envelopes RENAME TO envelopes;

CREATE INDEX invitations_to_thank ON invitations (thanks_due) WHERE thanks_due IS NOT NULL;
DROP INDEX one_place;
ALTER TABLE invitations DROP COLUMN slot;
