-- How many messages came back that left no trace in the ledger, by what they were.
CREATE TABLE came_back (
    news TEXT NOT NULL PRIMARY KEY,
    messages BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO came_back (news, messages) VALUES
    ('auto-reply', 0),
    ('delivered', 0),
    ('unknown', 0),
    ('outdated', 0),
    ('forged', 0);
