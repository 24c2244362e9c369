DROP TABLE provider_pins;
DROP TABLE recovery_codes;
DROP TABLE second_steps;
ALTER TABLE accounts DROP COLUMN last_sign_in;
DROP TABLE sessions;
CREATE TABLE sessions (
    hash BYTEA NOT NULL PRIMARY KEY,
    email TEXT NOT NULL REFERENCES accounts (email) ON DELETE CASCADE,
    expires_at TIMESTAMP NOT NULL
);
