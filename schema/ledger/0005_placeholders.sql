-- +goose Up

-- Whether the variant of a line is the placeholder of a product that the shop did not have when the line landed: it gives way to the
-- product while the order is open. false for lines that landed before this was kept.
ALTER TABLE ledger.order_lines ADD COLUMN placeholder boolean NOT NULL DEFAULT false;
