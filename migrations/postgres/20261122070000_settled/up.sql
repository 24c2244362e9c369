-- Somebody in the office has seen to a mail that was refused or came back: it
-- still counts as that, and is not shown to them again.
ALTER TABLE outbox ADD COLUMN settled BOOLEAN NOT NULL DEFAULT FALSE;
