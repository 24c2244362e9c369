-- Only SQLite keeps the rows of a table in an order of its own.
SELECT 1;
