-- Who did what when, in a chain of hashes. Rows are only ever added.
CREATE TABLE trail (
    number BIGINT NOT NULL PRIMARY KEY,
    at TIMESTAMP NOT NULL,
    who TEXT NOT NULL,
    act TEXT NOT NULL,
    about TEXT NOT NULL,
    detail TEXT NOT NULL,
    link BYTEA NOT NULL
);
CREATE FUNCTION refuse_change_of_trail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit trail is only added to'; END $$;
CREATE TRIGGER trail_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON trail
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_trail();

-- What one of the office asked a colleague to confirm, and for which form of it.
CREATE TABLE seconds (
    act TEXT NOT NULL,
    about TEXT NOT NULL,
    form TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at TIMESTAMP NOT NULL,
    PRIMARY KEY (act, about)
);

-- Why a wave was given up, in the words its leads were told or not.
CREATE TABLE cancelled_waves (
    wave_code TEXT NOT NULL PRIMARY KEY REFERENCES waves (code),
    reason TEXT NOT NULL
);
