-- A session ends when nobody used it for a while, and at a time fixed at its beginning.
-- It may wait for the second step of a sign-in, and opens nothing until then. Sessions
-- from before do not say when they were used last: they end here.
DROP TABLE sessions;
CREATE TABLE sessions (
    hash BYTEA NOT NULL PRIMARY KEY,
    email TEXT NOT NULL REFERENCES accounts (email) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    begun_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX sessions_of ON sessions (email);

-- The day of the last sign-in, in London; nothing finer is kept.
ALTER TABLE accounts ADD COLUMN last_sign_in TEXT;

-- The second step: the secret of an app on a telephone, sealed by a key outside the
-- database; the last time step of which a code was used; when the last wrong codes came.
CREATE TABLE second_steps (
    email TEXT NOT NULL PRIMARY KEY REFERENCES accounts (email) ON DELETE CASCADE,
    sealed BYTEA NOT NULL,
    confirmed BOOLEAN NOT NULL,
    last_step BIGINT NOT NULL,
    wrong_at TEXT NOT NULL
);
CREATE TABLE recovery_codes (
    email TEXT NOT NULL REFERENCES second_steps (email) ON DELETE CASCADE,
    hash BYTEA NOT NULL,
    PRIMARY KEY (email, hash)
);

-- Which account at an identity provider an account is opened by: the first that came
-- with its address. Another is refused, and the day of that is kept.
CREATE TABLE provider_pins (
    email TEXT NOT NULL PRIMARY KEY REFERENCES accounts (email) ON DELETE CASCADE,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    refused_on TEXT
);
