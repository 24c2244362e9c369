-- What the survey office has to say about published results. Figures are never taken
-- back: what is wrong with them is said beside them.
CREATE TABLE release_notes (
    wave_code TEXT NOT NULL REFERENCES waves (code),
    -- 1 for the first note of a wave.
    number INTEGER NOT NULL,
    noted_at TIMESTAMP NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (wave_code, number)
);
