-- Changes of the register, the first with number 1: when, by whom, and what was done
-- in a sentence.
CREATE TABLE register_changes (
    number BIGINT NOT NULL PRIMARY KEY,
    changed_at TIMESTAMP NOT NULL,
    -- The account's address, or what acted without one, such as the command line.
    actor TEXT NOT NULL,
    about TEXT NOT NULL
);
-- What a change meant for each: who joined, left, changed, merged. The name and role
-- of a lead stand here, and no address.
CREATE TABLE register_events (
    change BIGINT NOT NULL REFERENCES register_changes (number),
    place INTEGER NOT NULL,
    turn TEXT NOT NULL,
    noun TEXT NOT NULL,
    -- Of a lead: the code of the group.
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (change, place)
);
CREATE INDEX register_events_by_code ON register_events (code);
-- The database itself refuses to change or delete them.
CREATE FUNCTION refuse_change_of_register_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the history of the register is only added to'; END $$;
CREATE TRIGGER register_changes_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON register_changes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_register_history();
CREATE TRIGGER register_events_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON register_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_register_history();
-- The register before the last change, so that it can be undone: at most one row, gone
-- with the next change or when its time has passed.
CREATE TABLE register_before (
    change BIGINT NOT NULL PRIMARY KEY REFERENCES register_changes (number),
    good_until TIMESTAMP NOT NULL,
    packed TEXT NOT NULL,
    -- Of the register after the change.
    digest TEXT NOT NULL
);
-- Files that wait for somebody to confirm what they would change; gone after an hour.
CREATE TABLE register_uploads (
    id TEXT NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    good_until TIMESTAMP NOT NULL,
    PRIMARY KEY (id, place)
);
-- The number of the last change. Whoever changes the register raises it first, so that
-- two changes follow each other.
INSERT INTO house (name, value) VALUES ('register_change', '0');
