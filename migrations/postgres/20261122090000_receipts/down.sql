ALTER TABLE drafts DROP COLUMN good_until;
DROP TABLE closing_records;
DROP TABLE receipts;
