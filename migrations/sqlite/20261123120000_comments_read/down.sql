ALTER TABLE network_ideas DROP COLUMN published;
ALTER TABLE network_ideas DROP COLUMN named;
ALTER TABLE network_ideas DROP COLUMN edited;
DROP TABLE published_comments;
DROP TABLE comment_theme_marks;
DROP TABLE comment_themes;
DROP TABLE comment_readings;
