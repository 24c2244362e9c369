-- What a program shows to read published results as an account: of the token only the
-- SHA-256. It goes with the account, and when the account's role changes.
CREATE TABLE api_tokens (
    hash BYTEA NOT NULL PRIMARY KEY,
    email TEXT NOT NULL REFERENCES accounts (email) ON DELETE CASCADE
);
CREATE INDEX api_tokens_of ON api_tokens (email);
