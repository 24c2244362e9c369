-- The modules of its survey that a wave asks, separated by spaces.
ALTER TABLE waves ADD COLUMN modules TEXT NOT NULL DEFAULT '';

-- Answers' side of the border: numbers apart from their ballots, which hold
-- bands only, and apart from any unit.
CREATE TABLE numbers (
    id TEXT NOT NULL PRIMARY KEY,
    wave_code TEXT NOT NULL REFERENCES waves (code),
    item_code TEXT NOT NULL,
    amount BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX numbers_of_wave ON numbers (wave_code);
