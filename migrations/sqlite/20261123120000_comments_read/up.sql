-- What readers in the survey office decided about the comments of a counted wave. On the
-- answers' side: a comment has a random id and its question, and nothing here adds a unit,
-- a group or a time. Who read it is somebody of the office.
CREATE TABLE comment_readings (
    comment_id TEXT NOT NULL PRIMARY KEY REFERENCES comments (id),
    wave_code TEXT NOT NULL REFERENCES waves (code),
    -- publish, withhold or unquoted.
    decision TEXT NOT NULL,
    -- What is to be published, or why it is kept back.
    words TEXT NOT NULL,
    first_reader TEXT NOT NULL,
    -- Who agreed, where two must.
    second_reader TEXT
) WITHOUT ROWID;
CREATE INDEX comment_readings_by_wave ON comment_readings (wave_code);
CREATE TABLE comment_themes (
    wave_code TEXT NOT NULL REFERENCES waves (code),
    code TEXT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (wave_code, code)
) WITHOUT ROWID;
CREATE TABLE comment_theme_marks (
    comment_id TEXT NOT NULL REFERENCES comments (id),
    wave_code TEXT NOT NULL,
    theme_code TEXT NOT NULL,
    PRIMARY KEY (comment_id, theme_code),
    FOREIGN KEY (wave_code, theme_code) REFERENCES comment_themes (wave_code, code)
) WITHOUT ROWID;
-- Exactly what was confirmed and is shown: words by question, without the ids of comments.
-- Apart from releases, which never change: comments can be taken down.
CREATE TABLE published_comments (
    wave_code TEXT NOT NULL PRIMARY KEY REFERENCES waves (code),
    published TEXT NOT NULL
) WITHOUT ROWID;
-- Ideas for the network: what the office made of the words, whether the name may stand with
-- it (nobody was asked before today), and whether it is shown.
ALTER TABLE network_ideas ADD COLUMN edited TEXT;
ALTER TABLE network_ideas ADD COLUMN named BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE network_ideas ADD COLUMN published BOOLEAN NOT NULL DEFAULT FALSE;
