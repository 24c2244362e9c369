-- A colleague whom a lead asked to answer instead. People's side of the border:
-- while the row is there, its link answers and the lead's own does not. Deleted
-- when the lead takes it back, and for everybody at closing.
CREATE TABLE deputies (
    invitation_id TEXT NOT NULL PRIMARY KEY REFERENCES invitations (id),
    generation INTEGER NOT NULL,
    token_hash BLOB NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    CONSTRAINT one_token_of_a_deputy UNIQUE (token_hash)
) WITHOUT ROWID;
CREATE INDEX deputies_by_address ON deputies (email_key);

-- Links of deputies that open nothing any more, so that a page can say why.
-- Nothing here leads to an invitation.
CREATE TABLE spent_links (
    token_hash BLOB NOT NULL PRIMARY KEY,
    wave_code TEXT NOT NULL REFERENCES waves (code)
) WITHOUT ROWID;

-- The highest generation of a link that was given out; no number is used twice.
ALTER TABLE invitations ADD COLUMN last_generation INTEGER NOT NULL DEFAULT 0;
-- To find an invitation by when its link is lost.
ALTER TABLE invitations ADD COLUMN email_key TEXT NOT NULL DEFAULT '';
UPDATE invitations SET email_key = lower(lead_email);
CREATE INDEX invitations_by_address ON invitations (email_key);

-- The link that a mail carries; none: that of whoever holds the invitation when
-- the mail goes.
ALTER TABLE outbox ADD COLUMN generation INTEGER;
