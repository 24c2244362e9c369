-- Facts about this house as a whole: its region, and what a demonstration needs.
CREATE TABLE house (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- Register: who exists now. Waves keep their own frozen copy.
CREATE TABLE clusters (
    slug TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);
CREATE TABLE reporting_units (
    slug TEXT NOT NULL PRIMARY KEY,
    label TEXT NOT NULL,
    cluster_slug TEXT REFERENCES clusters (slug)
);
CREATE TABLE pcts (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    population INTEGER,
    source TEXT NOT NULL,
    unit_slug TEXT NOT NULL REFERENCES reporting_units (slug)
);
CREATE TABLE pbc_groups (
    slug TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    pct_code TEXT NOT NULL REFERENCES pcts (code),
    practices INTEGER,
    population INTEGER,
    legal_form TEXT NOT NULL,
    as_at TEXT NOT NULL,
    source TEXT NOT NULL,
    synthetic BOOLEAN NOT NULL
);
CREATE TABLE leads (
    id TEXT NOT NULL PRIMARY KEY,
    group_slug TEXT NOT NULL REFERENCES pbc_groups (slug),
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    synthetic BOOLEAN NOT NULL,
    CONSTRAINT lead_once_per_group UNIQUE (group_slug, email_key)
);

-- What is asked, word for word, by fingerprint.
CREATE TABLE definitions (
    fingerprint TEXT NOT NULL PRIMARY KEY,
    file_name TEXT NOT NULL,
    source TEXT NOT NULL
);

CREATE TABLE waves (
    code TEXT NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    fingerprint TEXT NOT NULL REFERENCES definitions (fingerprint),
    fin_year TEXT NOT NULL,
    opens_at TIMESTAMP NOT NULL,
    closes_at TIMESTAMP NOT NULL,
    publishes_at TIMESTAMP NOT NULL,
    purpose TEXT NOT NULL,
    -- The promise made to the leads: fewest people and groups behind a figure.
    smallest INTEGER NOT NULL,
    smallest_groups INTEGER NOT NULL,
    state TEXT NOT NULL,
    public_key BYTEA,
    -- The organisations as they stood when the wave opened.
    tree TEXT
);

-- People's side of the border: the roster frozen at opening.
CREATE TABLE invitations (
    id TEXT NOT NULL PRIMARY KEY,
    wave_code TEXT NOT NULL REFERENCES waves (code),
    unit_slug TEXT NOT NULL,
    pct_name TEXT NOT NULL,
    group_slug TEXT NOT NULL,
    group_name TEXT NOT NULL,
    lead_name TEXT NOT NULL,
    lead_email TEXT NOT NULL,
    generation INTEGER NOT NULL,
    token_hash BYTEA NOT NULL,
    standing TEXT NOT NULL,
    CONSTRAINT one_token UNIQUE (token_hash)
);
CREATE INDEX invitations_of_wave ON invitations (wave_code);

CREATE TABLE outbox (
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
    CONSTRAINT one_mail_per_kind_and_round UNIQUE (invitation_id, kind, round)
);
CREATE INDEX outbox_by_state ON outbox (state, due_at);

-- Between the two sides, sealed: unreadable here, and deleted at closing.
-- No table of this part has a time; none keeps the order of arrival.
CREATE TABLE drafts (
    invitation_id TEXT NOT NULL PRIMARY KEY REFERENCES invitations (id),
    sealed BYTEA NOT NULL
);
CREATE TABLE envelopes (
    invitation_id TEXT NOT NULL PRIMARY KEY REFERENCES invitations (id),
    version INTEGER NOT NULL,
    sealed BYTEA NOT NULL
);

-- Answers' side of the border: no table below refers to a person.
CREATE TABLE ballots (
    id TEXT NOT NULL PRIMARY KEY,
    wave_code TEXT NOT NULL REFERENCES waves (code),
    unit_slug TEXT NOT NULL,
    marks BYTEA NOT NULL
);
CREATE TABLE comments (
    id TEXT NOT NULL PRIMARY KEY,
    wave_code TEXT NOT NULL REFERENCES waves (code),
    item_code TEXT NOT NULL,
    words TEXT NOT NULL,
    -- Whether its writer agreed to be quoted.
    quotable BOOLEAN NOT NULL
);
-- While a wave is open: who answered by unit, as of the last morning only, so
-- that nobody can watch single answers come in.
CREATE TABLE morning_turnout (
    wave_code TEXT NOT NULL REFERENCES waves (code),
    unit_slug TEXT NOT NULL,
    as_of TEXT NOT NULL,
    invited INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    PRIMARY KEY (wave_code, unit_slug)
);
-- After the count, all that stays of who answered. By group it would still name
-- people, because a group has two leads.
CREATE TABLE turnout (
    wave_code TEXT NOT NULL REFERENCES waves (code),
    unit_slug TEXT NOT NULL,
    invited INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    groups_answering INTEGER NOT NULL,
    PRIMARY KEY (wave_code, unit_slug)
);
CREATE TABLE spoiled (
    wave_code TEXT NOT NULL REFERENCES waves (code),
    unit_slug TEXT NOT NULL,
    envelopes INTEGER NOT NULL,
    PRIMARY KEY (wave_code, unit_slug)
);

CREATE TABLE releases (
    wave_code TEXT NOT NULL PRIMARY KEY REFERENCES waves (code),
    digest TEXT NOT NULL,
    canonical BYTEA NOT NULL,
    published_at TIMESTAMP
);

CREATE TABLE stocktake_returns (
    as_at TEXT NOT NULL,
    unit_slug TEXT NOT NULL,
    incentive TEXT NOT NULL,
    information TEXT NOT NULL,
    governance TEXT NOT NULL,
    budget TEXT NOT NULL,
    plans TEXT NOT NULL,
    published TEXT NOT NULL,
    PRIMARY KEY (as_at, unit_slug)
);

-- Staff accounts; only hashes of links and sessions rest here.
CREATE TABLE accounts (
    email TEXT NOT NULL PRIMARY KEY,
    role TEXT NOT NULL,
    unit_slug TEXT
);
CREATE TABLE sign_in_links (
    hash BYTEA NOT NULL PRIMARY KEY,
    email TEXT NOT NULL REFERENCES accounts (email) ON DELETE CASCADE,
    expires_at TIMESTAMP NOT NULL,
    reusable BOOLEAN NOT NULL
);
CREATE TABLE sessions (
    hash BYTEA NOT NULL PRIMARY KEY,
    email TEXT NOT NULL REFERENCES accounts (email) ON DELETE CASCADE,
    expires_at TIMESTAMP NOT NULL
);

-- The planner keeps samples of values, also of rows that are long deleted. It
-- must keep none of whose mail, draft or envelope there was.
ALTER TABLE outbox ALTER COLUMN invitation_id SET STATISTICS 0;
ALTER TABLE drafts ALTER COLUMN invitation_id SET STATISTICS 0;
ALTER TABLE envelopes ALTER COLUMN invitation_id SET STATISTICS 0;
