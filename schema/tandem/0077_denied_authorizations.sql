-- +goose Up

-- A request for keys that a person denied in the store: whoever waits for its answer need not wait until it expires.
ALTER TABLE tandem.authorizations ADD COLUMN denied_at timestamptz;
