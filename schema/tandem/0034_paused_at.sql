-- +goose Up

-- Since when an operation is paused, so that one which was forgotten shows.
ALTER TABLE tandem.operations ADD COLUMN paused_at timestamptz;
