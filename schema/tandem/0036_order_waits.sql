-- +goose Up

-- The external keys whose landing may end what a blocked run waits for, and since when a landing of theirs may do so: shortly
-- before the step looked that found it blocked. NULL when it waits for nothing that lands, or was woken since.
ALTER TABLE tandem.order_runs ADD COLUMN waits text[] NOT NULL DEFAULT '{}', ADD COLUMN waits_since timestamptz;
