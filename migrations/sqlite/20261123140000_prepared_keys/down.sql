DROP TABLE prepared_keys;
