-- Where the private half of a wave's key is; the key itself, a share or a
-- passphrase is never in the database. A wave without a row was opened before
-- there was a choice: its key is on the server. Stays after closing, because it
-- says what the holders have to destroy.
CREATE TABLE custody (
    wave_code TEXT NOT NULL PRIMARY KEY REFERENCES waves (code),
    -- server, file or shares.
    kind TEXT NOT NULL,
    -- How many shares open the box together; 0 for the other kinds.
    needed INTEGER NOT NULL,
    -- JSON list: the labels of the shares' holders in their order, or the file's name.
    held TEXT NOT NULL,
    -- The day on which the key last opened a dummy envelope.
    rehearsed_on TEXT NOT NULL
);
