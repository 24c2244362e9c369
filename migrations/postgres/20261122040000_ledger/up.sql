-- The ledger of mails: one row for each recipient, kind and round.
-- Whose mail it is: invitation:ID, account:ADDRESS or idea:ID.
ALTER TABLE outbox ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
UPDATE outbox SET recipient = 'invitation:' || invitation_id;
ALTER TABLE outbox ALTER COLUMN recipient DROP DEFAULT;
ALTER TABLE outbox ALTER COLUMN wave_code DROP NOT NULL;
ALTER TABLE outbox ALTER COLUMN invitation_id DROP NOT NULL;
-- After this a person decides whether it still goes.
ALTER TABLE outbox ADD COLUMN good_until TIMESTAMP NOT NULL DEFAULT now();
UPDATE outbox SET good_until = due_at + interval '1 day';
ALTER TABLE outbox ALTER COLUMN good_until DROP DEFAULT;
-- The process that has claimed it.
ALTER TABLE outbox ADD COLUMN holder TEXT;
-- What came back: hard, soft or policy.
ALTER TABLE outbox ADD COLUMN bounce TEXT;
ALTER TABLE outbox ADD COLUMN bounce_reason TEXT;
ALTER TABLE outbox DROP CONSTRAINT one_mail_per_kind_and_round;
ALTER TABLE outbox ADD CONSTRAINT one_mail_per_kind_and_round UNIQUE (recipient, kind, round);
-- Mails are claimed in the order of their ids, which are random.
DROP INDEX outbox_by_state;
CREATE INDEX outbox_by_state ON outbox (state, id);
CREATE INDEX outbox_of_wave ON outbox (wave_code, kind, round);
-- The planner must keep no sample of who got which mail.
ALTER TABLE outbox ALTER COLUMN recipient SET STATISTICS 0;

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
);

-- The browser that asked for a sign-in link; none: any.
ALTER TABLE sign_in_links ADD COLUMN browser BYTEA;
