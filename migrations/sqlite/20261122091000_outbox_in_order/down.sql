CREATE TABLE ledger (
    id TEXT NOT NULL PRIMARY KEY,
    -- Whose mail it is: invitation:ID, account:ADDRESS or idea:ID.
    recipient TEXT NOT NULL,
    wave_code TEXT REFERENCES waves (code),
    invitation_id TEXT REFERENCES invitations (id),
    kind TEXT NOT NULL,
    round INTEGER NOT NULL,
    -- The link that the mail carries; none: that of whoever holds the invitation
    -- when the mail goes.
    generation INTEGER,
    state TEXT NOT NULL,
    due_at TIMESTAMP NOT NULL,
    -- After this a person decides whether it still goes.
    good_until TIMESTAMP NOT NULL,
    -- The process that has claimed it, and until when.
    holder TEXT,
    lease_until TIMESTAMP,
    fence BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    unknowns INTEGER NOT NULL,
    reason TEXT,
    -- What came back: hard, soft or policy.
    bounce TEXT,
    bounce_reason TEXT,
    settled BOOLEAN NOT NULL DEFAULT FALSE,
    CONSTRAINT one_mail_per_kind_and_round UNIQUE (recipient, kind, round)
);
INSERT INTO ledger SELECT id, recipient, wave_code, invitation_id, kind, round, generation, state,
    due_at, good_until, holder, lease_until, fence, attempts, unknowns, reason, bounce, bounce_reason,
    settled
    FROM outbox;
DROP TABLE outbox;
ALTER TABLE ledger RENAME TO outbox;
CREATE INDEX outbox_by_state ON outbox (state, id);
CREATE INDEX outbox_of_wave ON outbox (wave_code, kind, round);
