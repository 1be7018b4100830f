-- +goose Up

-- Where an order was found to stand in the ERP when that was last told to the store, so that only changes are told.
CREATE TABLE tandem.order_states (
    instance text,
    woo_id   text,
    state    text NOT NULL,    -- e.g. "confirmed, invoiced: processing": how far the order is, and the status that follows from it
    finished boolean NOT NULL, -- nothing more is going to happen to it
    noted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (instance, woo_id)
);
