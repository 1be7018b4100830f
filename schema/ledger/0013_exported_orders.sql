-- +goose Up

-- An order that was made here and exported to a store keeps what people gave it (number, date, customer, addresses, warehouse and the like)
-- when its order in the store changes. Of those that were exported before, the number of the ledger's own tells.
ALTER TABLE ledger.orders ADD COLUMN exported boolean NOT NULL DEFAULT false;
UPDATE ledger.orders o SET exported = true
WHERE o.number ~ '^S[0-9]{5,}$'
  AND EXISTS (SELECT FROM ledger.external_ids e WHERE e.model = 'order' AND e.record_id = o.id AND e.ext_id LIKE 'erp/%')
  AND EXISTS (SELECT FROM ledger.external_ids e WHERE e.model = 'order' AND e.record_id = o.id AND e.ext_id NOT LIKE 'erp/%');
