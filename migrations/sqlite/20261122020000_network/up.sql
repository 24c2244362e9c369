-- What somebody wants to share with the PBC leads network, under their own and
-- their group's name: not anonymous, and apart from everything else. No wave, no
-- invitation, no time. Ids are random and rows are kept in their order, so their
-- order tells nothing either; on PostgreSQL the order of arrival shows until the
-- next closing rewrites the table, but no answer has an order to lay beside it.
CREATE TABLE network_ideas (
    id TEXT NOT NULL PRIMARY KEY,
    words TEXT NOT NULL,
    group_name TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    -- survey, test or synthetic: what a rehearsal leaves must be told apart.
    purpose TEXT NOT NULL
) WITHOUT ROWID;
