-- +goose Up

-- How many pages of the entity the operation has landed. The workflow that reads them carries the same number along: when it
-- knows of more, the database was set back meanwhile.
ALTER TABLE tandem.operation_progress ADD COLUMN pages bigint NOT NULL DEFAULT 0;
