-- The ledger of mails: one row for each recipient, kind and round.
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
    CONSTRAINT one_mail_per_kind_and_round UNIQUE (recipient, kind, round)
);
INSERT INTO ledger
    SELECT id, 'invitation:' || invitation_id, wave_code, invitation_id, kind, round, generation,
        state, due_at, datetime(due_at, '+1 day'), NULL, lease_until, fence, attempts, unknowns,
        reason, NULL, NULL
    FROM outbox;
DROP TABLE outbox;
ALTER TABLE ledger RENAME TO outbox;
-- Mails are claimed in the order of their ids, which are random.
CREATE INDEX outbox_by_state ON outbox (state, id);
CREATE INDEX outbox_of_wave ON outbox (wave_code, kind, round);

-- When which mail goes to everybody it concerns.
CREATE TABLE mail_rounds (
    wave_code TEXT NOT NULL REFERENCES waves (code),
    kind TEXT NOT NULL,
    round INTEGER NOT NULL,
    due_at TIMESTAMP NOT NULL,
    -- planned, decided or skipped
    state TEXT NOT NULL,
    -- How many mails were decided on, and how many were handed over or perhaps were.
    planned INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    PRIMARY KEY (wave_code, kind, round)
);

-- Mails that wait because somebody, or the brake, said so.
CREATE TABLE mail_pauses (
    -- all, or a wave's code after wave:
    scope TEXT NOT NULL PRIMARY KEY,
    cause TEXT NOT NULL,
    reason TEXT NOT NULL,
    since TIMESTAMP NOT NULL
);

-- How many mails went in a minute, in all (*) and to a domain.
CREATE TABLE mail_minutes (
    minute BIGINT NOT NULL,
    domain TEXT NOT NULL,
    mails INTEGER NOT NULL,
    PRIMARY KEY (minute, domain)
);

-- Letters as the office wrote them; the highest version counts.
CREATE TABLE letters (
    -- A wave's code, or empty for mails that belong to no wave.
    wave_code TEXT NOT NULL,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    saved_by TEXT NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    PRIMARY KEY (wave_code, kind, version)
);

-- Addresses to which no mail goes any more.
CREATE TABLE stopped_addresses (
    email_key TEXT NOT NULL PRIMARY KEY,
    -- asked or bounced
    cause TEXT NOT NULL,
    reason TEXT NOT NULL,
    day TEXT NOT NULL
) WITHOUT ROWID;

-- The browser that asked for a sign-in link; none: any.
ALTER TABLE sign_in_links ADD COLUMN browser BLOB;
