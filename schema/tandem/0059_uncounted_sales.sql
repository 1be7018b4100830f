-- +goose Up

-- How many orders and refunds are in the ERP that reports do not count: they landed before there were reports, and the copy that landed is
-- not kept any more. They count once they are imported again.
CREATE TABLE tandem.uncounted_sales (
    instance  text PRIMARY KEY REFERENCES tandem.instances,
    sales     bigint NOT NULL,
    looked_at timestamptz NOT NULL DEFAULT now()
);
