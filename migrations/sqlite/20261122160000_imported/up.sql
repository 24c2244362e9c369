-- Whether a wave's answers come from a file: nobody is asked then.
ALTER TABLE waves ADD COLUMN imported BOOLEAN NOT NULL DEFAULT FALSE;
