-- +goose Up

-- Of each line of a credit note the taxes that were given back with it, so that what is left of a line of an order is known rate by rate,
-- whether people made a credit note, and whether they had its goods put back on the shelf.
ALTER TABLE ledger.refund_lines ADD COLUMN taxes jsonb NOT NULL DEFAULT '[]'; -- [{"tax": id, "amount": "1.98"}]; empty for those booked before
ALTER TABLE ledger.refunds ADD COLUMN by_hand boolean NOT NULL DEFAULT false;
ALTER TABLE ledger.refunds ADD COLUMN restock boolean NOT NULL DEFAULT false;
