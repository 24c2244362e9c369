-- The receipts of all envelopes that were in the box when the wave closed, published
-- before any was opened. In the order of their digits; nothing leads from one to an
-- invitation or a ballot.
CREATE TABLE receipts (
    wave_code TEXT NOT NULL REFERENCES waves (code),
    receipt BYTEA NOT NULL,
    PRIMARY KEY (wave_code, receipt)
);

-- How a wave was closed, as JSON: numbers, fingerprints, what became of the keys.
CREATE TABLE closing_records (
    wave_code TEXT NOT NULL PRIMARY KEY REFERENCES waves (code),
    record TEXT NOT NULL
);

-- The last day on which a draft that nobody goes on with is still kept.
ALTER TABLE drafts ADD COLUMN good_until TEXT NOT NULL DEFAULT '9999-12-31';
