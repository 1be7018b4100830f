-- +goose Up

-- How a delivery went out, and how much of which line of its order. Deliveries that an older version made done have no lines: see
-- shipments.go. Request is what a person shipped it by, so that a request which comes twice ships once.
ALTER TABLE ledger.deliveries ADD COLUMN carrier text NOT NULL DEFAULT '';
ALTER TABLE ledger.deliveries ADD COLUMN tracking_number text NOT NULL DEFAULT '';
ALTER TABLE ledger.deliveries ADD COLUMN tracking_url text NOT NULL DEFAULT '';
ALTER TABLE ledger.deliveries ADD COLUMN request text UNIQUE;

CREATE TABLE ledger.delivery_lines (
    delivery_id bigint NOT NULL REFERENCES ledger.deliveries,
    position    int NOT NULL, -- of the order's line
    quantity    numeric(20, 6) NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (delivery_id, position)
);

-- Deliveries that went out are told to stores: they carry the number of the transaction that changed them last, as records do.
ALTER TABLE ledger.deliveries ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX deliveries_changed ON ledger.deliveries (changed, id) WHERE state = 'done';
CREATE TRIGGER note_change BEFORE UPDATE ON ledger.deliveries FOR EACH ROW EXECUTE FUNCTION ledger.note_change();
