DELETE FROM house WHERE name = 'register_change';
DROP TABLE register_uploads;
DROP TABLE register_before;
DROP TABLE register_events;
DROP TABLE register_changes;
