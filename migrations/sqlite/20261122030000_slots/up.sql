-- Drafts and envelopes are large. Without row numbers SQLite reads every row that
-- it passes on its way to one, so they get numbers after all: random ones, made
-- of the invitation's random id, so that they tell no order either.
CREATE TABLE slotted_drafts (
    slot INTEGER NOT NULL PRIMARY KEY,
    invitation_id TEXT NOT NULL UNIQUE REFERENCES invitations (id),
    sealed BLOB NOT NULL
);
INSERT INTO slotted_drafts
    SELECT random() & 9223372036854775807, invitation_id, sealed FROM drafts;
DROP TABLE drafts;
ALTER TABLE slotted_drafts RENAME TO drafts;

CREATE TABLE slotted_envelopes (
    slot INTEGER NOT NULL PRIMARY KEY,
    invitation_id TEXT NOT NULL UNIQUE REFERENCES invitations (id),
    version INTEGER NOT NULL,
    sealed BLOB NOT NULL
);
INSERT INTO slotted_envelopes
    SELECT random() & 9223372036854775807, invitation_id, version, sealed FROM envelopes;
DROP TABLE envelopes;
ALTER TABLE slotted_envelopes RENAME TO envelopes;
