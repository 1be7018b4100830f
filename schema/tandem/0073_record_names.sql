-- +goose Up

-- What people ask for records by: order numbers, e-mail addresses, SKUs, codes, in lower case. They stand where the personal data of a
-- record stands already, and go with it. NULL is a record that was read before there were names: its next reading fills them.
ALTER TABLE tandem.raw_records ADD COLUMN names text[];
CREATE INDEX raw_records_names ON tandem.raw_records USING gin (names);
