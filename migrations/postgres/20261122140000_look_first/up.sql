-- What a person in the survey office decided of the figures that rules propose to
-- be looked at first. The proposals themselves follow from the release.
CREATE TABLE look_first (
    wave_code TEXT NOT NULL REFERENCES waves (code),
    unit_slug TEXT NOT NULL,
    -- low-index, fall, claim-gap or waiting.
    rule TEXT NOT NULL,
    measure TEXT NOT NULL,
    -- confirmed or dismissed.
    decision TEXT NOT NULL,
    note TEXT NOT NULL,
    who TEXT NOT NULL,
    PRIMARY KEY (wave_code, unit_slug, rule, measure)
);
