-- The public half of a key that was made for a draft and handed out, before the wave is
-- opened with it. The other half is with its holders and nowhere here.
CREATE TABLE prepared_keys (
    wave_code TEXT NOT NULL PRIMARY KEY REFERENCES waves (code),
    public_key BYTEA NOT NULL,
    kind TEXT NOT NULL,
    needed INTEGER NOT NULL,
    held TEXT NOT NULL
);
