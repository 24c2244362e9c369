CREATE TABLE unslotted_drafts (
    invitation_id TEXT NOT NULL PRIMARY KEY REFERENCES invitations (id),
    sealed BLOB NOT NULL
) WITHOUT ROWID;
INSERT INTO unslotted_drafts SELECT invitation_id, sealed FROM drafts;
DROP TABLE drafts;
ALTER TABLE unslotted_drafts RENAME TO drafts;

CREATE TABLE unslotted_envelopes (
    invitation_id TEXT NOT NULL PRIMARY KEY REFERENCES invitations (id),
    version INTEGER NOT NULL,
    sealed BLOB NOT NULL
) WITHOUT ROWID;
INSERT INTO unslotted_envelopes SELECT invitation_id, version, sealed FROM envelopes;
DROP TABLE envelopes;
ALTER TABLE unslotted_envelopes RENAME TO envelopes;
