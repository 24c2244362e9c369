-- Draft and envelope of an invitation lie in its place: a random number made of its random
-- id, now kept with it. They are found by it alone, so that saving and sending change one
-- page of each table and no second index.
ALTER TABLE invitations ADD COLUMN slot INTEGER NOT NULL DEFAULT 0;
-- The first 63 bits behind the sign of the id, which is 32 hexadecimal digits.
UPDATE invitations SET slot = (((instr('0123456789abcdef', substr(id, 1, 1)) - 1) & 7) << 60)
    | ((instr('0123456789abcdef', substr(id, 2, 1)) - 1) << 56)
    | ((instr('0123456789abcdef', substr(id, 3, 1)) - 1) << 52)
    | ((instr('0123456789abcdef', substr(id, 4, 1)) - 1) << 48)
    | ((instr('0123456789abcdef', substr(id, 5, 1)) - 1) << 44)
    | ((instr('0123456789abcdef', substr(id, 6, 1)) - 1) << 40)
    | ((instr('0123456789abcdef', substr(id, 7, 1)) - 1) << 36)
    | ((instr('0123456789abcdef', substr(id, 8, 1)) - 1) << 32)
    | ((instr('0123456789abcdef', substr(id, 9, 1)) - 1) << 28)
    | ((instr('0123456789abcdef', substr(id, 10, 1)) - 1) << 24)
    | ((instr('0123456789abcdef', substr(id, 11, 1)) - 1) << 20)
    | ((instr('0123456789abcdef', substr(id, 12, 1)) - 1) << 16)
    | ((instr('0123456789abcdef', substr(id, 13, 1)) - 1) << 12)
    | ((instr('0123456789abcdef', substr(id, 14, 1)) - 1) << 8)
    | ((instr('0123456789abcdef', substr(id, 15, 1)) - 1) << 4)
    | (instr('0123456789abcdef', substr(id, 16, 1)) - 1);
CREATE UNIQUE INDEX one_place ON invitations (slot);
-- Thanks are looked for in the evening and noted at each reply: that is cheaper without.
DROP INDEX invitations_to_thank;

CREATE TABLE placed_drafts (
    slot INTEGER NOT NULL PRIMARY KEY REFERENCES invitations (slot),
    sealed BLOB NOT NULL,
    good_until TEXT NOT NULL
);
INSERT INTO placed_drafts
    SELECT invitations.slot, sealed, good_until FROM drafts
    JOIN invitations ON invitations.id = invitation_id;
DROP TABLE drafts;
ALTER TABLE placed_drafts RENAME TO drafts;

CREATE TABLE placed_envelopes (
    slot INTEGER NOT NULL PRIMARY KEY REFERENCES invitations (slot),
    version INTEGER NOT NULL,
    sealed BLOB NOT NULL
);
INSERT INTO placed_envelopes
    SELECT invitations.slot, version, sealed FROM envelopes
    JOIN invitations ON invitations.id = invitation_id;
DROP TABLE envelopes;
ALTER TABLE placed_envelopes RENAME TO envelopes;
