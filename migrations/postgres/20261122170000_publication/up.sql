-- When a release that was looked at is to be published; nothing if that is not decided.
ALTER TABLE releases ADD COLUMN due_at TIMESTAMP;

-- How a wave's results are shown: whether PCTs see each other by name, and whether
-- anybody may read the summary. Named and not public where there is no row.
CREATE TABLE showings (
    wave_code TEXT NOT NULL PRIMARY KEY REFERENCES waves (code),
    peers TEXT NOT NULL,
    public_summary BOOLEAN NOT NULL
);

-- Who was let see results before their publication, why, and when they first did. Rows
-- stay: they are published with the results.
CREATE TABLE early_access (
    wave_code TEXT NOT NULL REFERENCES waves (code),
    email TEXT NOT NULL,
    who TEXT NOT NULL,
    reason TEXT NOT NULL,
    granted_at TIMESTAMP NOT NULL,
    withdrawn_at TIMESTAMP,
    seen_at TIMESTAMP,
    PRIMARY KEY (wave_code, email)
);
