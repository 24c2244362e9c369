DROP TABLE release_notes;
