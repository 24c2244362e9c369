-- What SQLite finds drafts and envelopes by; a random number without meaning.
ALTER TABLE drafts ADD COLUMN slot BIGINT NOT NULL DEFAULT 0;
ALTER TABLE envelopes ADD COLUMN slot BIGINT NOT NULL DEFAULT 0;
