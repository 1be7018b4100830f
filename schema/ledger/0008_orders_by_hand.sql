-- +goose Up

-- Orders are made and changed by hand: they get numbers of the ledger's own, and carry the number of the transaction that changed them
-- last, as other records do.
CREATE SEQUENCE ledger.order_numbers;
ALTER TABLE ledger.orders ADD COLUMN changed xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE TRIGGER note_change BEFORE UPDATE ON ledger.orders FOR EACH ROW EXECUTE FUNCTION ledger.note_change();
