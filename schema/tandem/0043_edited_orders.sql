-- +goose Up

-- What of a record differs between the store and the ERP, for the person who has to choose, and what change that is about.
ALTER TABLE tandem.queue_jobs ADD COLUMN differences jsonb, ADD COLUMN subject text NOT NULL DEFAULT '';

-- What a person chose about a change of a record, such as an order that was edited in the store after it was confirmed. It holds for
-- that change alone: the next one is asked about again.
CREATE TABLE tandem.change_decisions (
    instance   text REFERENCES tandem.instances,
    entity     text,
    woo_id     text,
    subject    text NOT NULL, -- of the queue job
    choice     text NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (instance, entity, woo_id)
);

-- Orders whose sale workflow waits until a person decided about an edit of the store's.
CREATE INDEX queue_jobs_edited_orders ON tandem.queue_jobs (instance, woo_id) WHERE entity = 'order' AND code = 'order_edited' AND state = 'parked';
