-- +goose Up

-- What a person chose for a record that needed one to choose, such as a refund that the store deleted after it was booked.
CREATE TABLE tandem.decisions (
    instance   text REFERENCES tandem.instances,
    entity     text,
    woo_id     text,
    choice     text NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (instance, entity, woo_id)
);

-- The landed refunds of an order: the id of a refund is "order/refund".
CREATE INDEX links_refunds ON tandem.links (instance, split_part(woo_id, '/', 1)) WHERE entity = 'refund';

-- Refunds that wait for the sale workflow of their order are few among all jobs.
CREATE INDEX queue_jobs_held_refunds ON tandem.queue_jobs (id) WHERE state = 'parked' AND code = 'order_in_progress';
