ALTER TABLE sign_in_links DROP COLUMN browser;
DROP TABLE stopped_addresses;
DROP TABLE letters;
DROP TABLE mail_minutes;
DROP TABLE mail_pauses;
DROP TABLE mail_rounds;
CREATE TABLE former (
    id TEXT NOT NULL PRIMARY KEY,
    wave_code TEXT NOT NULL REFERENCES waves (code),
    invitation_id TEXT NOT NULL REFERENCES invitations (id),
    kind TEXT NOT NULL,
    round INTEGER NOT NULL,
    state TEXT NOT NULL,
    due_at TIMESTAMP NOT NULL,
    lease_until TIMESTAMP,
    fence BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    unknowns INTEGER NOT NULL,
    reason TEXT,
    generation INTEGER,
    CONSTRAINT one_mail_per_kind_and_round UNIQUE (invitation_id, kind, round)
);
INSERT INTO former
    SELECT id, wave_code, invitation_id, kind, round, state, due_at, lease_until, fence, attempts,
        unknowns, reason, generation
    FROM outbox WHERE invitation_id IS NOT NULL AND wave_code IS NOT NULL;
DROP TABLE outbox;
ALTER TABLE former RENAME TO outbox;
CREATE INDEX outbox_by_state ON outbox (state, due_at);
